import { LabError } from '../../../shared/errors.ts'
import type { Activation, TrainingSpec } from '../../../shared/experiment.ts'
import type { Tilings } from '../../../shared/tilingTable.ts'
import { formatBytes } from '../../../shared/formatting/formatNumber.ts'
import type { Matrix } from '../backend/backend.ts'
import { batchSampler } from '../dynamics/batches.ts'
import { isTokens, withConstantInput } from '../network/inputs.ts'
import type { Network } from '../network/model.ts'
import { mappedRange, watchOf } from './deviceWatch.ts'
import { compilerOf, countedFields, stepFields, stepStride, type Dispatch, type Kernel } from './kernel.ts'
import { normParts } from './normKernels.ts'
import { selectionWriter } from './selections.ts'
import { constantFields, lossScale, rateFields, type DeviceStep } from './stepSettings.ts'
import { parameterEntries, parametersOf, selectionLayout, type StepShape } from './stepShape.ts'
import { planTraining, tunedChoice, type KernelChoice } from './trainingPlan.ts'

/** Steps of one submit, at most: a device that is never waited for frees nothing, and cannot be stopped. */
export const stepsPerSubmit = 64
/** Where the fields lie of the gradient of all samples. */
const wholeSlot = stepsPerSubmit

export interface DeviceTrainingOptions {
  readonly activation: Activation
  readonly hasBiases: boolean
  readonly dynamics: TrainingSpec
  readonly seed: number
  /** Whether the norm of θ is set in any of its steps. */
  readonly isClamped: boolean
  /** How the products of steps are cut, where that does not follow from their sizes. */
  readonly tilings?: Tilings | undefined
  /** Which kernels compute a gradient; without it, those that suit its shape. */
  readonly choose?: ((shape: StepShape) => KernelChoice) | undefined
}

/** A training whose state lives on a GPU. */
export interface DeviceTraining {
  /** Sends the state from the host. */
  send(): void
  /** Queues so many steps, at most `stepsPerSubmit`, and waits for those of the call before. */
  take(steps: readonly DeviceStep[]): Promise<void>
  /** ‖∇L‖ of all samples at the present state; where it is finite, the state comes to the host. */
  collect(): Promise<number>
  end(): void
}

/**
 * Training of two layers by kernels of its own, float32, the softmax included whatever the specification says of it. `state`
 * is θ on the host, [E, W] or [E, b, W, c], and after it each of its moments, shaped as θ. Every sum is in an order that the sizes alone decide, so that the same GPU and driver give the same bits. A step is
 * two dispatches where it is small, and six or seven where the products decide; clipping adds two, and so does a norm that
 * is set. Nothing is allocated between here and `end`. Throws OUT_OF_MEMORY where the device has no room for it.
 */
