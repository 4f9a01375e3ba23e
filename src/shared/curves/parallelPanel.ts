import { linesWithin } from '../charts/linesWithin.ts'
import { mapAxis, nameOfField, valueOnAxis } from '../map/mapAxis.ts'
import type { MapQuantity } from '../map/mapQuantity.ts'
import type { ParallelAxis, ParallelPanel } from '../panel.ts'
import type { RunSummary } from '../run.ts'
import type { RunGrouping } from './groupRuns.ts'
import { quantityAxis } from './scatterPanel.ts'

/** Parts of axes that are looked at, by the columns of these, in units of the axis. */
export type AxisRanges = Readonly<Record<string, readonly [number, number]>>

/**
 * Parallel coordinates: runs as lines across upright axes, fields of their specification before numbers of theirs, a color for each
 * group. Where an event did not come, the line ends at the run's end, which is a bound. What a run has no value for, its line
 * does not meet; those that do not meet the last axis are counted in the caption.
 */
export function parallelPanel(
  groups: readonly RunGrouping[],
  fields: readonly string[],
  quantities: readonly MapQuantity[],
): ParallelPanel {
  const members = groups.flatMap((group, place) => group.members.map((member) => ({ member, place })))
  const runs = members.map(({ member }) => member.run)
  const axes = [...fields.map((field) => fieldAxis(field, runs)), ...quantities.map((each) => readAxis(each, runs))]
  return {
    kind: 'parallel',
    id: 'parallel',
    title: 'Parallel coordinates',
    caption: captionOf(axes),
    axes,
    groups: groups.map(({ name, label, color }) => ({ name, label, color })),
    groupOf: Int32Array.from(members, ({ place }) => place),
    with: {
      run: members.map(({ member }) => member.name),
      seed: Int32Array.from(runs, ({ seed }) => seed),
      runId: runs.map(({ id }) => id),
    },
  }
}

/** A panel of which parts of some axes are looked at; what it has no axis for says nothing. */
export function withRanges(panel: ParallelPanel, ranges: AxisRanges): ParallelPanel {
  const axes = panel.axes.map(({ range: _before, ...each }): ParallelAxis => {
    const range = ranges[each.axis.column!]
    return range ? { ...each, range } : each
  })
  if (!axes.some(({ range }) => range)) return { ...panel, axes, caption: captionOf(axes) }
  const ranged = { ...panel, axes }
  const kept = linesWithin(ranged).filter(Boolean).length
  const within = `${kept} of ${panel.groupOf.length} runs in range`
  return { ...ranged, caption: [within, captionOf(axes)].filter(Boolean).join('; ') }
}

function fieldAxis(field: string, runs: readonly RunSummary[]): ParallelAxis {
  const { axis, positionOf } = mapAxis(field, runs)
  const values = Float64Array.from(runs, (run) => positionOf(valueOnAxis(run, field)))
  return { axis, short: nameOfField(field), values, isChosen: true }
}

function readAxis(quantity: MapQuantity, runs: readonly RunSummary[]): ParallelAxis {
  const readings = runs.map((run) => quantity.read(run))
  // A run that diverged before an event has no time left in which it might come.
  const values = Float64Array.from(readings, (reading) => {
    return reading && Number.isFinite(reading.value) ? reading.value : NaN
  })
  const isBeyond = readings.map((reading, line) => Number.isFinite(values[line]!) && reading!.isBeyond)
  return {
    axis: quantityAxis(quantity, [...values.filter(Number.isFinite)], quantity.scale),
    short: quantity.symbol,
    values,
    ...(quantity.isTime ? { isBeyond } : {}),
  }
}

function captionOf(axes: readonly ParallelAxis[]): string {
  const left = axes.at(-1)?.values.filter(Number.isNaN).length ?? 0
  if (left === 0) return ''
  return `${left} ${left === 1 ? 'run ends' : 'runs end'} before the last axis: without a value, or diverged before`
}
