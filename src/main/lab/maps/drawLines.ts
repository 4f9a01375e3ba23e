import { LabError } from '../../../shared/errors.ts'
import { countThings } from '../../../shared/formatting/countThings.ts'
import { formatFixed } from '../../../shared/formatting/formatNumber.ts'
import type { LineOptions } from '../../../shared/map/mapOptions.ts'
import { fieldAtValue, mapAxis, nameOfField, valueOnAxis } from '../../../shared/map/mapAxis.ts'
import { hasEnded } from '../../../shared/map/mapCells.ts'
import { findQuantity, type MapQuantity } from '../../../shared/map/mapQuantity.ts'
import { slicedFields } from '../../../shared/map/slices.ts'
import type { LinePanel, Series } from '../../../shared/panel.ts'
import type { RunSummary } from '../../../shared/run.ts'
import { fieldsOf, type SweepAxis, type SweepSpec } from '../../../shared/sweep/sweepSchema.ts'
import { fitPowerLaw, type FactoredValue, type PowerLaw } from './powerLaw.ts'
import { requireAxis, sliceRuns } from './sliceRuns.ts'

/** A number of runs along an axis, and the laws that it follows in words. */
export interface DrawnLines {
  panel: LinePanel
  laws: string[]
}

/** As many as have colors of their own. */
const maxLines = 6

/**
 * A number of runs against one axis, a line for each combination of the others, each with its power law fitted over seeds.
 * Throws USAGE naming what is no axis, no value of one, or too much.
 */
export function drawLines(spec: SweepSpec, runs: readonly RunSummary[], options: LineOptions = {}): DrawnLines {
  const fields = spec.axes.flatMap(fieldsOf)
  const x = options.x ?? spec.map?.x ?? fields.at(-1)!
  requireAxis(x, fields, '--x')
  // A phase is no number: of a sweep whose maps show it, a line shows when runs generalized.
  const usual = spec.map && spec.map.color !== 'phase' ? spec.map.color : 't_grok'
  const quantity = findQuantity(options.color ?? usual)
  const { shown, slices } = sliceRuns(runs, fields, { on: [x], at: options.at ?? [] })
  if (slices.length > maxLines) {
    throw new LabError(
      'USAGE',
      `there would be ${slices.length} lines, at most ${maxLines}; take values of the other axes with --at`,
    )
  }
  const axis = mapAxis(x, shown)
  if (axis.axis.ticks) throw new LabError('USAGE', `--x: the values of ${x} are no numbers; a line has numbers`)
  const found = slices.map(({ at, runs: own }) => {
    const name = at.map(fieldAtValue)
    const values = factored(own, quantity, [x])
    const leftOut = describeLeftOut(own, quantity)
    const of = Object.fromEntries(at.map(({ field, value }) => [field, value]))
    return { name: name.join(', ') || quantity.id, of, values, leftOut, law: fitPowerLaw(values) }
  })
  const factors = spec.axes.flatMap((axis) => factorsOf(axis, shown, x))
  const leftOut = found.reduce((sum, { values }) => sum + values.filter(({ isBeyond }) => isBeyond).length, 0)
  const panel: LinePanel = {
    kind: 'lines',
    id: `${quantity.id}-line`,
    title: quantity.label,
    caption:
      leftOut > 0
        ? `fitted over seeds; ${countThings(leftOut, 'run')} that it did not come in ${leftOut === 1 ? 'is' : 'are'} left out`
        : 'fitted over seeds',
    x: axis.axis,
    y: { label: quantity.label, column: quantity.id, scale: quantity.scale },
    series: found.flatMap((line, color) => seriesOf(line, nameOfField(x), color)),
  }
  const laws = found.map(({ name, law, leftOut }) => {
    const words = law ? describeLaw(quantity.id, [x], law) : 'no law: too few runs, or values that are not above 0'
    return `${name.replaceAll('$', '')}: ${words}${leftOut}`
  })
  const joint = factors.length > 1 ? fitPowerLaw(factored(shown, quantity, factors)) : null
  return {
    panel,
    laws: joint
      ? [...laws, `all: ${describeLaw(quantity.id, factors, joint)}${describeLeftOut(shown, quantity)}`]
      : laws,
  }
}

