import type { TrainingSpec } from './experiment.ts'
import type { DynamicsSpec } from './dynamics/dynamics.ts'
import type { Change } from './specification/paths.ts'
import { ownDecayKind } from './dynamics/training.ts'

/** η and wd of a parameter as multiples of the common ones. */
export interface ParameterRates {
  learningRate: number
  weightDecay: number
}

/** By what a parameter's rates are multiplied. */
export function ratesOfParameter({ perParameter }: Pick<TrainingSpec, 'perParameter'>, name: string): ParameterRates {
  const given = (perParameter as Partial<Record<string, ParameterRates>> | undefined)?.[name]
  return given ?? { learningRate: 1, weightDecay: 1 }
}

/** Whether the decay shrinks the weights in a step of its own, instead of being part of the gradient. */
export function isDecoupled({
  optimizer,
  weightDecayKind,
}: Pick<TrainingSpec, 'optimizer' | 'weightDecayKind'>): boolean {
  return (weightDecayKind ?? ownDecayKind(optimizer.kind)) === 'decoupled'
}

/** Training that says what holds without saying is the same training, also by its content. */
export function canonicalTraining(dynamics: TrainingSpec): TrainingSpec {
  const canonical = { ...dynamics }
  const { schedule, weightDecayKind, perParameter = {}, steps } = dynamics
  const { kind } = dynamics.optimizer
  if (schedule?.steps === steps) {
    const { steps: _, ...ending } = schedule
    canonical.schedule = ending
  }
  if (schedule?.shape === 'constant' && schedule.warmupSteps === 0) delete canonical.schedule
  if (kind === 'gradientDescent' || weightDecayKind === ownDecayKind(kind)) delete canonical.weightDecayKind
  const rates = Object.entries(perParameter).filter(([, each]) => each.learningRate !== 1 || each.weightDecay !== 1)
  if (rates.length > 0) canonical.perParameter = Object.fromEntries(rates)
  else delete canonical.perParameter
  return canonical
}

/**
 * What more steps change in a dynamics, by its fields: a cosine that was to end with the run ends where it did, and a decay
 * time no longer says the steps.
 */
export function extension(dynamics: DynamicsSpec, steps: number): Change[] {
  const isCosine = dynamics.kind === 'training' && dynamics.schedule?.shape === 'cosine'
  return [
    ...(isCosine ? [{ path: 'schedule.steps', value: dynamics.schedule!.steps ?? dynamics.steps }] : []),
    ...(dynamics.decayTime === undefined ? [] : [{ path: 'decayTime', value: undefined }]),
    { path: 'steps', value: steps },
  ]
}
