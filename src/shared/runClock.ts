import { decayTimeAt, type Clocked } from './decayTime.ts'
import type { StudiedRunSpec } from './experiment.ts'
import { describeStudy, studyOfFacets } from './studies/studies.ts'
import type { StudyClock } from './studies/study.ts'

/** What a run's clock is read from. */
export type Timed = Clocked | Pick<StudiedRunSpec, 'study'>

/** A run's clock, its `tau`, at a step (or between two): that of a study, else the decay time. */
export function clockAt(run: Timed, step: number): number {
  return 'study' in run ? describeStudy(run.study).clockAt(run.study, step) : decayTimeAt(run, step)
}

export const decayClock: StudyClock = { label: 'decay time', symbol: 'τ', unit: '', scale: 'linear' }

/** The clocks of runs, by their scalars, each once: values of several share no axis. */
export function clocksOf(...runs: readonly Readonly<Record<string, unknown>>[]): StudyClock[] {
  const clocks = runs.map((facets) => studyOfFacets(facets)?.clock ?? decayClock)
  return [...new Map(clocks.map((clock) => [clock.label, clock])).values()]
}

/** How the clock of runs is written: of those that share none, each has its own. */
export function clockOf(...runs: readonly Readonly<Record<string, unknown>>[]): StudyClock {
  const [first = decayClock, ...others] = clocksOf(...runs)
  return others.length === 0 ? first : { ...decayClock, label: 'each run’s own clock' }
}

/** What runs count along their clock: steps, or the places of studies. */
export type RunCount = 'step' | 'place'

export function countOf(...runs: readonly Readonly<Record<string, unknown>>[]): RunCount {
  return runs.length > 0 && runs.every((facets) => studyOfFacets(facets)) ? 'place' : 'step'
}