export async function deviceTraining(
  gpu: GPUDevice,
  { backend, train }: Pick<Network, 'backend' | 'train'>,
  state: readonly (readonly Matrix[])[],
  { activation, hasBiases, dynamics, seed, isClamped, tilings, choose }: DeviceTrainingOptions,
): Promise<DeviceTraining> {
  const [E] = state[0]!
  const { Y } = train
  const X = hasBiases ? withConstantInput(backend, train.X, E!.rows) : train.X
  const shape: StepShape = {
    samples: Y.rows,
    inputs: E!.rows + (hasBiases ? 1 : 0),
    hidden: E!.columns,
    outputs: Y.columns,
    perRow: isTokens(X) ? X.perRow : undefined,
    activation,
    loss: dynamics.loss,
    hasBiases,
  }
  const planned = { shape, dynamics, isClamped }
  const plan = planTraining(planned, choose ?? tunedChoice(planned, tilings))
  const { all, ofStep } = plan.shapes
  const parameters = parametersOf(all)
  const watch = watchOf(gpu)
  const buffers = await allocate()
  const variants = await compile()
  /** Which of the two buffers of θ holds it, where steps go from one to the other. */
  let current = 0
  let pending: Promise<unknown> = Promise.resolve()
  const fields = createFields()
  const selections = createSelections()

  async function allocate() {
    const sizes = {
      theta: parameters,
      next: parameters,
      moments: Math.max(1, state.length - 1) * parameters,
      gradient: parameters,
      parts: 2 * normParts(parameters),
      inputs: isTokens(X) ? X.indices.length : X.rows * X.columns,
      targets: Y.rows * Y.columns,
      selection: selectionLayout(all).length,
      batches: dynamics.batch ? stepsPerSubmit * selectionLayout(ofStep).length : 0,
      ...plan.intermediates,
    }
    const longest = Math.min(gpu.limits.maxBufferSize, gpu.limits.maxStorageBufferBindingSize)
    for (const [name, size] of Object.entries(sizes)) {
      if (4 * size <= longest) continue
      const message = `the training needs a buffer of ${formatBytes(4 * size)} (${name}); this GPU has at most ${formatBytes(longest)} in one`
      throw new LabError('OUT_OF_MEMORY', message)
    }
    const { STORAGE, COPY_SRC, COPY_DST, MAP_READ, UNIFORM } = GPUBufferUsage
    return watch.withinMemory(() => {
      const made = (size: number, usage: number) => gpu.createBuffer({ size: Math.max(4, size), usage })
      const stored = Object.entries(sizes).map(([name, size]) => [name, made(4 * size, STORAGE | COPY_SRC | COPY_DST)])
      return {
        ...(Object.fromEntries(stored) as Record<keyof typeof sizes, GPUBuffer>),
        fields: made((stepsPerSubmit + 1) * stepStride, UNIFORM | COPY_DST),
        read: made(4 * (1 + state.length) * parameters, MAP_READ | COPY_DST),
      }
    })
  }

  /** The dispatches on θ in one buffer, and where they exchange buffers, in the other. */
  async function compile() {
    const compiler = compilerOf(gpu)
    const pairs = [
      { theta: buffers.theta, next: buffers.next },
      { theta: buffers.next, next: buffers.theta },
    ]
    return Promise.all(
      pairs.slice(0, plan.isExchanging ? 2 : 1).map(async (pair) => {
        const dispatches = (kernels: readonly Kernel[], named: Record<string, GPUBuffer>) =>
          Promise.all(
            kernels.map((kernel) => compiler.dispatch(kernel, { ...buffers, ...pair, ...named }, buffers.fields)),
          )
        const selection = dynamics.batch ? buffers.batches : buffers.selection
        const [step, clamp, whole] = await Promise.all([
          dispatches(plan.step, { selection, values: buffers.gradient }),
          dispatches(plan.clamp, { values: pair.theta }),
          dispatches(plan.whole, {}),
        ])
        return { step, clamp, whole }
      }),
    )
  }

  function createFields() {
    const floats = new Float32Array(((stepsPerSubmit + 1) * stepStride) / 4)
    const words = new Uint32Array(floats.buffer)
    const constants = constantFields(dynamics)
    const fieldsOf = rateFields(
      dynamics,
      parameterEntries(all).map(({ name }) => name),
    )

    function set(slot: number, values: Partial<Record<(typeof stepFields)[number], number>>): void {
      for (const [name, value] of Object.entries(values)) {
        const field = name as (typeof stepFields)[number]
        const at = (slot * stepStride) / 4 + stepFields.indexOf(field)
        ;(countedFields.includes(field) ? words : floats)[at] = value
      }
    }

    for (let slot = 0; slot <= stepsPerSubmit; slot++) set(slot, constants)
    set(wholeSlot, { rows: Y.rows, lossScale: lossScale(dynamics, Y.rows, Y.columns) })

    return {
      setStep(slot: number, step: DeviceStep, rows: number): void {
        set(slot, {
          rows,
          selection: dynamics.batch ? slot * selectionLayout(ofStep).length : 0,
          lossScale: lossScale(dynamics, rows, Y.columns),
          ...(step.norm !== undefined && { clampedNorm: step.norm }),
          ...fieldsOf(step),
        })
      },
      send: (steps: number) => gpu.queue.writeBuffer(buffers.fields, 0, floats, 0, (steps * stepStride) / 4),
    }
  }

  /** Lists the samples of each step, where they are not all. */
  function createSelections() {
    const { batch } = dynamics
    const write = selectionWriter(X, ofStep)
    const { length } = selectionLayout(ofStep)
    const words = new Uint32Array(batch ? stepsPerSubmit * length : 0)
    const samplesAt = batch && batchSampler(Y.rows, batch, seed)
    return {
      /** How many rows the step has. */
      setStep(slot: number, position: number): number {
        if (!samplesAt) return Y.rows
        const samples = samplesAt(position)
        write(samples, words, slot * length)
        return samples.length
      },
      send(steps: number): void {
        if (batch) gpu.queue.writeBuffer(buffers.batches, 0, words, 0, steps * length)
      },
    }
  }

  function sendData(): void {
    const inputs = isTokens(X) ? Uint32Array.from(X.indices) : Float32Array.from(backend.download(X))
    gpu.queue.writeBuffer(buffers.inputs, 0, inputs)
    gpu.queue.writeBuffer(buffers.targets, 0, Float32Array.from(backend.download(Y)))
    const everySample = new Uint32Array(selectionLayout(all).length)
    selectionWriter(X, all)(
      Uint32Array.from({ length: Y.rows }, (_, i) => i),
      everySample,
      0,
    )
    gpu.queue.writeBuffer(buffers.selection, 0, everySample)
    fields.send(stepsPerSubmit + 1)
  }

  function submit(encode: (encoder: GPUCommandEncoder) => void): void {
    const encoder = gpu.createCommandEncoder()
    encode(encoder)
    gpu.queue.submit([encoder.finish()])
  }

  function encodeAll(pass: GPUComputePassEncoder, dispatches: readonly Dispatch[], slot: number): void {
    for (const dispatch of dispatches) dispatch.encode(pass, slot)
  }

  function encodeSteps(encoder: GPUCommandEncoder, steps: readonly DeviceStep[]): void {
    const pass = encoder.beginComputePass()
    steps.forEach(({ norm }, slot) => {
      encodeAll(pass, variants[current]!.step, slot)
      current = (current + 1) % variants.length
      if (norm !== undefined) encodeAll(pass, variants[current]!.clamp, slot)
    })
    pass.end()
  }

  function encodeReading(encoder: GPUCommandEncoder): void {
    const pass = encoder.beginComputePass()
    encodeAll(pass, variants[current]!.whole, wholeSlot)
    pass.end()
    const bytes = 4 * parameters
    const theta = current === 0 ? buffers.theta : buffers.next
    encoder.copyBufferToBuffer(buffers.gradient, 0, buffers.read, 0, bytes)
    encoder.copyBufferToBuffer(theta, 0, buffers.read, bytes, bytes)
    if (state.length > 1) {
      encoder.copyBufferToBuffer(buffers.moments, 0, buffers.read, 2 * bytes, (state.length - 1) * bytes)
    }
  }

  sendData()
  return {
    send() {
      current = 0
      const values = new Float32Array(parameters)
      state.forEach((matrices, i) => {
        eachPlace(matrices, (matrix, from) => values.set(backend.download(matrix), from))
        if (i === 0) gpu.queue.writeBuffer(buffers.theta, 0, values)
        else gpu.queue.writeBuffer(buffers.moments, 4 * (i - 1) * parameters, values)
      })
    },
    async take(steps) {
      steps.forEach((step, slot) => fields.setStep(slot, step, selections.setStep(slot, step.position)))
      fields.send(steps.length)
      selections.send(steps.length)
      submit((encoder) => encodeSteps(encoder, steps))
      const before = pending
      pending = gpu.queue.onSubmittedWorkDone().catch(() => undefined)
      await watch.until(before)
    },
    async collect() {
      submit(encodeReading)
      await watch.until(buffers.read.mapAsync(GPUMapMode.READ))
      const values = new Float32Array(mappedRange(buffers.read))
      try {
        const part = (i: number) => values.subarray(i * parameters, (i + 1) * parameters)
        const norm = Math.sqrt(part(0).reduce((sum, value) => sum + value * value, 0))
        if (!Number.isFinite(norm)) return norm
        state.forEach((matrices, i) =>
          eachPlace(matrices, (matrix, from, to) => backend.upload(matrix, part(1 + i).subarray(from, to))),
        )
        return norm
      } finally {
        buffers.read.unmap()
      }
    },
    end() {
      for (const buffer of Object.values(buffers)) buffer.destroy()
    },
  }
}

/** Where each of some matrices lies among the numbers of all. */
function eachPlace(matrices: readonly Matrix[], act: (matrix: Matrix, from: number, to: number) => void): void {
  let from = 0
  for (const matrix of matrices) {
    const to = from + matrix.rows * matrix.columns
    act(matrix, from, to)
    from = to
  }
}
