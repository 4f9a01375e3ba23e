import { LabError } from '../../../shared/errors.ts'
import type { ComposedRunSpec, TrainingSpec } from '../../../shared/experiment.ts'
import { isTensorFlow } from '../backend/tensorflow.ts'
import { isWebGpu } from '../backend/webgpu.ts'
import type { Interventions } from '../interventions/interventions.ts'
import type { Network } from '../network/model.ts'
import type { Evolution } from './evolution.ts'
import { isolatedEvolution } from './isolatedEvolution.ts'
import { tensorflowTrainingEvolution } from './tensorflowTrainingEvolution.ts'
import { trainingEvolution } from './trainingEvolution.ts'
import { webGpuTrainingEvolution } from './webGpuTrainingEvolution.ts'
import { zeroLossEvolution } from './zeroLossEvolution.ts'

/** The dynamics that a specification names, set in motion on a network. */
export function createEvolution(network: Network, spec: ComposedRunSpec, interventions: Interventions): Evolution {
  const { dynamics } = spec
  switch (dynamics.kind) {
    case 'isolated':
      return isolatedEvolution(network, dynamics)
    case 'training':
      return createTraining(network, { ...spec, dynamics }, interventions)
    case 'zeroLossFlow':
      return zeroLossEvolution(network, dynamics)
    case 'gradientFlow':
      throw new LabError('INVALID_SPECIFICATION', 'dynamics.kind: "gradientFlow" moves the tasks of kind "toy" only')
  }
}

/** Training, by what the network's backend computes it with. */
function createTraining(
  network: Network,
  spec: ComposedRunSpec & { dynamics: TrainingSpec },
  interventions: Interventions,
): Evolution {
  const { backend } = network
  if (isTensorFlow(backend)) return tensorflowTrainingEvolution(backend.tf, network, spec, interventions)
  if (isWebGpu(backend)) return webGpuTrainingEvolution(backend.gpu, network, spec, interventions, backend)
  return trainingEvolution(network, spec, interventions)
}
