/// <reference types="@webgpu/types" />
import type { ComposedRunSpec, RunSpec, TrainingSpec } from '../../../shared/experiment.ts'
import type { NetworkTask } from '../../../shared/tasks/tasks.ts'
import type { Tilings } from '../../../shared/tilingTable.ts'
import { plainBackend } from '../backend/plain.ts'
import { momentsOf, stateOf } from '../network/trainingState.ts'
import { prepareNetwork } from '../prepareNetwork.ts'
import { datasetStandIn } from '../tasks/dataset.ts'
import { deviceTraining, stepsPerSubmit } from '../webgpu/deviceTraining.ts'
import { momentNames } from '../webgpu/optimizerKernels.ts'
import type { DeviceStep } from '../webgpu/stepSettings.ts'

export interface SubmittedTraining {
  /** Makes so many submits; how many steps they had. */
  submit(times: number): Promise<number>
  end(): void
}

/**
 * A training on a GPU whose submits are those of a run, as long as a run's become where steps are short; its data are a stand-in where they are a
 * file's. Nothing is recorded. Throws OUT_OF_MEMORY where the device has no room for it.
 */
export async function submittedTraining(
  gpu: GPUDevice,
  run: RunSpec,
  { tilings, stepsAtOnce = stepsPerSubmit }: { tilings?: Tilings; stepsAtOnce?: number } = {},
): Promise<SubmittedTraining> {
  const spec = run as ComposedRunSpec & { task: NetworkTask; dynamics: TrainingSpec }
  const backend = plainBackend('float32')
  const dataset = spec.task.kind === 'dataset' ? datasetStandIn(spec.task) : undefined
  const { network } = prepareNetwork(spec, backend, undefined, dataset)
  const { dynamics, seed } = spec
  const options = { ...network.model.twoLayers!, dynamics, seed, isClamped: false, tilings }
  const moments = momentsOf(network, momentNames[dynamics.optimizer.kind])
  const training = await deviceTraining(gpu, network, stateOf(network, moments), options)
  const { learningRate, weightDecay } = dynamics
  let position = 0
  training.send()
  return {
    async submit(times) {
      for (let i = 0; i < times; i++) {
        const steps = Array.from({ length: stepsAtOnce }, (): DeviceStep => {
          const optimizerStep = position + 1
          return { position: position++, optimizerStep, learningRate, weightDecay, norm: undefined }
        })
        await training.take(steps)
      }
      return times * stepsAtOnce
    },
    end: () => training.end(),
  }
}
