import { mapAxis, valueOnAxis } from '../map/mapAxis.ts'
import type { MapQuantity, Reading } from '../map/mapQuantity.ts'
import { namesAt, placesOn } from '../map/namedPlaces.ts'
import type { Axis, LinePanel, Series } from '../panel.ts'
import type { ComparedRun } from './comparison.ts'
import type { RunGrouping } from './groupRuns.ts'
import type { VerticalScale } from './overlayPanel.ts'

interface ReadRun {
  member: ComparedRun
  reading: NonNullable<Reading>
}

/**
 * A number of each run against a field of its specification, a color for each group. Where an event did not come, a muted
 * point stands at the run's end, which is a bound: a series of its own, so that no table mistakes it for a value. Runs of which
 * nothing is known, or that diverged before the event, are counted in the caption.
 */
export function scatterPanel(
  groups: readonly RunGrouping[],
  field: string,
  quantity: MapQuantity,
  vertical: VerticalScale,
): LinePanel {
  const runs = groups.flatMap(({ members }) => members.map(({ run }) => run))
  const { axis, positionOf } = mapAxis(field, runs)
  const x = axis.ticks ? { ...placesOn(axis), min: -0.5, max: axis.ticks.length - 0.5 } : axis
  const place = ({ member }: ReadRun) => positionOf(valueOnAxis(member.run, field))
  const series = groups.flatMap(({ name, label, color, members }): Series[] => {
    const read = members.flatMap((member): ReadRun[] => {
      const reading = quantity.read(member.run)
      return reading && Number.isFinite(reading.value) ? [{ member, reading }] : []
    })
    return [false, true].flatMap((isBeyond) => {
      // In the order of the axis, as whoever points at it looks for the nearest.
      const shown = read.filter(({ reading }) => reading.isBeyond === isBeyond).sort((a, b) => place(a) - place(b))
      if (shown.length === 0) return []
      const at = Float64Array.from(shown, place)
      return {
        name: isBeyond ? `${label}, later than its end` : label,
        ...(isBeyond ? { family: 'later than the end of the run' } : {}),
        group: label,
        of: { group: name, ...(quantity.isTime ? { state: isBeyond ? 'later than' : 'at' } : {}) },
        with: {
          run: shown.map(({ member }) => member.name),
          seed: Int32Array.from(shown, ({ member }) => member.run.seed),
          runId: shown.map(({ member }) => member.run.id),
          ...namesAt(axis, field, at),
        },
        role: isBeyond ? 'start' : 'points',
        color,
        x: at,
        y: Float64Array.from(shown, ({ reading }) => reading.value),
      }
    })
  })
  const shown = series.reduce((sum, each) => sum + each.x.length, 0)
  return {
    kind: 'lines',
    id: `scatter-${quantity.id}-${field}`,
    title: quantity.label,
    caption: captionOf(runs.length - shown),
    x,
    y: quantityAxis(
      quantity,
      series.flatMap(({ y }) => [...y]),
      vertical,
    ),
    series,
    pointwise: true,
    ...(shown === 0 ? { empty: `No run has ended with ${quantity.label}.` } : {}),
  }
}

/** The axis of a number of runs; what is below zero has no place on a logarithmic one. */
export function quantityAxis({ id, label }: MapQuantity, values: readonly number[], wanted: VerticalScale): Axis {
  const scale = values.some((value) => value < 0) ? 'linear' : wanted
  return { label, column: id, scale, ...(scale === 'log' && values.includes(0) ? { zero: true } : {}) }
}

function captionOf(left: number): string {
  if (left === 0) return ''
  return `${left} ${left === 1 ? 'run is' : 'runs are'} not shown: without a value, or diverged before`
}
