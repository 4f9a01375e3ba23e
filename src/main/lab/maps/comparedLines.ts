import type { MapLayer, RunMap } from '../../../shared/map/mapPanel.ts'
import { namesAt, placesOn } from '../../../shared/map/namedPlaces.ts'
import type { MapQuantity } from '../../../shared/map/mapQuantity.ts'
import type { Columns, LinePanel, Series } from '../../../shared/panel.ts'

/** Two sweeps along one axis, whose values are cells in their order. */
export interface ComparedLine extends Pick<RunMap, 'x' | 'cells'> {
  quantity: MapQuantity
  names: readonly string[]
  /** The medians of both. */
  medians: readonly MapLayer[]
  difference: MapLayer
  /** What both are in each cell. */
  columns: Columns
}

/** Both as lines in one panel, each with its runs as points; and how they differ, a point for each cell. */
export function comparedLines({ x, cells, quantity, names, ...layers }: ComparedLine): LinePanel[] {
  const { difference, medians, columns } = layers
  const at = Float64Array.from(cells, (cell) => cell.x)
  const axis = placesOn(x.axis)
  const labels = namesAt(x.axis, x.field, at)
  const lines = names.flatMap((name, color): Series[] => {
    // The runs of a pair follow on one another.
    const points = cells.flatMap(({ x: place, runs }) =>
      runs.flatMap((run, side) => {
        const reading = side % 2 === color ? quantity.read(run) : null
        return reading && !reading.isBeyond ? [{ place, seed: run.seed, value: reading.value }] : []
      }),
    )
    const median = medians[color]!.cells
    return [
      {
        name,
        of: { sweep: name, curve: 'median' },
        with: { ...labels, state: median.map(({ state }) => state) },
        role: 'mean',
        color,
        x: at,
        y: Float64Array.from(median, ({ value }) => value),
      },
      {
        name: `${name}, runs`,
        of: { sweep: name, curve: 'runs' },
        with: { seed: Float64Array.from(points, ({ seed }) => seed) },
        role: 'points',
        color,
        x: Float64Array.from(points, ({ place }) => place),
        y: Float64Array.from(points, ({ value }) => value),
      },
    ]
  })
  const title = `${names[1]} against ${names[0]}`
  return [
    {
      kind: 'lines',
      id: `${quantity.id}-compared`,
      title: quantity.label,
      caption: 'median over seeds; points are runs',
      x: axis,
      y: { label: quantity.label, column: quantity.id, scale: quantity.scale },
      series: lines,
    },
    {
      kind: 'lines',
      id: difference.value,
      title,
      caption: difference.caption,
      x: axis,
      y: { label: difference.valueLabel, column: difference.value, scale: 'linear' },
      levels: [{ at: 0, label: 'the same' }],
      series: [
        {
          name: title,
          with: { ...labels, ...columns, state: difference.cells.map(({ state }) => state) },
          role: 'mean',
          x: at,
          y: Float64Array.from(difference.cells, ({ value }) => value),
        },
      ],
    },
  ]
}
