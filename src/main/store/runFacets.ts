import {
  splitSizes,
  type DynamicsSpec,
  type IntegratorSpec,
  type RunSpec,
  type TaskSpec,
} from '../../shared/experiment.ts'
import type { RunSummary } from '../../shared/run.ts'

/** The parts of a specification that lists show and filters compare, as columns of `runs`; `null` where there is none. */
export function runFacets(spec: RunSpec) {
  const task: AnyOf<TaskSpec> = spec.task
  const dynamics: AnyOf<DynamicsSpec> = spec.dynamics
  const integrator: AnyOf<IntegratorSpec> = dynamics.integrator ?? {}
  return {
    steps: spec.dynamics.steps,
    task: spec.task.kind,
    modulus: task.modulus ?? null,
    trainFraction: task.trainFraction ?? null,
    trainPairs: splitSizes(spec.task).train,
    hidden: spec.network.hidden,
    activation: spec.network.activation,
    initialization: spec.initialization.kind,
    dynamics: spec.dynamics.kind,
    ridge: dynamics.ridge ?? null,
    integrator: integrator.kind ?? null,
    stepSize: integrator.stepSize ?? null,
    tolerance: integrator.tolerance ?? null,
    optimizer: dynamics.optimizer?.kind ?? null,
    learningRate: dynamics.learningRate ?? null,
    weightDecay: dynamics.weightDecay ?? null,
    loss: dynamics.loss ?? null,
    interventions: spec.interventions.length,
    precision: spec.precision,
  } satisfies Partial<RunSummary>
}

/** Every setting that some member of a union has, as one that may be absent. */
type AnyOf<Union> = {
  [Key in Union extends unknown ? keyof Union : never]?: ValueOf<Union, Key>
}

type ValueOf<Union, Key> = Union extends unknown ? (Key extends keyof Union ? Union[Key] : never) : never
