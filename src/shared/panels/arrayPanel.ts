import type { PlotPanel } from '../panel.ts'
import { counted } from '../tasks/task.ts'
import type { MatrixData } from '../matrix.ts'
import { roundBound, symmetricBound } from '../charts/symmetricBound.ts'
import { formatCount } from '../formatting/formatNumber.ts'

/** An array of a study at one place of its clock: the entries of a vector as points, a matrix as a heatmap. */
export function arrayPanel(name: string, array: MatrixData, caption: string): PlotPanel {
  const { rows, columns, data } = array
  const values = Float64Array.from(data)
  if (rows === 1) {
    return {
      kind: 'lines',
      id: `array-${name}`,
      title: name,
      caption,
      x: { label: 'entry', column: 'entry', scale: 'linear', min: 0, max: columns + 1, isCounted: true },
      y: { label: 'value', column: 'value', scale: 'linear' },
      series: [
        { name, role: 'points', color: 0, x: Float64Array.from(counted(columns), (place) => place + 1), y: values },
      ],
    }
  }
  const bound = roundBound(symmetricBound(values))
  return {
    kind: 'heatmap',
    id: `array-${name}`,
    title: name,
    caption: [`${formatCount(rows)} × ${formatCount(columns)}`, caption].join('; '),
    x: { label: 'column', scale: 'linear', ticks: [] },
    y: { label: 'row', scale: 'linear' },
    matrix: { rows, columns, data: values },
    rowLabels: { row: counted(rows) },
    columnLabels: { column: counted(columns) },
    value: 'value',
    colors: 'diverging',
    range: [-bound, bound],
    valueLabel: name,
  }
}
