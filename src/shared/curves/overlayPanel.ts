import { measurements, type MeasurementDescription, type MeasurementName } from '../measurements.ts'
import type { LinePanel, Moment, Series } from '../panel.ts'
import { clockOf, countOf } from '../runClock.ts'
import { parentsSeries, type ComparedParent } from './comparedParents.ts'
import type { ComparedRun, Comparison } from './comparison.ts'
import { axisOn, valuesOnAxis, type HorizontalAxis } from './horizontalAxis.ts'
import { curveColumns } from './groupCurves.ts'
import { smooth } from './smooth.ts'
import { traitsOf } from './traitsOf.ts'
import type { CurvesByRun } from './curvesByRun.ts'
import { whyEmpty } from './whyEmpty.ts'

export type VerticalScale = 'linear' | 'log'

export interface OverlayOptions {
  axis: HorizontalAxis
  vertical: VerticalScale
  /** Rows to either side that a smoothed value is the mean of; 0 draws what was measured. */
  reach: number
  /** What was done to the runs, on the axis. */
  moments?: readonly Moment[]
  /** What some of the runs branched from. */
  parents?: readonly ComparedParent[]
}

/** One measurement of every run; a smoothed line is strong, and the measured one stays visible under it. */
export function overlayPanel(
  { runs }: Comparison,
  curves: CurvesByRun,
  name: MeasurementName,
  { axis, vertical, reach, moments = [], parents = [] }: OverlayOptions,
): LinePanel {
  const series = runs.flatMap(({ run, name: full, label, look }): Series[] => {
    const curve = curves.get(run.id)?.[name]
    if (!curve) return []
    const x = valuesOnAxis(curve, axis)
    const known = { of: { run: full }, with: curveColumns(curve), traits: traitsOf([run]) }
    const measured = { ...look, name: label, ...known, x, y: curve.value }
    if (reach === 0) return [measured]
    const kind = (statistic: string) => ({ run: full, statistic })
    return [
      { ...measured, name: `${label}, measured`, of: kind('measured') },
      { ...measured, role: 'mean', of: kind(`mean of ${2 * reach + 1} rows`), y: smooth(curve.value, reach) },
    ]
  })
  const before = parentsSeries(parents, curves, name, axis)
  const frame = measurementFrame(name, axis, vertical, runs)
  return {
    ...frame,
    x: { ...frame.x, ...(frame.x.min === undefined ? {} : { min: minOf(before) }) },
    caption: areRead(runs, curves) ? describeMissing(runs.length, series, reach) : '',
    series: [...before, ...series],
    moments,
    empty: whyEmpty(
      runs.map(({ run }) => run),
      curves,
    ),
  }
}

/** Until then nothing is said of what runs lack. */
export function areRead(runs: readonly Pick<ComparedRun, 'run'>[], curves: CurvesByRun): boolean {
  return runs.every(({ run }) => curves.has(run.id))
}

/** A panel of a measurement with nothing in it yet. */
export function measurementFrame(
  name: MeasurementName,
  axis: HorizontalAxis,
  vertical: VerticalScale,
  runs: readonly Pick<ComparedRun, 'run'>[],
): LinePanel {
  const { label, unit, range }: MeasurementDescription = measurements[name]
  const facets = runs.map(({ run }) => run.facets)
  return {
    kind: 'lines',
    id: name,
    title: label[0]!.toUpperCase() + label.slice(1),
    caption: '',
    x: axisOn(axis, clockOf(...facets), countOf(...facets)),
    y: {
      label: unit,
      alone: label,
      column: name,
      scale: vertical,
      ...(range && vertical === 'linear' ? { min: range[0], max: range[1] } : {}),
    },
    series: [],
  }
}

/** Zero, or as far back as the runs are shown that others branched from. */
function minOf(before: readonly Series[]): number {
  return Math.min(0, ...before.flatMap(({ x }) => x[0] ?? []))
}

function describeMissing(count: number, series: readonly Series[], reach: number): string {
  const missing = count - series.length / (reach === 0 ? 1 : 2)
  const words = [
    // Where none has, the chart says so itself.
    missing > 0 && missing < count ? `${missing} of ${count} runs have not measured it` : '',
    reach > 0 ? `strong: mean over ${2 * reach + 1} rows` : '',
  ]
  return words.filter(Boolean).join('; ')
}
