import type { HeatmapPanel } from '../../../shared/panel.ts'
import { shareBeyond } from '../../../shared/charts/shareBeyond.ts'
import { formatCount, formatShare } from '../../../shared/formatting/formatNumber.ts'
import { rowWords } from './matrixChoices.ts'
import { squaredNorm } from './matrixOrder.ts'
import type { MatrixName, NamedMatrix } from './namedMatrix.ts'

/** A matrix on a scale of ± bound; the first of a pair says what it is, the second only what changed. */
export function matrixPanel(
  name: MatrixName,
  matrix: NamedMatrix,
  bound: number,
  { title, first }: { title: string; first: boolean },
): HeatmapPanel {
  const rows = `${formatCount(matrix.rows)} ${name === 'H' ? 'training ' : ''}${rowWords[name]}s`
  const words = [
    first ? `$${name}$ of Eq. 20, ${rows} × ${formatCount(matrix.columns)} units` : 'the same order',
    `‖${name}‖² = ${formatCount(squaredNorm(matrix))}`,
    `${formatShare(shareBeyond(matrix.data, [-bound, bound]))} of entries beyond the colour scale`,
  ]
  return {
    kind: 'heatmap',
    id: `${name}-${title.replaceAll(/\W+/g, '-')}`,
    title,
    caption: words.join('; '),
    x: { label: '', scale: 'linear', ticks: [] },
    y: { label: rowWords[name], scale: 'linear' },
    matrix,
    rowLabels: matrix.rowLabels,
    columnLabels: matrix.columnLabels,
    value: 'value',
    colours: 'diverging',
    range: [-bound, bound],
    valueLabel: name,
  }
}
