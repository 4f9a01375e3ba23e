import { learningRateAt, weightDecayAt } from '../../../shared/decayTime.ts'
import { LabError } from '../../../shared/errors.ts'
import type { Tilings } from '../../../shared/tilingTable.ts'
import type { ComposedRunSpec, TrainingSpec } from '../../../shared/experiment.ts'
import type { Interventions } from '../interventions/interventions.ts'
import type { Network } from '../network/model.ts'
import { momentsOf, stateOf } from '../network/trainingState.ts'
import {
  deviceTraining,
  stepsPerSubmit,
  type DeviceTraining,
  type DeviceTrainingOptions,
} from '../webgpu/deviceTraining.ts'
import { momentNames } from '../webgpu/optimizerKernels.ts'
import { tilingScalars, tilingsOfScalars } from '../webgpu/tilings.ts'
import { isClampedIn } from '../webgpu/trainingPlan.ts'
import type { DeviceStep } from '../webgpu/stepSettings.ts'
import type { Evolution } from './evolution.ts'

/**
 * Training as `trainingEvolution`, on a GPU and in float32. The state stays there: it is sent by `begin` and read back by
 * `collect`, and `advance` takes up to 64 steps at a time, as many as
 * take a moment. What is not finite stays so, so that only the gradient at a
 * reading is looked at: where it is not finite, the steps since the last state that was read are taken again, one by one,
 * to the first at which it was not. Throws DIVERGED with that step; OUT_OF_MEMORY where the GPU has no more;
 * BACKEND_UNAVAILABLE where it was lost.
 */
export function webGpuTrainingEvolution(
  gpu: GPUDevice,
  network: Network,
  spec: Pick<ComposedRunSpec, 'interventions' | 'seed'> & { dynamics: TrainingSpec },
  interventions: Interventions,
  given: { tilings?: Tilings; choose?: DeviceTrainingOptions['choose'] } = {},
): Evolution {
  const { backend, model } = network
  if (backend.precision !== 'float32') {
    const message = `precision: "${backend.precision}" is not allowed with WebGPU, which computes in "float32"`
    throw new LabError('INVALID_SPECIFICATION', message)
  }
  const { twoLayers } = model
  if (!twoLayers) {
    const message = 'network: WebGPU has no kernels for this model, only for two layers'
    throw new LabError('INVALID_SPECIFICATION', `${message}; choose another backend`)
  }
  const { dynamics, seed } = spec
  const moments = momentsOf(network, momentNames[dynamics.optimizer.kind])
  let training: DeviceTraining | undefined
  let gradientNorm = NaN
  let { tilings } = given
  let optimizerSteps = 0
  /** Where the state is on the clock, and where it was when it was last read. */
  let position = 0
  let collectedAt = NaN
  /** Steps of the next submit: no bit depends on it. */
  let atOnce = 1

  /** Few enough for the run to be stopped soon, and for drivers that end what computes for long. */
  function nextCount(count: number, milliseconds: number): number {
    if (milliseconds > 100) return Math.ceil(count / 2)
    return count === atOnce && milliseconds < 25 ? Math.min(2 * atOnce, stepsPerSubmit) : atOnce
  }

  function open(): Promise<DeviceTraining> {
    const isClamped = isClampedIn(spec)
    const options = { ...twoLayers!, dynamics, seed, isClamped, tilings, choose: given.choose }
    return deviceTraining(gpu, network, stateOf(network, moments), options)
  }

  async function take(count: number): Promise<void> {
    const steps = Array.from({ length: count }, (_, i): DeviceStep => {
      const at = position + i
      return {
        position: at,
        optimizerStep: optimizerSteps + i + 1,
        learningRate: learningRateAt(dynamics, at),
        weightDecay: weightDecayAt(spec, at),
        norm: interventions.normAt(at + 1),
      }
    })
    optimizerSteps += count
    position += count
    await training!.take(steps)
  }

  async function collect(): Promise<void> {
    if (collectedAt === position) return
    const found = await training!.collect()
    if (!Number.isFinite(found)) throw await divergence()
    gradientNorm = found
    collectedAt = position
  }

  async function divergence(): Promise<LabError> {
    const last = position
    if (last > collectedAt) {
      optimizerSteps -= last - collectedAt
      position = collectedAt
      training!.send()
      while (position < last && Number.isFinite(await training!.collect())) await take(1)
    }
    const message = `the gradient norm is not finite from step ${position} on: training left the finite numbers`
    return new LabError('DIVERGED', message)
  }

  return {
    async begin(at) {
      training ??= await open()
      position = at
      collectedAt = NaN
      training.send()
      await collect()
    },
    async advance(from, limit) {
      const count = Math.min(atOnce, limit - from)
      const startedAt = performance.now()
      await take(count)
      atOnce = nextCount(count, performance.now() - startedAt)
      return position
    },
    collect,
    measure: () => ({
      gradientNorm,
      ...(dynamics.schedule ? { learningRate: learningRateAt(dynamics, position) } : {}),
    }),
    pull: () => gradientNorm,
    inspect: () => ({}),
    localError: () => NaN,
    extraMatrices: () => Object.fromEntries(moments.flat().map(({ name, matrix }) => [name, matrix])),
    scalars: (): Record<string, number> => ({
      ...(dynamics.optimizer.kind === 'adamw' ? { optimizerSteps } : {}),
      ...(tilings && tilingScalars(tilings)),
    }),
    restore(scalars) {
      tilings = tilingsOfScalars(scalars)
      optimizerSteps = scalars['optimizerSteps'] ?? 0
    },
    report: () => undefined,
    end: () => training?.end(),
  }
}
