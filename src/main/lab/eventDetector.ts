import { chatteringThreshold } from '../../shared/chattering.ts'
import type { ComposedRunSpec } from '../../shared/experiment.ts'
import { createStallDetector, type StallContext } from './stallDetector.ts'
import type { Measurements, RunEventName } from '../../shared/run.ts'
import { runEventNames } from '../../shared/runEventNames.ts'

/** Local error above which a fixed-step run has left the flow (SCIENCE.md §4). */
const localErrorThreshold = 0.05

export interface DetectedEvent {
  name: RunEventName
  value: number
}

/** Finds the events of a run, each once. */
export interface EventDetector {
  /** Of a measured step. */
  fromMeasurements(step: number, values: Measurements, context: StallContext): DetectedEvent[]
  fromLocalError(localError: number): DetectedEvent[]
  /** What a resumed run must know, under keys that do not meet those of the dynamics. */
  scalars(): Record<string, number>
  restore(scalars: Record<string, number>): void
}

/**
 * Finds what happens in a run, each event once: t_memorize (training accuracy at its threshold), half rise (test
 * accuracy ≥ 1/2, or halfway up from the best single answer where that is right half the time), t_grok (test accuracy at its threshold), a dead end (`createStallDetector`), the first step whose
 * local error passes 0.05, and chattering (1 % of the pre-activations, where the run measures it).
 */
export function createEventDetector({ record, dynamics }: Pick<ComposedRunSpec, 'record' | 'dynamics'>): EventDetector {
  const found = new Set<RunEventName>()
  const stall = createStallDetector(dynamics)

  function detect(name: RunEventName, value: number | undefined, threshold: number): DetectedEvent[] {
    if (value === undefined || !(value >= threshold) || found.has(name)) return []
    found.add(name)
    return [{ name, value }]
  }

  return {
    fromMeasurements: (step: number, values: Measurements, context: StallContext): DetectedEvent[] => [
      ...detect('memorized', values.trainAccuracy, record.memorizeThreshold),
      ...detect('halfRise', values.testAccuracy, halfway(context.guessAccuracy)),
      ...detect('generalized', values.testAccuracy, record.generalizeThreshold),
      ...detect('chattering', values.chatteringShare, chatteringThreshold),
      ...detect('stalled', stall.at(step, values, context), 0),
    ],
    fromLocalError: (localError: number): DetectedEvent[] =>
      localError > localErrorThreshold ? detect('localErrorExceeded', localError, localErrorThreshold) : [],
    scalars: (): Record<string, number> => ({
      ...Object.fromEntries([...found].map((name) => [`found.${name}`, 1])),
      ...stall.scalars(),
    }),
    restore(scalars: Record<string, number>): void {
      stall.restore(scalars)
      for (const name of runEventNames) if (scalars[`found.${name}`] === 1) found.add(name)
    },
  }
}

/** Of few classes one answer alone is right half the time, which is no rise. */
function halfway(guessAccuracy: number): number {
  return guessAccuracy >= 0.5 ? (1 + guessAccuracy) / 2 : 0.5
}
