import { defaultPerDecade, type ComposedRunSpec, type RunSpec, type StudiedRunSpec } from '../../shared/experiment.ts'
import { logSpacedSteps } from '../../shared/logSpacedSteps.ts'

/** At which steps a run is measured and saved. Step 0 and the last step are always both. */
export interface RecordSchedule {
  measures(step: number): boolean
  saves(step: number): boolean
  /** The next step after `step` at which something is recorded. */
  nextAfter(step: number): number
}

const snapshotsPerDecade = 10

/**
 * The schedule of `record`: every k-th step is measured, or so many in each decade, and each of `marked`; snapshots at the given
 * or at logarithmically spaced steps. Of a study every place is measured. Where a run is measured and saved does not depend on
 * how long it is, but for its last step.
 */
export function recordSchedule(
  record: RunSpec['record'],
  steps: number,
  marked: readonly number[] = [],
): RecordSchedule {
  const measured = 'arrays' in record ? everySteps(1) : measuredSteps(record, steps)
  const scheduled =
    'arrays' in record ? scheduledArrays(record.arrays, steps) : scheduledSnapshots(record.snapshots, steps)
  const markedSet = new Set(marked)
  const saved = [...new Set([0, steps, ...scheduled])].sort((a, b) => a - b)
  const savedSet = new Set(saved)
  return {
    measures: (step) => measured.has(step) || step === steps || markedSet.has(step),
    saves: (step) => savedSet.has(step),
    nextAfter(step) {
      const snapshot = saved.find((other) => other > step) ?? steps
      return Math.min(measured.nextAfter(step), snapshot, steps, ...marked.filter((other) => other > step))
    },
  }
}

interface Steps {
  has(step: number): boolean
  nextAfter(step: number): number
}

function measuredSteps(
  { measureEvery, perDecade = defaultPerDecade }: ComposedRunSpec['record'],
  steps: number,
): Steps {
  return measureEvery === 'log' ? listedSteps([0, ...logSpacedSteps(perDecade, steps)]) : everySteps(measureEvery)
}

function everySteps(every: number): Steps {
  return {
    has: (step) => step % every === 0,
    nextAfter: (step) => (Math.floor(step / every) + 1) * every,
  }
}

/** Of steps in order. */
function listedSteps(steps: readonly number[]): Steps {
  const set = new Set(steps)
  return { has: (step) => set.has(step), nextAfter: (step) => steps.find((other) => other > step) ?? Infinity }
}

function scheduledArrays(arrays: StudiedRunSpec['record']['arrays'], last: number): number[] {
  if (arrays === 'ends') return []
  return arrays === 'all' ? Array.from({ length: last }, (_, place) => place) : arrays.filter((place) => place <= last)
}

function scheduledSnapshots(snapshots: ComposedRunSpec['record']['snapshots'], steps: number): number[] {
  if (snapshots === 'events') return []
  if (snapshots !== 'log') return snapshots.filter((step) => step <= steps)
  return logSpacedSteps(snapshotsPerDecade, steps)
}
