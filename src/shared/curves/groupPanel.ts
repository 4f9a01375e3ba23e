import type { MeasurementName } from '../measurements.ts'
import type { LinePanel, Moment, Series } from '../panel.ts'
import { formatCount, formatGiven } from '../formatting/formatNumber.ts'
import { domainOf, type Domain } from './domainOf.ts'
import { groupBand, type GroupBand, type Spread } from './groupBand.ts'
import type { RunGrouping } from './groupRuns.ts'
import { valuesOnAxis, type HorizontalAxis } from './horizontalAxis.ts'
import { clockOf } from '../runClock.ts'
import { describeRepeats } from '../independentRuns.ts'
import { curveColumns } from './groupCurves.ts'
import { traitsOf } from './traitsOf.ts'
import { areRead, measurementFrame, type VerticalScale } from './overlayPanel.ts'
import type { CurvesByRun } from './curvesByRun.ts'
import { whyEmpty } from './whyEmpty.ts'

export interface GroupOptions {
  axis: HorizontalAxis
  vertical: VerticalScale
  spread: Spread
  traces: boolean
  /** What was done to the runs, on the axis. */
  moments?: readonly Moment[]
}

export interface GroupPanel {
  panel: LinePanel
  /** In the order of the groups. */
  bands: GroupBand[]
}

export const spreadLabels: Record<Spread, { center: string; low: string; high: string; label: string }> = {
  deviation: { label: 'mean ± std', center: 'mean', low: 'mean − std', high: 'mean + std' },
  error: { label: 'mean ± sem', center: 'mean', low: 'mean − sem', high: 'mean + sem' },
  confidence: { label: 'mean, 95 % interval', center: 'mean', low: '95 % from', high: '95 % to' },
  geometric: {
    label: 'geometric mean ×÷ std',
    center: 'geometric mean',
    low: 'geometric mean ÷ std',
    high: 'geometric mean × std',
  },
  quartiles: { label: 'median, quartiles', center: 'median', low: 'first quartile', high: 'third quartile' },
}

/** One measurement of every group: its center strong, its band shaded, its single runs thin on demand. */
export function groupPanel(
  groups: readonly RunGrouping[],
  curves: CurvesByRun,
  name: MeasurementName,
  { axis, vertical, spread, traces, moments = [] }: GroupOptions,
): GroupPanel {
  const words = spreadLabels[spread]
  const domain = domainOf(name)
  const drawn = groups.map(({ name: group, label, color, members: all, independent: members }) => {
    const found = members.flatMap((member) => curves.get(member.run.id)?.[name] ?? [])
    // A mean is of all that measure, or none; what has not begun measures nothing yet.
    const begun = members.filter(({ run }) => run.step > 0 || curves.get(run.id)?.[name])
    const isWhole = found.length === begun.length && (found.length > 1 || members.length === 1)
    const band = { ...groupBand(isWhole ? found : [], spread, domain, axis), count: found.length }
    const x = valuesOnAxis(band, axis)
    const rowsOfAll = band.reached.findLastIndex((count) => count === members.length) + 1
    const traits = traitsOf(members.map(({ run }) => run))
    const singles = members.flatMap((member): Series[] => {
      const curve = curves.get(member.run.id)?.[name]
      if (!curve) return []
      const of = { group, run: member.name }
      const points = { with: curveColumns(curve), x: valuesOnAxis(curve, axis), y: curve.value }
      return [
        {
          name: member.label,
          family: `${label}, single runs`,
          role: 'single',
          color,
          group: label,
          of,
          traits,
          ...points,
        },
      ]
    })
    const rows = (statistic: string, y: Float64Array, from = 0, to = y.length) => {
      const columns = Object.entries({ ...curveColumns(band), runs: band.reached })
      return {
        color,
        group: label,
        of: { group, statistic },
        with: Object.fromEntries(columns.map(([name, column]) => [name, column.subarray(from, to)])),
        traits,
        x: x.subarray(from, to),
        y: y.subarray(from, to),
      }
    }
    const bound = (bound: string, y: Float64Array): Series => ({
      name: `${label}, ${bound}`,
      family: `${label}, ${words.label}`,
      role: 'single',
      ...rows(bound, y),
    })
    const centers = [
      { name: `${label}, N = ${members.length}`, role: 'mean', ...rows(words.center, band.center, 0, rowsOfAll) },
      {
        name: `${label}, N < ${members.length}`,
        role: 'theory',
        dash: 'dotted',
        ...rows(words.center, band.center, rowsOfAll),
      },
    ] as const
    const hasBand = isWhole && found.length > 1
    const lowBound = bound(words.low, band.low)
    const series: Series[] = [
      ...(traces || !isWhole ? singles : []),
      ...(hasBand ? [lowBound, bound(words.high, band.high)] : []),
      ...(isWhole
        ? centers.filter(({ x: { length }, role }) => length > 0 || (role === 'mean' && x.length === 0))
        : []),
    ]
    return {
      label,
      members,
      series,
      band,
      isWhole,
      rowsOfAll,
      repeats: describeRepeats(all.length, members.length),
      shade: hasBand ? [{ name: lowBound.name, color, x, low: band.low, high: band.high }] : [],
    }
  })
  const runs = groups.flatMap(({ independent }) => independent)
  const frame = measurementFrame(name, axis, vertical, runs)
  const { symbol } = clockOf(...runs.map(({ run }) => run.facets))
  const whole = drawn.filter(({ isWhole }) => isWhole)
  const [interpolated, stepwise] = [true, false].map((each) => whole.filter(({ band }) => band.interpolated === each))
  const rows = [...new Set(stepwise!.map(({ rowsOfAll }) => formatCount(rowsOfAll)))]
  const over = rows.length > 0 || interpolated!.length === 0 ? ` over ${rows.join(', ')} common steps` : ''
  const whose = over === '' ? '' : ` of ${interpolated!.map(({ label }) => label).join(', ')}`
  const clocks = interpolated!.length > 0 ? `; clocks${whose} differ: read at equal ${symbol}, interpolated` : ''
  const fewer = whole.some(({ band, rowsOfAll }) => rowsOfAll < band.step.length)
    ? '; dotted where not all have come so far'
    : ''
  const partial = drawn.filter((each) => !each.isWhole && each.band.count > 0)
  const missing = partial.map(
    ({ label, band, members }) =>
      `; ${band.count} of ${members.length} runs of ${label} have it, so no ${words.center}`,
  )
  const repeats = drawn.flatMap(({ label, repeats }) =>
    repeats === '' ? [] : `; ${groups.length === 1 ? '' : `${label}: `}${repeats}, counted once`,
  )
  const cut = drawn.some(({ band }) => band.cut) ? `; bands end ${describeEnds(domain)}` : ''
  return {
    panel: {
      ...frame,
      caption: areRead(runs, curves)
        ? `${words.label}${over}${clocks}${fewer}${cut}${missing.join('')}${repeats.join('')}`
        : '',
      series: drawn.flatMap(({ series }) => series),
      bands: drawn.flatMap(({ shade }) => shade),
      moments,
      empty: whyEmpty(
        runs.map(({ run }) => run),
        curves,
      ),
    },
    bands: drawn.map(({ band }) => band),
  }
}

/** Where a quantity ends, and so the bands of it. */
function describeEnds({ min, max }: Domain): string {
  const ends = [min, max].filter(Number.isFinite).map(formatGiven)
  return `at ${ends.join(' and ')}`
}
