import type { Series } from '../../../shared/panel.ts'
import type { RunSummary } from '../../../shared/run.ts'
import { runLabels } from './runLabels.ts'
import { shortenNames } from './shortenNames.ts'

/** A run among those compared: its name there in full and short enough for a chart, and how its lines are drawn. */
export interface ComparedRun {
  run: RunSummary
  name: string
  label: string
  look: Pick<Series, 'role' | 'colour'>
}

export interface Comparison {
  title: string
  runs: readonly ComparedRun[]
  archive: string | undefined
}

const colours = 6

/** After six colours the lines are dashed; after twelve looks they come again. */
export function compareRuns(runs: readonly RunSummary[], archive: string | undefined): Comparison {
  const { title, labels } = runLabels(runs)
  const short = shortenNames(labels)
  const lookAt = (place: number): ComparedRun['look'] => ({
    role: Math.floor(place / colours) % 2 === 0 ? 'single' : 'theory',
    colour: place % colours,
  })
  return {
    title,
    runs: runs.map((run, place) => ({ run, name: labels[place]!, label: short[place]!, look: lookAt(place) })),
    archive,
  }
}
