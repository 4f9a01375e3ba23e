import type { Series } from '../panel.ts'
import type { RunSummary } from '../run.ts'
import { runLabels } from './runLabels.ts'
import { shortenNames } from './shortenNames.ts'

/** A run among those compared: its name there in full and short enough for a chart, and how its lines are drawn. */
export interface ComparedRun {
  run: RunSummary
  name: string
  label: string
  look: Pick<Series, 'role' | 'color'>
}

export interface Comparison {
  title: string
  runs: readonly ComparedRun[]
  archive: string | undefined
}

const colors = 6

/** After six colors the lines are dashed; after twelve looks they come again. */
export function compareRuns(runs: readonly RunSummary[], archive: string | undefined): Comparison {
  const { title, labels } = runLabels(runs)
  const short = shortenNames(labels)
  const lookAt = (place: number): ComparedRun['look'] => ({
    role: Math.floor(place / colors) % 2 === 0 ? 'single' : 'theory',
    color: place % colors,
  })
  return {
    title,
    runs: runs.map((run, place) => ({ run, name: labels[place]!, label: short[place]!, look: lookAt(place) })),
    archive,
  }
}
