import { LabError } from '../../../../shared/errors.ts'
import { formatBytes } from '../../../../shared/formatting/formatNumber.ts'
import { readBack, watchOf } from '../deviceWatch.ts'
import {
  compilerOf,
  countedFields,
  stepBytes,
  stepFields,
  stridePlaces,
  type Dispatch,
  type Kernel,
} from '../kernel.ts'
import { selectionWriter } from '../selections.ts'
import { constantFields, lossScale, type DeviceStep } from '../stepSettings.ts'
import { selectionLayout } from '../stepShape.ts'
import { toldNumbers } from './batchFields.ts'
import {
  clockBytes,
  settingsOf,
  stateAt,
  tellsTime,
  type BatchDevice,
  type BatchPlan,
  type BatchedData,
  type Told,
  type ToldByAll,
} from './batchPlan.ts'
import type { BatchShape } from './batchShape.ts'
import { stateLayout } from './batchState.ts'
import { planGrid, stepShapeOf } from './gridKernels.ts'

/** Steps of a plan, at most. */
const mostSteps = 64
/** Memory for the runs of a device, about: a few of them keep it busy. */
const mostBytes = 2 ** 30
/** Slots of steps that a state may take: what is recorded of it, forward and back, and the step from it. */
const slotsOfState = 3
/** The state at which a run has failed that has not. */
const never = 0xffff_ffff

type StepFields = Partial<Record<(typeof stepFields)[number], number>>
type Plans = readonly (BatchPlan | undefined)[]
type Buffers = Readonly<Record<string, GPUBuffer>>
/** θ and the moments of all runs. */
type States = Record<'theta' | 'moments', GPUBuffer>

/** Bytes of what a run has of a buffer. */
function bytesOf(name: string, size: number): number {
  return (name === 'fits' ? 16 : name === 'parts' ? 8 : 4) * size
}

/** How many runs of a shape a GPU has room for at a time. Throws OUT_OF_MEMORY where for none. */
export function gridPlaces(shape: BatchShape, limits: GPUSupportedLimits): number {
  const sizes = Object.entries(planGrid(shape, mostSteps + 1).sizes).map(([name, size]) => ({
    name,
    bytes: bytesOf(name, size),
  }))
  const widest = sizes.reduce((most, each) => (each.bytes > most.bytes ? each : most))
  const longest = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize)
  if (widest.bytes > longest) {
    const message = `a run needs a buffer of ${formatBytes(widest.bytes)} (${widest.name}); this GPU has at most ${formatBytes(longest)} in one`
    throw new LabError('OUT_OF_MEMORY', message)
  }
  // Its state is there thrice: as it is, as it was before the last steps, and aside.
  const all = sizes.reduce((sum, { name, bytes }) => sum + (/^(theta|moments)$/.test(name) ? 3 : 1) * bytes, 0)
  return Math.max(1, Math.min(Math.floor(longest / widest.bytes), Math.floor(mostBytes / all)))
}

/**
 * So many places for runs on a GPU, which it takes on together, each a layer of the grids of their products; float32. Nothing is
 * allocated between here and `end`. Throws OUT_OF_MEMORY where the device has no room for it.
 */
