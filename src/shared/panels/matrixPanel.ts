import type { HeatmapPanel } from '../panel.ts'
import { shareBeyond } from '../charts/shareBeyond.ts'
import { formatCount, formatNumber, formatShare } from '../formatting/formatNumber.ts'
import { countThings } from '../formatting/countThings.ts'
import type { NetworkTask } from '../tasks/tasks.ts'
import { operandsOf, writtenLayer } from './fourierPanels.ts'
import { squaredNorm, type ColumnOrder } from './matrixOrder.ts'
import { rowWordOf, type NamedMatrix } from './namedMatrix.ts'

export interface MatrixText {
  title: string
  /** Whether the entries are changes since another step. */
  isChange: boolean
  /** What more there is to say, such as the order of the units and the run's dynamics; the second of a pair has none. */
  about: readonly string[]
}

/** A matrix, or how it changed, on a scale of ± bound; the first of a pair says what it is, the second what differs. */
export function matrixPanel(
  name: string,
  matrix: NamedMatrix,
  bound: number,
  { title, isChange, about }: MatrixText,
): HeatmapPanel {
  const symbol = `${isChange ? 'Δ' : ''}${name}`
  const rowWord = rowWordOf(matrix)
  const rows = countThings(matrix.rows, `${name === 'H' ? 'training ' : ''}${rowWord}`)
  const columnWord = Object.keys(matrix.columnLabels).at(-1)!
  const columns = countThings(matrix.columns, columnWord)
  const beyond = shareBeyond(matrix.data, [-bound, bound])
  const words = [
    `$${symbol}$, ${about.length > 0 ? `${rows} × ${columns}` : 'in the same order'}`,
    `‖${symbol}‖² = ${formatNumber(squaredNorm(matrix))}`,
    ...(beyond > 0 ? [`${formatShare(beyond)} of entries beyond the color scale`] : []),
    ...about,
  ]
  return {
    kind: 'heatmap',
    id: `${symbol}-${title.replaceAll(/\W+/g, '-')}`,
    title,
    caption: words.join('; '),
    x: { label: columnWord === 'unit' ? 'hidden unit' : columnWord, scale: 'linear', ticks: [] },
    y: { label: rowWord, scale: 'linear' },
    matrix,
    rowLabels: matrix.rowLabels,
    columnLabels: matrix.columnLabels,
    value: isChange ? 'change' : 'value',
    colors: 'diverging',
    range: [-bound, bound],
    valueLabel: `$${symbol}$`,
  }
}

/** How the columns of a matrix stand; the dominant frequencies are those of E, of its first operand where it has several, for every matrix. */
export const columnOrderLabels: Record<ColumnOrder, (step: number, task: NetworkTask | null) => string> = {
  index: () => 'units in their own order',
  norm: () => 'units by norm, largest first',
  frequency(step, task) {
    const operand = operandsOf({ rowsOf: 'inputs' }, task)[0]
    return `units by dominant frequency of ${writtenLayer({ name: 'E', operand })} at step ${formatCount(step)}, then phase`
  },
}
