import { formatCount, formatFixed, formatPowerOfTen } from '../formatting/formatNumber.ts'
import type { Scale } from './scale.ts'

export interface Tick {
  at: number
  label: string
}

export interface AxisTicks {
  major: Tick[]
  /** Short marks without a label. */
  minor: number[]
}

/** Ticks at round numbers, at most about one in `spacing` pixels. */
export function makeTicks(scale: Scale, spacing: number): AxisTicks {
  const count = Math.max(2, Math.floor(Math.abs(scale.range[1] - scale.range[0]) / spacing))
  if (scale.kind === 'linear') return { major: linearTicks(scale.domain, count), minor: [] }
  const decades = Math.log10(scale.domain[1] / scale.domain[0])
  const ticks = decades < 0.8 ? { major: linearTicks(scale.domain, count), minor: [] } : logTicks(scale.domain, count)
  return scale.stub > 0 ? { ...ticks, major: [{ at: 0, label: '0' }, ...ticks.major] } : ticks
}

/** The smallest of 1, 2 or 5 times a power of ten that divides a span into at most `count` parts. */
export function niceStep(span: number, count: number): number {
  const power = 10 ** Math.floor(Math.log10(span / count))
  const step = [1, 2, 5, 10].find((factor) => factor * power * count >= span * (1 - 1e-9)) ?? 10
  return step * power
}

/** Stretches a domain to whole steps of its ticks, or to whole decades (halves of narrow ones). */
export function niceDomain(kind: 'linear' | 'log', [low, high]: readonly [number, number]): [number, number] {
  if (kind === 'linear') {
    if (low === high) return low === 0 ? [-1, 1] : [low - Math.abs(low) * 0.1, high + Math.abs(high) * 0.1]
    const step = niceStep(high - low, 6)
    return [Math.floor(low / step + 1e-9) * step, Math.ceil(high / step - 1e-9) * step]
  }
  if (high / low < 1.001) return [low / 2, high * 2]
  const round = (value: number, direction: 'floor' | 'ceil') => {
    const power = 10 ** Math.floor(Math.log10(value))
    const factors = [1, 2, 5, 10]
    const factor = value / power
    return direction === 'floor'
      ? factors.findLast((candidate) => candidate <= factor * (1 + 1e-9))! * power
      : factors.find((candidate) => candidate >= factor * (1 - 1e-9))! * power
  }
  return [round(low, 'floor'), round(high, 'ceil')]
}

function linearTicks([low, high]: readonly [number, number], count: number): Tick[] {
  if (!(high > low)) return []
  let step = niceStep(high - low, count)
  // A step that leaves fewer than two labels tells nothing.
  for (let more = count; Math.floor(high / step + 1e-9) - Math.ceil(low / step - 1e-9) < 1;) {
    step = niceStep(high - low, ++more)
  }
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9))
  const ticks: Tick[] = []
  for (let place = Math.ceil(low / step - 1e-9); place * step <= high + step * 1e-9; place++) {
    const at = place * step
    ticks.push({ at, label: decimals > 0 ? formatFixed(at, decimals) : formatCount(at) })
  }
  return ticks
}

function logTicks([low, high]: readonly [number, number], count: number): AxisTicks {
  const first = Math.ceil(Math.log10(low) - 1e-9)
  const last = Math.floor(Math.log10(high) + 1e-9)
  const stride = Math.max(1, Math.ceil((last - first) / count))
  const plain = first >= -3 && last <= 3
  const label = (value: number, exponent: number) =>
    plain ? (exponent < 0 ? formatFixed(value, -exponent) : formatCount(value)) : formatPowerOfTen(exponent)
  const major: Tick[] = []
  const minor: number[] = []
  for (let exponent = first - 1; exponent <= last; exponent++) {
    const power = 10 ** exponent
    if (exponent >= first) {
      if ((exponent - last) % stride === 0) major.push({ at: power, label: label(power, exponent) })
      else minor.push(power)
    }
    if (stride > 1) continue
    for (let factor = 2; factor < 10; factor++) {
      const at = factor * power
      if (at >= low && at <= high) minor.push(at)
    }
  }
  if (major.length >= 2) return { major, minor }
  // Fewer than two powers of ten in view: name the twos and fives as well.
  const named = minor.filter((at) => [2, 5].includes(Math.round(at / 10 ** Math.floor(Math.log10(at) + 1e-9))))
  const extra = named.map((at) => {
    const exponent = Math.floor(Math.log10(at) + 1e-9)
    return { at, label: exponent < 0 ? formatFixed(at, -exponent) : formatCount(at) }
  })
  const all = major.map(({ at }) => ({ at, label: label(at, Math.round(Math.log10(at))) }))
  return {
    major: [...all, ...extra].sort((a, b) => a.at - b.at),
    minor: minor.filter((at) => !named.includes(at)),
  }
}
