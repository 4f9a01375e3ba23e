import {
  decimal,
  exponentOf,
  formatFixed,
  formatLabel,
  formatMultiples,
  formatPower,
} from '../formatting/formatNumber.ts'
import type { Axis } from '../panel.ts'
import { readableDomain, type Scale } from './scale.ts'

export interface Tick {
  at: number
  label: string
}

export interface AxisTicks {
  major: Tick[]
  /** Short marks without a label. */
  minor: number[]
}

/** Pixels between ticks whose labels stand clear of one another, one above the other. */
const clearDistance = 15

/**
 * Ticks of an axis: at the names of its places, at the values that were chosen for it, `clear` pixels or more between those that are
 * labeled, else at round numbers (`makeTicks`). Beside one another, labels are clear by their widths.
 */
export function ticksOfAxis(
  scale: Scale,
  { ticks, chosen, isCounted }: Pick<Axis, 'ticks' | 'chosen' | 'isCounted'>,
  spacing: number,
  clear = clearDistance,
): AxisTicks {
  if (ticks) return { major: [...ticks], minor: [] }
  if (!chosen) return makeTicks(scale, spacing, isCounted)
  return thinTicks(
    chosen.map((at) => ({ at, label: formatLabel(at) })),
    scale,
    clear,
  )
}

/** Labels so many pixels from one another, the first and the last before those between them; the others are marked. */
export function thinTicks(ticks: readonly Tick[], scale: Scale, distance: number): AxisTicks {
  const kept: Tick[] = []
  const isClear = ({ at }: Tick) => kept.every((other) => Math.abs(scale.at(other.at) - scale.at(at)) >= distance)
  const [first, ...others] = ticks
  for (const tick of [first!, ...others.slice(-1), ...others.slice(0, -1)]) if (isClear(tick)) kept.push(tick)
  return {
    major: kept.sort((a, b) => a.at - b.at),
    minor: ticks.filter((tick) => !kept.includes(tick)).map(({ at }) => at),
  }
}

/** Powers of ten between two that are named are marked up to so many. */
const maxUnnamed = 6
/** Between exponents of a wide range, so that 1 is among them. */
const strides = [1, 2, 3, 5, 10, 20, 50, 100, 200]

/** Ticks at round numbers, at most about one in `spacing` pixels; at whole numbers alone of what is counted. */
export function makeTicks(scale: Scale, spacing: number, isCounted = false): AxisTicks {
  const count = Math.max(2, Math.floor(Math.abs(scale.range[1] - scale.range[0]) / spacing))
  const linear = () => ({ major: linearTicks(scale.domain, count, isCounted), minor: [] })
  if (scale.kind === 'linear') return linear()
  const decades = Math.log10(scale.domain[1] / scale.domain[0])
  const domain = isCounted ? fromOne(scale.domain) : scale.domain
  const ticks = decades < 0.8 || !(domain[1] > domain[0]) ? linear() : logTicks(domain, count)
  return scale.zeroGapPixels > 0 ? { ...ticks, major: [{ at: 0, label: '0' }, ...ticks.major] } : ticks
}

/** The smallest of 1, 2 or 5 times a power of ten that divides a span into at most `count` parts. */
export function niceStep(span: number, count: number): number {
  const { factor, power } = roundStep(span, count)
  return decimal(factor, power)
}

/** Stretches a domain to whole steps of its ticks, or to whole decades (halves of narrow ones). */
export function niceDomain(kind: 'linear' | 'log', domain: readonly [number, number]): [number, number] {
  if (kind === 'linear' && isConstant(domain)) {
    const [value] = domain
    return value === 0 ? [-1, 1] : [value - Math.abs(value) * 0.1, value + Math.abs(value) * 0.1]
  }
  if (kind === 'log' && domain[1] / domain[0] < 1.001) return [domain[0] / 2, domain[1] * 2]
  const [low, high] = readableDomain(kind, domain)
  if (kind === 'linear') {
    const step = niceStep(high - low, 6)
    return [Math.floor(low / step + 1e-9) * step, Math.ceil(high / step - 1e-9) * step]
  }
  const round = (value: number, direction: 'floor' | 'ceil') => {
    const power = decimal(1, exponentOf(value))
    const factors = [1, 2, 5, 10]
    const factor = value / power
    return direction === 'floor'
      ? factors.findLast((candidate) => candidate <= factor * (1 + 1e-9))! * power
      : factors.find((candidate) => candidate >= factor * (1 - 1e-9))! * power
  }
  return [round(low, 'floor'), round(high, 'ceil')]
}

