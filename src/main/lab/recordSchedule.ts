import type { ComposedRunSpec, RunSpec, StudiedRunSpec } from '../../shared/experiment.ts'

/** At which steps a run is measured and saved. Step 0 and the last step are always both. */
export interface RecordSchedule {
  measures(step: number): boolean
  saves(step: number): boolean
  /** The next step after `step` at which something is recorded. */
  nextAfter(step: number): number
}

/** Steps per decade of the logarithmic snapshot schedule. */
const perDecade = 10

/**
 * The schedule of `record`: every k-th step is measured, and each of `marked`; snapshots at the given or at
 * logarithmically spaced steps. Of a study every place is measured.
 */
export function recordSchedule(
  record: RunSpec['record'],
  steps: number,
  marked: readonly number[] = [],
): RecordSchedule {
  const measureEvery = 'arrays' in record ? 1 : record.measureEvery
  const scheduled =
    'arrays' in record ? scheduledArrays(record.arrays, steps) : scheduledSnapshots(record.snapshots, steps)
  const markedSet = new Set(marked)
  const saved = [...new Set([0, steps, ...scheduled])].sort((a, b) => a - b)
  const savedSet = new Set(saved)
  return {
    measures: (step) => step % measureEvery === 0 || step === steps || markedSet.has(step),
    saves: (step) => savedSet.has(step),
    nextAfter(step) {
      const measured = (Math.floor(step / measureEvery) + 1) * measureEvery
      const snapshot = saved.find((other) => other > step) ?? steps
      return Math.min(measured, snapshot, steps, ...marked.filter((other) => other > step))
    },
  }
}

function scheduledArrays(arrays: StudiedRunSpec['record']['arrays'], last: number): number[] {
  if (arrays === 'ends') return []
  return arrays === 'all' ? Array.from({ length: last }, (_, place) => place) : arrays.filter((place) => place <= last)
}

function scheduledSnapshots(snapshots: ComposedRunSpec['record']['snapshots'], steps: number): number[] {
  if (snapshots === 'events') return []
  if (snapshots !== 'log') return snapshots.filter((step) => step <= steps)
  const decades = Math.ceil(Math.log10(steps)) * perDecade
  return Array.from({ length: decades + 1 }, (_, i) => Math.round(10 ** (i / perDecade))).filter(
    (step) => step <= steps,
  )
}
