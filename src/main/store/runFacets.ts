import { splitSizes, type DynamicsSpec, type RunSpec } from '../../shared/experiment.ts'
import type { RunSummary } from '../../shared/run.ts'

type DynamicsFacets = Pick<
  RunSummary,
  'ridge' | 'integrator' | 'stepSize' | 'tolerance' | 'optimizer' | 'learningRate' | 'weightDecay' | 'loss'
>
type OtherFacets = Pick<
  RunSummary,
  | 'steps'
  | 'task'
  | 'modulus'
  | 'trainFraction'
  | 'trainPairs'
  | 'hidden'
  | 'activation'
  | 'initialization'
  | 'dynamics'
  | 'interventions'
  | 'precision'
>

/** The parts of a specification that lists show and filters compare, as columns of `runs`. */
export function runFacets(spec: RunSpec): DynamicsFacets & OtherFacets {
  const { task, network, initialization, dynamics, interventions, precision } = spec
  return {
    steps: dynamics.steps,
    task: task.kind,
    modulus: task.modulus,
    trainFraction: task.trainFraction,
    trainPairs: splitSizes(task).train,
    hidden: network.hidden,
    activation: network.activation,
    initialization: initialization.kind,
    dynamics: dynamics.kind,
    interventions: interventions.length,
    precision,
    ...noDynamicsFacets,
    ...dynamicsFacets(dynamics),
  }
}

const noDynamicsFacets: DynamicsFacets = {
  ridge: null,
  integrator: null,
  stepSize: null,
  tolerance: null,
  optimizer: null,
  learningRate: null,
  weightDecay: null,
  loss: null,
}

function dynamicsFacets(dynamics: DynamicsSpec): Partial<DynamicsFacets> {
  switch (dynamics.kind) {
    case 'isolated': {
      const { ridge, integrator } = dynamics
      const tolerance = 'tolerance' in integrator ? (integrator.tolerance ?? null) : null
      return { ridge, integrator: integrator.kind, stepSize: integrator.stepSize, tolerance }
    }
    case 'training': {
      const { optimizer, learningRate, weightDecay, loss } = dynamics
      return { optimizer: optimizer.kind, learningRate, weightDecay, loss }
    }
  }
}