/** Whether values differ by less than a millionth: the rounding of a computation is no curve. */
function isConstant([low, high]: readonly [number, number]): boolean {
  return high - low <= 1e-6 * Math.max(Math.abs(low), Math.abs(high))
}

/** The part of a logarithmic domain in which there are whole numbers. */
function fromOne([low, high]: readonly [number, number]): readonly [number, number] {
  return [Math.max(1, low), high]
}

interface RoundStep {
  factor: number
  power: number
}

function roundStep(span: number, count: number): RoundStep {
  const power = exponentOf(span / count)
  const unit = decimal(1, power)
  const factor = [1, 2, 5].find((each) => each * unit * count >= span * (1 - 1e-9))
  return factor === undefined ? { factor: 1, power: power + 1 } : { factor, power }
}

function linearTicks(domain: readonly [number, number], count: number, isCounted: boolean): Tick[] {
  const [low, high] = [Math.min(...domain), Math.max(...domain)]
  if (!(high > low)) return []
  const isTooFine = ({ power }: RoundStep) => isCounted && power < 0
  const first = roundStep(high - low, count)
  let multiples = multiplesWithin(low, high, isTooFine(first) ? { factor: 1, power: 0 } : first)
  // A step that leaves fewer than two labels tells nothing.
  for (let more = count + 1; multiples.list.length < 2; more++) {
    const finer = roundStep(high - low, more)
    if (isTooFine(finer)) break
    multiples = multiplesWithin(low, high, finer)
  }
  const labels = formatMultiples(multiples.list, multiples.power)
  return multiples.list.map((multiple, place) => ({ at: decimal(multiple, multiples.power), label: labels[place]! }))
}

/** Those multiples of a step that lie in a range, as multiples of its power of ten. */
function multiplesWithin(low: number, high: number, { factor, power }: RoundStep): { list: number[]; power: number } {
  const step = decimal(factor, power)
  const first = Math.ceil(low / step - 1e-9)
  const last = Math.floor(high / step + 1e-9)
  const list = Array.from({ length: Math.max(0, last - first + 1) }, (_, place) => (first + place) * factor)
  return { list, power }
}

/** Every how many powers of ten one is named, and from which on: of a wide range those that are round, where two of them are in it. */
function strideOf(first: number, last: number, count: number): { stride: number; from: number } {
  const least = Math.max(1, Math.ceil((last - first) / count))
  const round = strides.find((stride) => stride >= least) ?? least
  const named = Math.floor(last / round) - Math.ceil(first / round) + 1
  return named >= 2 ? { stride: round, from: 0 } : { stride: least, from: last }
}

function logTicks([low, high]: readonly [number, number], count: number): AxisTicks {
  const first = Math.ceil(Math.log10(low) - 1e-9)
  const last = Math.floor(Math.log10(high) + 1e-9)
  const { stride, from } = strideOf(first, last, count)
  const isPlain = first >= -3 && last <= 3
  const tick = (factor: number, exponent: number): Tick => {
    const at = decimal(factor, exponent)
    return { at, label: isPlain ? formatFixed(at, Math.max(0, -exponent)) : formatPower(factor, exponent) }
  }
  const major: Tick[] = []
  const minor: { factor: number; exponent: number; at: number }[] = []
  for (let exponent = first - 1; exponent <= last; exponent++) {
    if (exponent >= first) {
      if ((exponent - from) % stride === 0) major.push(tick(1, exponent))
      else if (stride <= maxUnnamed) minor.push({ factor: 1, exponent, at: decimal(1, exponent) })
    }
    if (stride > 1) continue
    for (let factor = 2; factor < 10; factor++) {
      const at = decimal(factor, exponent)
      if (at >= low && at <= high) minor.push({ factor, exponent, at })
    }
  }
  if (major.length >= 2) return { major, minor: minor.map(({ at }) => at) }
  // Fewer than two powers of ten in view: name the twos and fives as well.
  const isNamed = ({ factor }: { factor: number }) => factor === 2 || factor === 5
  const named = minor.filter(isNamed).map(({ factor, exponent }) => tick(factor, exponent))
  const all = [...major, ...named].sort((a, b) => a.at - b.at)
  const every = Math.max(1, Math.ceil((all.length - 1) / Math.max(2, count)))
  return {
    major: all.filter((_, place) => place % every === 0),
    minor: minor.filter((each) => !isNamed(each)).map(({ at }) => at),
  }
}