export async function gridDevice(gpu: GPUDevice, shape: BatchShape, places: number): Promise<BatchDevice> {
  const { sizes, ...kernels } = planGrid(shape, mostSteps + 1)
  const { samples, perRow, outputs, batchSize } = shape
  const { state: stateNumbers, parameters } = stateLayout(shape)
  const moments = stateNumbers - parameters
  const ofStep = stepShapeOf(shape)
  const stride = stridePlaces(places)
  const watch = watchOf(gpu)
  const clock = tellsTime(gpu) ? gpu.createQuerySet({ type: 'timestamp', count: 2 }) : undefined
  const bytesOfRun = (name: string) => bytesOf(name, sizes[name]!)
  const [failedBytes, toldBytes] = [places * bytesOfRun('failed'), places * bytesOfRun('told')]
  const { bound, present, before, aside, steps, read, clockRead, all } = await allocate()
  const dispatches = await compile()
  const runs: (ReturnType<typeof seated> | undefined)[] = Array.from({ length: places })
  const floats = new Float32Array((slotsOfState * (mostSteps + 1) * stride) / 4)
  const words = new Uint32Array(floats.buffer)
  const wholeSelection = selectionLayout(shape).length
  const batchSelection = batchSize === undefined ? 0 : selectionLayout(ofStep).length
  const batches = new Uint32Array(places * mostSteps * batchSelection)
  const neverFailed = new Uint32Array(places).fill(never)

  function allocate() {
    const { STORAGE, COPY_SRC, COPY_DST, MAP_READ, QUERY_RESOLVE } = GPUBufferUsage
    return watch.withinMemory(() => {
      const all: GPUBuffer[] = []
      const made = (bytes: number, usage = STORAGE | COPY_SRC | COPY_DST) => {
        all.push(gpu.createBuffer({ size: Math.max(16, bytes), usage }))
        return all.at(-1)!
      }
      const ofRuns = (name: string) => made(places * bytesOfRun(name))
      const states = (): States => ({ theta: ofRuns('theta'), moments: ofRuns('moments') })
      const present = states()
      const others = Object.keys(sizes).filter((name) => !(name in present) && name !== 'values')
      return {
        bound: { ...Object.fromEntries(others.map((name) => [name, ofRuns(name)])), ...present } as Buffers,
        ...{ present, before: states(), aside: states() },
        steps: made(slotsOfState * (mostSteps + 1) * stride),
        read: made(clockBytes + Math.max(failedBytes + toldBytes, 4 * places * stateNumbers), MAP_READ | COPY_DST),
        clockRead: made(clockBytes, QUERY_RESOLVE | COPY_SRC),
        all,
      }
    })
  }

  async function compile() {
    const compiler = compilerOf(gpu)
    const dispatched = (some: readonly Kernel[], values: GPUBuffer) =>
      Promise.all(some.map((kernel) => compiler.dispatchMany(kernel, { ...bound, values }, steps, { places, sizes })))
    const [step, clamp, fits, tell] = await Promise.all([
      dispatched(kernels.step, bound['gradient']!),
      dispatched(kernels.clamp, present.theta),
      dispatched(kernels.fits, bound['gradient']!),
      dispatched(kernels.tell, bound['gradient']!),
    ])
    return { step, clamp, fits, tell }
  }

  /** A run in a place, whose tokens are those of its table. */
  function seated(run: BatchedData) {
    const indices = new Int32Array(samples * perRow)
    const classes = new Uint32Array(samples)
    for (let row = 0; row < samples; row++) {
      const at = row * (perRow + 1)
      indices.set(run.table.subarray(at, at + perRow), row * perRow)
      classes[row] = run.table[at + perRow]!
    }
    const X = { rows: samples, perRow, indices }
    const { dynamics } = run
    return {
      ...settingsOf(run),
      ...{ X, classes },
      constants: constantFields(dynamics),
      wholeScale: lossScale(dynamics, run.samples, outputs),
      select: selectionWriter(X, ofStep),
    }
  }

  function sendData(place: number, { X, classes, samples: trained }: ReturnType<typeof seated>): void {
    const targets = new Float32Array(samples * outputs)
    classes.forEach((right, row) => (targets[row * outputs + right] = 1))
    const selection = new Uint32Array(wholeSelection)
    const rows = Uint32Array.from({ length: samples }, (_, row) => row)
    selectionWriter(X, shape)(rows.subarray(0, trained), selection, 0)
    selection.set(rows)
    const send = (name: string, data: Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Float32Array<ArrayBuffer>) =>
      gpu.queue.writeBuffer(bound[name]!, place * bytesOfRun(name), data)
    send('inputs', X.indices as Int32Array<ArrayBuffer>)
    send('classes', classes)
    send('targets', targets)
    send('selection', selection)
  }

  function sendState(place: number, state: Float32Array): void {
    gpu.queue.writeBuffer(present.theta, 4 * place * parameters, state.slice(0, parameters))
    if (moments > 0) gpu.queue.writeBuffer(present.moments, 4 * place * moments, state.slice(parameters))
  }

  /** The fields of all places in a slot; a place without any has no work there. */
  function setSlot(slot: number, fieldsOf: (place: number) => StepFields | undefined): void {
    for (let place = 0; place < places; place++) {
      const first = (slot * stride + place * stepBytes) / 4
      for (const [name, value] of Object.entries(fieldsOf(place) ?? { rows: 0 })) {
        const field = name as (typeof stepFields)[number]
        ;(countedFields.includes(field) ? words : floats)[first + stepFields.indexOf(field)] = value
      }
    }
  }

  function stepAt(place: number, t: number, step: DeviceStep): StepFields {
    const { dynamics, samples: trained, constants, fieldsOf, samplesAt, select } = runs[place]!
    const chosen = samplesAt?.(step.position)
    if (chosen) select(chosen, batches, (place * mostSteps + t) * batchSelection)
    const rows = chosen?.length ?? trained
    return {
      ...constants,
      ...fieldsOf(step),
      rows,
      selection: chosen ? wholeSelection + t * batchSelection : 0,
      lossScale: lossScale(dynamics, rows, outputs),
      clampedNorm: step.norm ?? 0,
      state: t,
    }
  }

  /** Sends what the runs are to do; what is to be dispatched for it in turn, each with the fields of a slot. */
  function planned(plans: Plans): [dispatches: readonly Dispatch[], slot: number][] {
    const turns: [readonly Dispatch[], number][] = []
    let slots = 0
    const add = (some: readonly Dispatch[], fieldsOf: (place: number, plan: BatchPlan) => StepFields | undefined) => {
      const slot = slots++
      setSlot(slot, (place) => plans[place] && fieldsOf(place, plans[place]))
      turns.push([some, slot])
    }
    const count = plans.reduce((most, plan) => Math.max(most, plan?.steps.length ?? 0), 0)
    for (let t = 0; t <= count; t++) {
      if (plans.some((plan) => plan?.isRecorded[t])) {
        add(dispatches.fits, (_, { isRecorded }) => (isRecorded[t] ? { rows: samples, selection: 0 } : undefined))
        add(dispatches.tell, (place, { isRecorded }) => {
          const { samples: rows, wholeScale: lossScale } = runs[place]!
          return isRecorded[t] ? { rows, selection: 0, lossScale, state: t } : undefined
        })
      }
      if (t === count) break
      add(dispatches.step, (place, { steps }) => (t < steps.length ? stepAt(place, t, steps[t]!) : undefined))
      if (plans.some((plan) => plan?.steps[t]?.norm !== undefined)) turns.push([dispatches.clamp, slots - 1])
    }
    gpu.queue.writeBuffer(steps, 0, floats, 0, (slots * stride) / 4)
    gpu.queue.writeBuffer(bound['failed']!, 0, neverFailed)
    if (batchSelection > 0) sendBatches(plans)
    return turns
  }

  function sendBatches(plans: Plans): void {
    plans.forEach((plan, place) => {
      const at = place * bytesOfRun('selection') + 4 * wholeSelection
      const count = (plan?.steps.length ?? 0) * batchSelection
      gpu.queue.writeBuffer(bound['selection']!, at, batches, place * mostSteps * batchSelection, count)
    })
  }

  function copyStates(encoder: GPUCommandEncoder, from: States, to: States): void {
    encoder.copyBufferToBuffer(from.theta, 0, to.theta, 0, 4 * places * parameters)
    if (moments > 0) encoder.copyBufferToBuffer(from.moments, 0, to.moments, 0, 4 * places * moments)
  }

  /** Takes the runs on, and reads what they tell; `prepare` queues what comes before. */
  async function go(plans: Plans, prepare: (encoder: GPUCommandEncoder) => void): Promise<ToldByAll> {
    const turns = planned(plans)
    const encoder = gpu.createCommandEncoder()
    prepare(encoder)
    const timestampWrites = clock && { querySet: clock, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 }
    const pass = encoder.beginComputePass(timestampWrites && { timestampWrites })
    for (const [some, slot] of turns) for (const dispatch of some) dispatch.encode(pass, slot)
    pass.end()
    if (clock) {
      encoder.resolveQuerySet(clock, 0, 2, clockRead, 0)
      encoder.copyBufferToBuffer(clockRead, 0, read, 0, clockBytes)
    }
    encoder.copyBufferToBuffer(bound['failed']!, 0, read, clockBytes, failedBytes)
    encoder.copyBufferToBuffer(bound['told']!, 0, read, clockBytes + failedBytes, toldBytes)
    gpu.queue.submit([encoder.finish()])
    return readBack(watch, read, clockBytes + failedBytes + toldBytes, (bytes) => {
      const [begun = 0n, ended = 0n] = clock ? new BigUint64Array(bytes, 0, 2) : []
      const failed = new Uint32Array(bytes, clockBytes, places)
      const told = new Float32Array(bytes, clockBytes + failedBytes)
      return {
        told: plans.map((plan, place) => toldBy(plan, failed[place]!, told.subarray((place * toldBytes) / places / 4))),
        milliseconds: clock && Math.max(0, Number(ended - begun) / 1e6),
      }
    })
  }

  function toldBy(plan: BatchPlan | undefined, failed: number, told: Float32Array): Told {
    const states = plan?.isRecorded.flatMap((isTold, t) => (isTold ? [stateAt(told, t * toldNumbers.length)] : []))
    return { states: states ?? [], failedAt: failed === never ? undefined : failed }
  }

  async function readStates(of: readonly number[]): Promise<Float32Array[]> {
    if (of.length === 0) return []
    const encoder = gpu.createCommandEncoder()
    of.forEach((place, i) => {
      const at = 4 * i * stateNumbers
      encoder.copyBufferToBuffer(present.theta, 4 * place * parameters, read, at, 4 * parameters)
      if (moments > 0) {
        encoder.copyBufferToBuffer(present.moments, 4 * place * moments, read, at + 4 * parameters, 4 * moments)
      }
    })
    gpu.queue.submit([encoder.finish()])
    return readBack(watch, read, 4 * of.length * stateNumbers, (bytes) =>
      of.map((_, i) => new Float32Array(bytes.slice(4 * i * stateNumbers, 4 * (i + 1) * stateNumbers))),
    )
  }

  return {
    mostSteps,
    put(place, run, state) {
      const seat = (runs[place] = seated(run))
      sendData(place, seat)
      sendState(place, state)
    },
    send: sendState,
    take: (plans) => go(plans, (encoder) => copyStates(encoder, present, before)),
    read: readStates,
    async retake(plans) {
      const answer = await go(plans, (encoder) => {
        copyStates(encoder, present, aside)
        copyStates(encoder, before, present)
      })
      const places = plans.flatMap((plan, place) => (plan ? [place] : []))
      const states = await readStates(places)
      const encoder = gpu.createCommandEncoder()
      copyStates(encoder, aside, present)
      gpu.queue.submit([encoder.finish()])
      return { ...answer, states: plans.map((plan, place) => (plan ? states[places.indexOf(place)] : undefined)) }
    },
    end() {
      for (const buffer of all) buffer.destroy()
      clock?.destroy()
    },
  }
}
