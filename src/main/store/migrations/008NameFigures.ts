import type { Database } from 'better-sqlite3'
import { keepSeals } from './keepSeals.ts'

/** Figures by their paper and name: there was one paper before. */
export function nameFigures(database: Database): void {
  const named = "figure IN ('fig1', 'fig2', 'fig3', 'fig4', 'fig5', 'fig6', 'fig7', 'theory')"
  const ofFigures = `SELECT id FROM runs WHERE experimentId IN (SELECT id FROM experiments WHERE ${named})`
  const runIds = database.prepare(ofFigures).pluck().all() as string[]
  const change = () => database.exec(`UPDATE experiments SET figure = 'musat2025/' || figure WHERE ${named}`)
  keepSeals(database, change, { runIds })
}
