import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { maxCurvePoints } from '../../shared/contract/runs.ts'
import type { HostEvents } from '../../shared/contract.ts'
import type { MeasurementName } from '../../shared/measurements.ts'
import { generation, on, request } from '../lab.ts'
import { CurveBuffer } from '../../shared/curves/curveBuffer.ts'
import { oncePerFrame } from './oncePerFrame.ts'
import { useWatched } from './useWatched.ts'
import { rowsPerBucket } from '../../shared/curves/rowsPerBucket.ts'

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

/** More than a screen has pixels, and soon read however long a run is: what is drawn first, where there are more. */
const firstPoints = { perCurve: 5000, inAll: 500_000 }
const maxPoints = 100_000
/** Of runs that go on: more would be let go with the first row that comes. */
const maxLivePoints = 30_000
const logPoints = 10_000
const betweenDrawings = 100

/** The curves of some runs, whole, and growing while the runs are live. */
export function useRunCurves(source: CurveSource): RunCurveStore {
  const curves = shallowRef<ReadonlyMap<string, CurveBuffer>>(new Map())
  const ready = shallowRef(false)
  const failure = shallowRef<unknown>(null)
  let buffers = new Map<string, CurveBuffer>()
  /** What `buffers` are of, once they are all there. */
  let held = ''
  let early: HostEvents['run.measured'][] | null = null
  /** Whether `buffers` have all rows up to the newest, so that one can follow; not so while those that were missed are read. */
  let isWhole = false
  let turn = 0
  const publish = oncePerFrame(() => (curves.value = new Map(buffers)), betweenDrawings)
  const identity = () => [source.archive?.value, ...source.runIds.value, ...source.measurements.value].join()

  async function read() {
    const requested = ++turn
    const runIds = [...source.runIds.value]
    const measurements = [...source.measurements.value]
    if (runIds.length === 0 || measurements.length === 0) {
      early = failure.value = null
      return
    }
    const [asks, archive] = [identity(), source.archive?.value]
    const share = (points: number) => Math.max(2, Math.floor(points / (runIds.length * measurements.length)))
    const room = share(maxCurvePoints)
    const soon = Math.min(firstPoints.perCurve, share(firstPoints.inAll))
    early = []
    isWhole = false
    try {
      if (held !== asks || !(await catchUp())) {
        held = ''
        if (requested !== turn) return
        if (await readUpTo(soon)) await readUpTo(early.length > 0 ? maxLivePoints : maxPoints)
      }
      if (requested !== turn) return
      early = null
      held = asks
      failure.value = null
    } catch (error) {
      if (requested === turn) [early, failure.value] = [null, error]
    }

    /** Reads all with so many points a curve and draws it; tells whether there are more. */
    async function readUpTo(limit: number): Promise<boolean> {
      const points = Math.min(limit, room)
      const ask = (spread: { points: number; spacing?: 'log' }) =>
        request('run.curves', { runIds, measurements, archive, ...spread })
      const even = await ask({ points })
      if (requested !== turn) return false
      const read = new Map(even.map((run) => [run.runId, new CurveBuffer(measurements, run.curves)]))
      const isReduced = even.some(({ curves: all }) =>
        Object.values(all).some(({ step }) => rowsPerBucket * step.length > points),
      )
      // Of a very long run equal buckets would leave little of its beginning, which a logarithmic axis shows large: without
      // it such an axis would show for a moment a course that the run did not take.
      const log = isReduced ? await ask({ points: Math.min(logPoints, points), spacing: 'log' }) : []
      if (requested !== turn) return false
      for (const run of log) read.get(run.runId)?.refine(run.curves)
      draw(read)
      return isReduced && points < room
    }

    function draw(read: Map<string, CurveBuffer>) {
      buffers = read
      for (const rows of early ?? []) buffers.get(rows.runId)?.append(rows)
      isWhole = true
      ready.value = true
      curves.value = new Map(buffers)
    }

    /** Reads what came after what is there; tells whether that is how the runs went on. */
    async function catchUp(): Promise<boolean> {
      const known = [...buffers]
      const missed = await Promise.all(
        known.map(([runId, buffer]) =>
          request('run.curves', {
            runIds: [runId],
            measurements,
            archive,
            points: soon,
            fromStep: Math.max(0, buffer.newest),
          }),
        ),
      )
      if (requested !== turn) return true
      if (!known.every(([, buffer], place) => buffer.isContinuedBy(missed[place]?.[0]?.curves ?? {}))) return false
      for (const [place, [, buffer]] of known.entries()) buffer.extend(missed[place]![0]!.curves)
      draw(buffers)
      return true
    }
  }

  const end = on('run.measured', (rows) => {
    if (source.archive?.value !== undefined || !source.runIds.value.includes(rows.runId)) return
    early?.push(rows)
    if (isWhole && buffers.get(rows.runId)?.append(rows)) publish()
  })
  onScopeDispose(end)
  useWatched(() => (source.archive?.value === undefined ? source.runIds.value : []))
  // Curves of one archive are not those of another, even for a moment.
  watch(
    () => source.archive?.value,
    () => {
      turn++
      held = ''
      early = null
      isWhole = ready.value = false
      curves.value = buffers = new Map()
      failure.value = null
    },
    { flush: 'sync' },
  )
  watch([identity, generation], read, { immediate: true })
  return { curves, ready, failure }
}
