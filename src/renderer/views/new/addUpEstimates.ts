import type { Estimation } from '../../../shared/contract/experiments.ts'

export interface PlanEstimate {
  runs: number
  /** Until all runs are done, on this machine; null where its speed is not yet measured. */
  wallSeconds: number | null
  stepsPerSecond: number | null
  multiplyAddsPerStep: number
  /** Of the largest run. */
  memoryBytes: number
  diskBytes: number
  snapshots: number
  /** How many experiments were looked at, of how many. */
  from: { experiments: number; of: number }
}

/** Of a long sweep so many are looked at. */
export const maxEstimated = 24

/** As many as are looked at, from the first to the last: an axis may begin with the cheapest, in the order that cells are in. */
export function spreadOut<Experiment>(all: readonly Experiment[]): readonly Experiment[] {
  if (all.length <= maxEstimated) return all
  return Array.from(
    { length: maxEstimated },
    (_, place) => all[Math.round((place * (all.length - 1)) / (maxEstimated - 1))]!,
  )
}

/** The cost of so many experiments together, those that were not looked at as the others on average; null where one of them is not valid. */
export function addUpEstimates(
  answers: readonly Estimation[],
  experiments: number,
  slots: number,
): PlanEstimate | null {
  const scale = experiments / answers.length
  let runs = 0
  let seconds: number | null = 0
  let diskBytes = 0
  let memoryBytes = 0
  for (const { spec, estimate } of answers) {
    if (!spec || !estimate) return null
    const seeds = spec.seeds.length
    runs += seeds
    seconds = seconds === null || estimate.seconds === null ? null : seconds + seeds * estimate.seconds
    diskBytes += seeds * estimate.diskBytes
    memoryBytes = Math.max(memoryBytes, estimate.memoryBytes)
  }
  const [first] = answers
  if (!first?.estimate) return null
  const { steps, seconds: each, secondsAtStart, multiplyAddsPerStep, snapshots } = first.estimate
  const total = Math.round(runs * scale)
  return {
    runs: total,
    wallSeconds: seconds === null ? null : (seconds / runs) * Math.ceil(total / Math.max(1, slots)),
    stepsPerSecond: each === null ? null : steps / (each - secondsAtStart!),
    multiplyAddsPerStep,
    memoryBytes,
    diskBytes: diskBytes * scale,
    snapshots,
    from: { experiments: answers.length, of: experiments },
  }
}
