/** At one place along an axis: in how many of how many runs something came. */
export interface ShareAt {
  at: number
  came: number
  of: number
}

/** Where the share crosses one half, and the ends of its 68 % band. */
export interface ShareBoundary {
  middle: number
  from: number
  to: number
}

/**
 * Where along an axis the share of runs in which something comes crosses one half, by logistic regression over the runs:
 *
 *     P(comes at u) = 1 / (1 + e^(∓(u − c)/s)),
 *
 * c the boundary, s > 0 the width of the transition, the sign that of the shares. Coordinates are those in which the transition
 * is symmetric: the logarithm on a logarithmic axis. Maximum likelihood has no width where one value of u parts the runs that
 * came from those that did not, which among 3 … 10 seeds is the rule; nor has the bootstrap, whose every sample is parted alike.
 * So s is integrated out (Berger, Liseo & Wolpert 1999, *Integrated likelihood methods*, doi 10.1214/ss/1009211804):
 *
 *     p(c | runs) ∝ ∫ ∏_k P_k^came (1 − P_k)^(of − came) ds/s,
 *
 * with c anywhere on the row, half a step beyond its ends included, and s between 1/20 of its mean step and its length. `middle`
 * is the median of c, `from … to` its 16 % and 84 % quantiles. Parted runs need no rule of their own: c then lies between the two
 * values that part them, and its band is a good two thirds of that gap. Averaged over rows with widths of ds/s and boundaries
 * anywhere the band covers 68 % by construction; simulated seeds with 3 and with 5 in each cell are held to 60–76 %.
 *
 * Null where there is no boundary to be found: fewer than two places, none or all of the runs came, or the share rises and falls
 * again. A row counts as such where the best shares that rise (or fall) all along explain the runs worse than the shares
 * themselves by more than 10.83 of deviance, the 99.9 % quantile of χ² with one degree of freedom.
 */
export function fitShareBoundary(row: readonly ShareAt[]): ShareBoundary | null {
  const places = row.filter(({ of }) => of > 0).sort((a, b) => a.at - b.at)
  const [came, all] = [sum(places, ({ came }) => came), sum(places, ({ of }) => of)]
  if (places.length < 2 || came === 0 || came === all) return null
  const sign = Math.sign(sum(places, ({ at, came: own, of }) => at * (own * all - of * came)))
  if (sign === 0 || turnsBack(places, sign)) return null

  const [first, last] = [places[0]!.at, places.at(-1)!.at]
  const step = (last - first) / (places.length - 1)
  const [low, high] = [first - (places[1]!.at - first) / 2, last + (last - places.at(-2)!.at) / 2]
  const boundaries = gridOf(low, high, Math.min(mostPlaces, placesInStep * places.length))
  const widths = gridOf(Math.log(step / 20), Math.log(Math.max(last - first, step)), widthCount).map(Math.exp)
  const logs = boundaries.map((c) => widths.map((s) => logLikelihood(places, c, sign * s)))
  const most = Math.max(...logs.flat())
  const density = logs.map((each) => sum(each, (value) => Math.exp(value - most)))
  return {
    middle: quantile(boundaries, density, 0.5),
    from: quantile(boundaries, density, 0.16),
    to: quantile(boundaries, density, 0.84),
  }
}

/** Of the grid on which is integrated: places in each step of the row, in all, and widths. */
const [placesInStep, mostPlaces, widthCount] = [24, 320, 24]
const turningDeviance = 10.83

/** ln L of a boundary c and a width s, negative where the share falls. */
function logLikelihood(places: readonly ShareAt[], c: number, s: number): number {
  let total = 0
  for (const { at, came, of } of places) {
    const z = (at - c) / s
    // ln(1 + e^−|z|), without overflow.
    const rest = Math.log1p(Math.exp(-Math.abs(z)))
    total -= came * (rest + Math.max(0, -z)) + (of - came) * (rest + Math.max(0, z))
  }
  return total
}

/** Whether shares that rise all along (of sign −1 fall) explain the runs much worse than their own; the former by pooling neighbors. */
function turnsBack(places: readonly ShareAt[], sign: number): boolean {
  const pools: { came: number; of: number }[] = []
  for (const { came, of } of sign > 0 ? places : places.toReversed()) {
    let pool = { came, of }
    for (let before = pools.at(-1); before && before.came * pool.of > pool.came * before.of; before = pools.at(-1)) {
      pool = { came: pool.came + before.came, of: pool.of + before.of }
      pools.pop()
    }
    pools.push(pool)
  }
  return 2 * (sum(places, binomial) - sum(pools, binomial)) > turningDeviance
}

/** ln L of runs at their own share. */
function binomial({ came, of }: { came: number; of: number }): number {
  const term = (count: number) => (count > 0 ? count * Math.log(count / of) : 0)
  return term(came) + term(of - came)
}

/** Cell centers of so many equal parts. */
function gridOf(low: number, high: number, count: number): number[] {
  return Array.from({ length: count }, (_, place) => low + ((place + 0.5) / count) * (high - low))
}

/** Of a density on equal parts about their centers, interpolated within the part that holds it. */
function quantile(centers: readonly number[], density: readonly number[], share: number): number {
  const width = centers[1]! - centers[0]!
  let left = share * sum(density, Number)
  const part = density.findIndex((each) => (left -= each) <= 0)
  return centers[part]! + width * (0.5 + left / density[part]!)
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0)
}
