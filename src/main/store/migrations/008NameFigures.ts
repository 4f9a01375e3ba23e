import type { Database } from 'better-sqlite3'
import { keepSeals } from './keepSeals.ts'

/** Figures by their paper and name: there was one paper before. */
export function nameFigures(database: Database): void {
  keepSeals(database, () => {
    database.exec(`
      UPDATE experiments SET figure = 'musat2025/' || figure
      WHERE figure IN ('fig1', 'fig2', 'fig3', 'fig4', 'fig5', 'fig6', 'fig7', 'theory')
    `)
  })
}
