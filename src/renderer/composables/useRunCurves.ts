import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { maxCurvePoints, type HostEvents } from '../../shared/contract.ts'
import type { MeasurementName } from '../../shared/measurements.ts'
import { generation, on, request } from '../lab.ts'
import { CurveBuffer } from '../../shared/curves/curveBuffer.ts'
import { oncePerFrame } from './oncePerFrame.ts'
import { useWatched } from './useWatched.ts'

export interface CurveSource {
  runIds: Ref<readonly string[]>
  measurements: Ref<readonly MeasurementName[]>
  archive?: Ref<string | undefined>
}

export interface RunCurveStore {
  /** By run id; a new map each time there is more to draw, at most ten times a second. */
  curves: ShallowRef<ReadonlyMap<string, CurveBuffer>>
  ready: ShallowRef<boolean>
  failure: ShallowRef<unknown>
}

const maxPoints = 100_000
const logPoints = 10_000
const betweenDrawings = 100

/** The curves of some runs, whole, and growing while the runs are live. */
export function useRunCurves(source: CurveSource): RunCurveStore {
  const curves = shallowRef<ReadonlyMap<string, CurveBuffer>>(new Map())
  const ready = shallowRef(false)
  const failure = shallowRef<unknown>(null)
  let buffers = new Map<string, CurveBuffer>()
  let early: HostEvents['run.measured'][] | null = null
  let turn = 0
  const publish = oncePerFrame(() => (curves.value = new Map(buffers)), betweenDrawings)

  async function read() {
    const requested = ++turn
    const runIds = [...source.runIds.value]
    const measurements = [...source.measurements.value]
    if (runIds.length === 0 || measurements.length === 0) return
    early = []
    try {
      const archive = source.archive?.value
      const input = { runIds, measurements, archive }
      const room = Math.floor(maxCurvePoints / (runIds.length * measurements.length))
      const points = Math.max(2, Math.min(maxPoints, room))
      const even = await request('run.curves', { ...input, points })
      const reduced = even.some(({ curves: all }) => Object.values(all).some(({ step }) => 2 * step.length > points))
      // Of a very long run equal buckets would leave little of its beginning, which a logarithmic axis shows large.
      const log = reduced
        ? await request('run.curves', { ...input, points: Math.min(logPoints, points), spacing: 'log' })
        : []
      if (requested !== turn) return
      buffers = new Map(even.map((run) => [run.runId, new CurveBuffer(measurements, run.curves)]))
      for (const run of log) buffers.get(run.runId)?.refine(run.curves)
      for (const rows of early) buffers.get(rows.runId)?.append(rows)
      early = null
      failure.value = null
      ready.value = true
      curves.value = new Map(buffers)
    } catch (error) {
      if (requested === turn) failure.value = error
    }
  }

  const end = on('run.measured', (rows) => {
    if (!source.runIds.value.includes(rows.runId)) return
    if (early) early.push(rows)
    else if (buffers.get(rows.runId)?.append(rows)) publish()
  })
  onScopeDispose(end)
  useWatched(() => (source.archive?.value === undefined ? source.runIds.value : []))
  const identity = () => [source.archive?.value, ...source.runIds.value, ...source.measurements.value].join()
  watch([identity, generation], read, { immediate: true })
  return { curves, ready, failure }
}
