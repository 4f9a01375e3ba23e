import { tauPerStep, type RunSpec, type TrainingSpec } from './experiment.ts'

type Clocked = Pick<RunSpec, 'dynamics' | 'interventions'>

/** A run's clock at a step (or between two): the decay time of each step before, under the decay then in force. */
export function decayTimeAt({ dynamics, interventions }: Clocked, step: number): number {
  if (dynamics.kind !== 'training') return tauPerStep(dynamics) * step
  const changes = interventions.flatMap((entry) => (entry.kind === 'setWeightDecay' ? [entry.at] : []))
  const starts = [...new Set([0, ...changes])].sort((a, b) => a - b).filter((start) => start < step)
  return starts.reduce((tau, start, i) => {
    const weightDecay = weightDecayAt({ dynamics, interventions }, start)
    return tau + tauPerStep({ ...dynamics, weightDecay }) * ((starts[i + 1] ?? step) - start)
  }, 0)
}

/** The weight decay that the step from `step` to `step + 1` of a training run is taken under. */
export function weightDecayAt({ dynamics, interventions }: Clocked & { dynamics: TrainingSpec }, step: number): number {
  let since = 0
  let value = dynamics.weightDecay
  for (const entry of interventions) {
    if (entry.kind === 'setWeightDecay' && entry.at <= step && entry.at >= since) {
      since = entry.at
      value = entry.value
    }
  }
  return value
}