/** One value of every other axis. */
interface Line {
  name: string
  of: Record<string, string | number>
  values: SeedValue[]
  law: PowerLaw | null
}

interface SeedValue extends FactoredValue {
  seed: number
}

/** A law in words: `t_grok ∝ η^−1.02±0.01 …`. */
function describeLaw(quantity: string, fields: readonly string[], { exponents, rSquared, fitted }: PowerLaw): string {
  const factors = exponents.map(
    ({ exponent, standardError }, place) =>
      `${nameOfField(fields[place]!).replaceAll('$', '')}^(${formatFixed(exponent, 3)} ± ${formatFixed(standardError, 3)})`,
  )
  return `${quantity} ∝ ${factors.join(' ')}, R² = ${formatFixed(rSquared, 3)}, ${fitted} runs`
}

/** How many runs the law is not fitted to, and why. */
function describeLeftOut(runs: readonly RunSummary[], { read }: MapQuantity): string {
  const reasons = runs.flatMap((run) => {
    const reading = read(run)
    if (reading && !reading.isBeyond) return []
    if (!hasEnded(run)) return ['not ended']
    if (run.status === 'failed') return ['failed']
    return [reading ? 'not in time' : 'without a value']
  })
  const counts = [...Map.groupBy(reasons, (reason) => reason)].map(([reason, all]) => `${all.length} ${reason}`)
  return counts.length > 0 ? `; left out: ${counts.join(', ')}` : ''
}

function factored(runs: readonly RunSummary[], { read }: MapQuantity, fields: readonly string[]): SeedValue[] {
  return runs.flatMap((run) => {
    const reading = read(run)
    return reading
      ? [{ ...reading, factors: fields.map((field) => Number(valueOnAxis(run, field))), seed: run.seed }]
      : []
  })
}

/** The fields of an axis by whose powers a law can go: of those set together, that of the line first, those that follow from others left out. */
function factorsOf(axis: SweepAxis, runs: readonly RunSummary[], x: string): string[] {
  const factors = fieldsOf(axis).filter((field) => isFactor(runs, field))
  if (axis.kind !== 'paired') return factors
  const ordered = [...factors.filter((field) => field === x), ...factors.filter((field) => field !== x)]
  const apart = ordered.reduce<string[]>(
    (kept, field) => (kept.length === 0 || slicedFields(runs, [field], kept).length > 0 ? [...kept, field] : kept),
    [],
  )
  return factors.filter((field) => apart.includes(field))
}

function isFactor(runs: readonly RunSummary[], field: string): boolean {
  const values = new Set(runs.map((run) => valueOnAxis(run, field)))
  return values.size > 1 && [...values].every((value) => typeof value === 'number' && value > 0)
}

function seriesOf({ name, of, values, law }: Line, x: string, color: number): Series[] {
  const within = values.filter(({ isBeyond }) => !isBeyond).sort((a, b) => a.factors[0]! - b.factors[0]!)
  const at = Float64Array.from(within, ({ factors }) => factors[0]!)
  const points: Series = {
    name,
    of: { ...of, curve: 'runs' },
    with: { seed: Float64Array.from(within, ({ seed }) => seed) },
    role: 'points',
    color,
    x: at,
    y: Float64Array.from(within, ({ value }) => value),
  }
  if (!law) return [points]
  const { exponent } = law.exponents[0]!
  const places = Float64Array.from(new Set(at))
  const label = `${name}: ∝ ${x}^{${formatFixed(exponent, 2)}}, R² = ${formatFixed(law.rSquared, 2)}`
  const y = places.map((place) => law.prefactor * place ** exponent)
  return [points, { name: label, of: { ...of, curve: 'law' }, role: 'theory', color, x: places, y }]
}
