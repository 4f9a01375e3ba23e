import type { Columns, LinePanel } from '../../../shared/panel.ts'
import type { MatrixData } from '../../../shared/matrix.ts'
import { rowPlaces, rowWordOf } from '../../../shared/panels/namedMatrix.ts'
import { histogram } from '../../../shared/panels/histogram.ts'

/** A column of a matrix, of one hidden unit, and what is drawn with it. */
export interface UnitColumn {
  /** Of the matrix, or of its change: `ΔE`. */
  symbol: string
  /** Null for the biases of the outputs, which are one column. */
  unit: number | null
  rowLabels: Columns
  now: Float64Array
  before: Float64Array | null
  /** The unit's strongest wave, as a function of the row; k = 0 where it has none. */
  wave: { frequency: number; at: (row: number) => number }
}

/** One unit against the rows of its matrix. */
export function unitPanel({ symbol, unit, rowLabels, now, before, wave }: UnitColumn): LinePanel {
  const rowWord = rowWordOf({ rowLabels })
  const rows = rowPlaces({ rowLabels })
  const [first, last] = [rows[0]!, rows.at(-1)!]
  const of: Readonly<Record<string, number>> = unit === null ? {} : { unit }
  const fine = Float64Array.from({ length: 5 * (now.length - 1) + 1 }, (_, k) => k / 5)
  const points = { x: rows, with: rowLabels }
  return {
    kind: 'lines',
    id: 'unit',
    title: unit === null ? 'Biases' : `Unit ${unit}`,
    caption: '',
    x: { label: rowWord, scale: 'linear', min: first, max: Math.max(first + 1, last), isCounted: true },
    y: { label: `$${symbol}$_{${rowWord}${unit === null ? '' : ', unit'}}`, column: 'value', scale: 'linear' },
    series: [
      ...(before
        ? [{ name: 'before', role: 'context' as const, of: { ...of, state: 'before' }, ...points, y: before }]
        : []),
      ...(wave.frequency > 0
        ? [
            {
              name: `wave of k = ${wave.frequency}`,
              role: 'single' as const,
              color: 1,
              of: { ...of, state: `wave of k = ${wave.frequency}` },
              x: fine,
              y: fine.map(wave.at),
            },
          ]
        : []),
      { name: 'now', role: 'points', color: 0, of: { ...of, state: 'now' }, ...points, y: now },
    ],
  }
}

/** How many entries have which value, within twice the bound of the colors. */
export function entriesPanel(symbol: string, now: MatrixData, before: MatrixData | null, range: number): LinePanel {
  const bound = 2 * range
  return {
    kind: 'lines',
    id: 'entries',
    title: 'All entries',
    caption: '',
    x: { label: '', column: 'value', symbol, scale: 'linear', min: -bound, max: bound },
    y: { label: '', column: 'count', scale: 'linear', min: 0, isCounted: true },
    series: [
      ...(before
        ? [{ name: 'before', role: 'context' as const, of: { state: 'before' }, ...histogram(before.data, bound) }]
        : []),
      { name: 'now', role: 'single', color: 0, of: { state: 'now' }, ...histogram(now.data, bound) },
    ],
  }
}
