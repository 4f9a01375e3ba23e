import type { Panel } from './panel.ts'
import { panelData, rowCount } from './panelData.ts'
import { quoteCsv } from './quoteCsv.ts'

/** The data of a panel as CSV; a cell without a number is empty, as spreadsheets and pandas read it. */
export function panelCsv(panel: Panel): string {
  const data = panelData(panel)
  const columns = Object.values(data)
  const lines = [Object.keys(data).map(quoteCsv).join(',')]
  for (let row = 0; row < rowCount(data); row++) {
    lines.push(
      columns
        .map((column) => column[row]!)
        .map((cell) => (Number.isNaN(cell) ? '' : quoteCsv(cell)))
        .join(','),
    )
  }
  return `${lines.join('\n')}\n`
}
