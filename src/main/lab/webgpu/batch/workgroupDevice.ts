import { readBack, watchOf } from '../deviceWatch.ts'
import { compilerOf, type Dispatch } from '../kernel.ts'
import { constantFields, lossScale, type DeviceStep } from '../stepSettings.ts'
import {
  clockBytes,
  settingsOf,
  stateAt,
  tellsTime,
  type BatchDevice,
  type BatchPlan,
  type Told,
  type ToldByAll,
} from './batchPlan.ts'
import { constantNames, ownNames, rateNames, toldNumbers } from './batchFields.ts'
import { batchKernel } from './batchKernel.ts'
import { batchLayout, type BatchShape } from './batchShape.ts'

/** Steps of a dispatch, at most. */
const mostSteps = 256
/** Numbers of a buffer for what is sent with a dispatch or told by it, about. */
const mostNumbers = 2 ** 23

/**
 * So many places for runs on a GPU, which it takes on together, a dispatch for all; float32. Nothing is allocated between here and
 * `end`. Throws OUT_OF_MEMORY where the device has no room for it.
 */
export async function workgroupDevice(gpu: GPUDevice, shape: BatchShape, places: number): Promise<BatchDevice> {
  const layout = batchLayout(shape)
  const { batchSize = 0, outputs } = shape
  const room = Math.max(
    1,
    Math.min(mostSteps, Math.floor(mostNumbers / (places * Math.max(toldNumbers.length, batchSize)))),
  )
  const watch = watchOf(gpu)
  const sizes = {
    first: places * layout.state,
    second: places * layout.state,
    aside: places * layout.state,
    samples: places * layout.table,
    constants: places * constantNames.length,
    own: places * room * ownNames.length,
    marks: 1 + 2 * places * (room + 2),
    selection: places * room * batchSize,
    told: places * (room + 2) * toldNumbers.length,
  }
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ, QUERY_RESOLVE } = GPUBufferUsage
  const buffers = await watch.withinMemory(() => {
    const made = (size: number, usage: number) => gpu.createBuffer({ size: Math.max(16, 4 * size), usage })
    const stored = Object.entries(sizes).map(([name, size]) => [name, made(size, STORAGE | COPY_SRC | COPY_DST)])
    return {
      ...(Object.fromEntries(stored) as Record<keyof typeof sizes, GPUBuffer>),
      read: made(clockBytes / 4 + Math.max(sizes.first, sizes.told), MAP_READ | COPY_DST),
      clock: made(clockBytes / 4, QUERY_RESOLVE | COPY_SRC),
    }
  })
  const clock = tellsTime(gpu) ? gpu.createQuerySet({ type: 'timestamp', count: 2 }) : undefined
  const kernel = { ...batchKernel(shape), groups: places }
  const compiler = compilerOf(gpu)
  const between = (before: GPUBuffer, after: GPUBuffer) => compiler.dispatch(kernel, { ...buffers, before, after })
  const [forth, back, forthAside, backAside] = await Promise.all([
    between(buffers.first, buffers.second),
    between(buffers.second, buffers.first),
    between(buffers.first, buffers.aside),
    between(buffers.second, buffers.aside),
  ])
  /** Whether the present states are in `first`. */
  let isFirst = true
  const own = new Float32Array(sizes.own)
  const marks = new Uint32Array(sizes.marks)
  const selection = new Uint32Array(sizes.selection)
  const runs: (ReturnType<typeof settingsOf> | undefined)[] = Array.from({ length: places })
  marks[0] = places

  /** Where what is said of the state before a step stands: those of all runs side by side, so that what is sent and read has no gaps. */
  const placeOf = (place: number, t: number) => t * places + place

  /** How many states it records. */
  function setPlan(place: number, plan: BatchPlan | undefined): number {
    const { steps = [], isRecorded = [] } = plan ?? {}
    marks[1 + 2 * place] = steps.length
    marks[2 + 2 * place] = runs[place]?.samples ?? 0
    let records = 0
    for (let t = 0; t <= steps.length; t++) {
      const isTold = isRecorded[t] ?? false
      marks[1 + 2 * placeOf(place, t + 1)] = isTold ? placeOf(place, ++records) : 0
      if (t < steps.length) setStep(place, t, steps[t]!)
    }
    return records
  }

  function setStep(place: number, t: number, step: DeviceStep): void {
    const { dynamics, samples, fieldsOf, samplesAt } = runs[place]!
    const at = placeOf(place, t)
    const chosen = samplesAt?.(step.position)
    if (chosen) selection.set(chosen, at * batchSize)
    const rows = chosen?.length ?? samples
    marks[2 + 2 * placeOf(place, t + 1)] = rows
    const fields = fieldsOf(step)
    const first = at * ownNames.length
    for (let i = 0; i < rateNames.length; i++) own[first + i] = fields[rateNames[i]!]
    own[first + rateNames.length] = lossScale(dynamics, rows, outputs)
    own[first + rateNames.length + 1] = step.norm ?? 0
  }

  /** Queues the dispatch; how many numbers it will have told. */
  function queue(plans: readonly (BatchPlan | undefined)[], dispatch: Dispatch): number {
    let records = 0
    for (let place = 0; place < places; place++) records = Math.max(records, setPlan(place, plans[place]))
    const steps = plans.reduce((most, plan) => Math.max(most, plan?.steps.length ?? 0), 0)
    gpu.queue.writeBuffer(buffers.own, 0, own, 0, places * steps * ownNames.length)
    gpu.queue.writeBuffer(buffers.marks, 0, marks, 0, 1 + 2 * places * (steps + 2))
    if (batchSize > 0) gpu.queue.writeBuffer(buffers.selection, 0, selection, 0, places * steps * batchSize)
    const encoder = gpu.createCommandEncoder()
    const timestampWrites = clock && { querySet: clock, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 }
    const pass = encoder.beginComputePass(timestampWrites && { timestampWrites })
    dispatch.encode(pass, 0)
    pass.end()
    const numbers = places * (1 + records) * toldNumbers.length
    if (clock) {
      encoder.resolveQuerySet(clock, 0, 2, buffers.clock, 0)
      encoder.copyBufferToBuffer(buffers.clock, 0, buffers.read, 0, clockBytes)
    }
    encoder.copyBufferToBuffer(buffers.told, 0, buffers.read, clockBytes, 4 * numbers)
    gpu.queue.submit([encoder.finish()])
    return numbers
  }

  function readTold(numbers: number, plans: readonly (BatchPlan | undefined)[]): Promise<ToldByAll> {
    return readBack(watch, buffers.read, clockBytes + 4 * numbers, (read) => {
      const [begun = 0n, ended = 0n] = clock ? new BigUint64Array(read, 0, 2) : []
      return {
        told: toldBy(new Float32Array(read, clockBytes), plans),
        milliseconds: clock && Math.max(0, Number(ended - begun) / 1e6),
      }
    })
  }

  function toldBy(values: Float32Array, plans: readonly (BatchPlan | undefined)[]): Told[] {
    return plans.map((plan, place) => {
      const width = toldNumbers.length
      const count = plan?.isRecorded.filter(Boolean).length ?? 0
      const failed = values[place * width]!
      const states = Array.from({ length: count }, (_, record) => stateAt(values, placeOf(place, 1 + record) * width))
      return { states, failedAt: failed > 0 ? failed - 1 : undefined }
    })
  }

  async function readStates(buffer: GPUBuffer, of: readonly number[]): Promise<Float32Array[]> {
    if (of.length === 0) return []
    const encoder = gpu.createCommandEncoder()
    const bytes = 4 * layout.state
    of.forEach((place, i) => encoder.copyBufferToBuffer(buffer, place * bytes, buffers.read, i * bytes, bytes))
    gpu.queue.submit([encoder.finish()])
    return readBack(watch, buffers.read, of.length * bytes, (read) =>
      of.map((_, i) => new Float32Array(read.slice(i * bytes, (i + 1) * bytes))),
    )
  }

  const present = () => (isFirst ? buffers.first : buffers.second)
  const writeState = (place: number, state: Float32Array) =>
    gpu.queue.writeBuffer(present(), 4 * place * layout.state, Float32Array.from(state))

  return {
    mostSteps: room,
    put(place, run, state) {
      runs[place] = settingsOf(run)
      const { dynamics, samples } = run
      const constants: Partial<Record<string, number>> = {
        ...constantFields(dynamics),
        lossScale: lossScale(dynamics, samples, outputs),
      }
      const common = Float32Array.from(constantNames, (name) => constants[name] ?? 0)
      gpu.queue.writeBuffer(buffers.constants, 4 * place * common.length, common)
      gpu.queue.writeBuffer(buffers.samples, 4 * place * layout.table, Uint32Array.from(run.table))
      writeState(place, state)
    },
    send: writeState,
    async take(plans) {
      const numbers = queue(plans, isFirst ? forth : back)
      isFirst = !isFirst
      return readTold(numbers, plans)
    },
    read: (of) => readStates(present(), of),
    async retake(plans) {
      // The states before the last dispatch are still in the other buffer.
      const numbers = queue(plans, isFirst ? backAside : forthAside)
      const answer = await readTold(numbers, plans)
      const planned = plans.flatMap((plan, place) => (plan ? [place] : []))
      const read = await readStates(buffers.aside, planned)
      return { ...answer, states: plans.map((plan, place) => (plan ? read[planned.indexOf(place)] : undefined)) }
    },
    end() {
      for (const buffer of Object.values(buffers)) buffer.destroy()
      clock?.destroy()
    },
  }
}
