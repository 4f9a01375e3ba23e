import { setTimeout as pause } from 'node:timers/promises'
import {
  liveMapMilliseconds,
  maxLiveCells,
  type LiveMapReading,
  type LivePlace,
} from '../../../../shared/contract/liveMaps.ts'
import type { RequestData, Responses } from '../../../../shared/contract.ts'
import type { RunCurves } from '../../../../shared/contract/runs.ts'
import { LabError, toErrorRecord, type ErrorRecord } from '../../../../shared/errors.ts'
import { toRunSpec } from '../../../../shared/experiment.ts'
import type { SpecificationProblem } from '../../../../shared/parseInput.ts'
import { quote } from '../../../../shared/quote.ts'
import type { RunEvent } from '../../../../shared/run.ts'
import { fieldsOf, seedsOf } from '../../../../shared/sweep/sweepSchema.ts'
import type { Caller } from '../../../engine/host/caller.ts'
import type { SweepFolder } from '../../../sweep/sweepFolder.ts'
import { planInSteps, type SweepPlan } from '../../../sweep/sweepPlan.ts'
import { beginAttempt, listJournals, readState } from '../../../sweep/sweepJournals.ts'
import { dataHashOf } from '../../../sweep/sweepDataset.ts'
import { plannedRun, toldBy } from '../../../sweep/sweepRuns.ts'
import { inTurns } from '../../inTurns.ts'
import type { SweepService } from '../sweeps.ts'
import { curvesOf } from './curvesOf.ts'
import type { LiveEngine, LiveEngineListener } from './liveEngine.ts'
import { createLivePlane, type LivePlane } from './livePlane.ts'
import { rememberRuns, type RememberedRuns } from './rememberedRuns.ts'

export interface LiveMapOptions {
  caller: Caller
  createSweep: SweepService['create']
  onFault: (error: unknown) => void
  startEngine: Record<LivePlace, (listener: LiveEngineListener) => LiveEngine>
}

/** Maps whose cells are computed while somebody looks at them. Nothing of them is stored before they are kept. */
export interface LiveMapService {
  begin(given: RequestData<'liveMap.begin'>): Promise<Responses['liveMap.begin']>
  readRuns(id: string, after: number): Promise<LiveMapReading>
  curves(asked: RequestData<'liveMap.curves'>): RunCurves[]
  keep(id: string, name?: string): Promise<Responses['liveMap.keep']>
  hold(id: string, hold: boolean): void
  end(id: string): void
  close(): Promise<void>
}

interface LiveMap {
  /** What it was begun with. */
  words: string
  on: LivePlace
  /** The GPU that computes it, as a sweep's folder names it; null where WebAssembly does. */
  gpu: string | null
  plane: LivePlane
  /** When it was answered last, and who waits for more. */
  toldAt: number
  waiting: Set<() => void>
  expiry: NodeJS.Timeout | undefined
  isEnded: boolean
}

type Question = Omit<RequestData<'liveMap.begin'>, 'liveMap' | 'replaces'>

const shortestInterval = 40
const longestWait = 20_000
/** Of all pages together. */
const maxMaps = 16

export function createLiveMaps(options: LiveMapOptions): LiveMapService {
  const { caller } = options
  const maps = new Map<string, LiveMap>()
  const beginning = new Map<string, { words: string; end: Promise<Responses['liveMap.begin']> }>()
  /** The bits of a run hang on where it was computed, its key does not. */
  const places = { here: placeOf('here'), gpu: placeOf('gpu') }

  function placeOf(on: LivePlace) {
    const listener: LiveEngineListener = {
      onEnded: (key, events) => onEnded(on, key, events),
      onFailed: (key, error) => onFailed(on, key, error),
    }
    return { remembered: rememberRuns(), engine: options.startEngine[on](listener) }
  }

  const mapsOn = (on: LivePlace) => [...maps.values()].filter((map) => map.on === on)

  function find(id: string): LiveMap {
    const map = maps.get(id)
    if (!map) throw new LabError('NOT_FOUND', `there is no live map ${quote(id)}, or it was left unused for too long`)
    return map
  }

  /** All that is wanted, a run of each map in turn. */
  function compute(on: LivePlace): void {
    const lists = mapsOn(on).map(({ plane }) => plane.open())
    const longest = Math.max(0, ...lists.map((list) => list.length))
    const wanted = Array.from({ length: longest }, (_, place) => lists.flatMap((list) => list[place] ?? [])).flat()
    places[on].engine.compute(wanted)
  }

  function onEnded(on: LivePlace, key: string, events: readonly RunEvent[]): void {
    const spec = specOf(on, key)
    const last = events.at(-1)!
    if (!spec || last.type !== 'settled') return
    const run = { ...toldBy(plannedRun({ key, name: spec.name }, key, spec), events), status: last.status }
    places[on].remembered.set(run, events)
    changed(on, key)
  }

  function onFailed(on: LivePlace, key: string, { code, message }: ErrorRecord): void {
    for (const { plane } of mapsOn(on)) plane.fail(key, code, message)
    changed(on, key)
  }

  function specOf(on: LivePlace, key: string) {
    for (const { plane } of mapsOn(on)) {
      const spec = plane.specOf(key)
      if (spec) return spec
    }
    return undefined
  }

  function changed(on: LivePlace, key: string): void {
    for (const map of mapsOn(on)) {
      if (map.plane.note(key)) void goOn(map)
    }
  }

  /** Seeds are added once all that were asked for have ended. */
  async function goOn(map: LiveMap): Promise<void> {
    wake(map)
    try {
      // Those that are added may be known.
      while (await map.plane.addSeeds((question) => caller.call('map.draw', question))) {
        if (map.isEnded) return
        compute(map.on)
        wake(map)
      }
    } catch (error) {
      if (!map.isEnded) options.onFault(error)
    }
    wake(map)
  }

  function wake({ waiting }: LiveMap): void {
    for (const each of waiting) each()
  }

  function endMap(id: string): void {
    const map = leave(id)
    if (map) compute(map.on)
  }

  /** Whoever waits for it is told; what is wanted then is left to say. */
  function leave(id: string): LiveMap | undefined {
    const map = maps.get(id)
    if (!map) return undefined
    map.isEnded = true
    clearTimeout(map.expiry)
    maps.delete(id)
    wake(map)
    return map
  }

  /** Whoever has gone without a word no longer asks. */
  function expect(id: string, map: LiveMap): void {
    clearTimeout(map.expiry)
    map.expiry = setTimeout(() => endMap(id), liveMapMilliseconds).unref()
  }

  async function plan(spec: unknown): Promise<SweepPlan> {
    const planned = await inTurns(planInSteps(spec))
    const { axes, map } = planned.spec
    const problem = (path: string, value: unknown, message: string): never => {
      throw new LabError('INVALID_SPECIFICATION', `${path}: ${message}`, [{ path, value, message }])
    }
    if (dataHashOf(planned.spec) !== undefined) {
      problem('base.task.kind', 'dataset', 'a live map takes no data from a file; New makes a sweep of it')
    }
    if (planned.cells.some(({ spec }) => 'task' in spec && spec.initialization.kind === 'file')) {
      problem('base.initialization.kind', 'file', 'a live map takes no start from a file; New makes a sweep of it')
    }
    if (axes.length !== 2 || axes.some((axis) => fieldsOf(axis).length !== 1)) {
      problem('axes', axes.length, 'a live map is a plane: two axes, of one field each')
    }
    if (map && map.x === map.y) problem('map.y', map.y, 'is the horizontal axis already')
    if (planned.cells.length > maxLiveCells) {
      problem('axes', planned.cells.length, `${planned.cells.length} cells; a live map has at most ${maxLiveCells}`)
    }
    return planned
  }

  /** Of each cell the first seed. */
  async function admit({ cells, spec }: SweepPlan, on: LivePlace): Promise<string | null> {
    const [seed] = seedsOf(spec)
    try {
      return await places[on].engine.admit(cells.map((cell) => toRunSpec(cell.spec, seed!)))
    } catch (error) {
      if (on === 'here') throw error
      const { code, message, detail } = toErrorRecord(error)
      const [{ path, value } = { path: 'on', value: undefined }] =
        code === 'INVALID_SPECIFICATION' ? (detail as SpecificationProblem[]) : []
      const place = path === 'on' ? path : `base.${path}`
      throw new LabError('INVALID_SPECIFICATION', message, [{ path: place, value, message }])
    }
  }

  async function beginMap(id: string, replaces: string | undefined, question: Question) {
    try {
      const planned = await plan(question.spec)
      if (maps.size >= maxMaps && !maps.has(replaces ?? '')) {
        throw new LabError('CONFLICT', `there are ${maxMaps} live maps already; close the page of one`)
      }
      const { on } = question
      const gpu = await admit(planned, on)
      const plane = createLivePlane({ ...question, plan: planned, gpu, remembered: places[on].remembered })
      const words = JSON.stringify(question)
      const map: LiveMap = {
        ...{ words, on, gpu, plane },
        ...{ toldAt: 0, waiting: new Set(), expiry: undefined, isEnded: false },
      }
      const before = replaces === undefined ? undefined : leave(replaces)
      maps.set(id, map)
      expect(id, map)
      // Only once both are settled: what both want goes on.
      compute(on)
      if (before && before.on !== on) compute(before.on)
      // All of it may be known.
      void goOn(map)
      return { problems: [] }
    } catch (error) {
      const { code, message, detail } = toErrorRecord(error)
      if (code !== 'INVALID_SPECIFICATION') throw error
      const problems = detail as SpecificationProblem[] | undefined
      return { problems: problems ?? [{ path: 'sweep', value: undefined, message }] }
    }
  }

  return {
    begin({ liveMap: id, replaces, ...question }) {
      const words = JSON.stringify(question)
      // An answer that was lost is asked for again.
      if (maps.get(id)?.words === words) return Promise.resolve({ problems: [] })
      const known = beginning.get(id)
      if (known?.words === words) return known.end
      if (known || maps.has(id)) {
        throw new LabError('CONFLICT', `liveMap: there is another ${quote(id)}; allowed: a new name`)
      }
      const end = beginMap(id, replaces, question).finally(() => beginning.delete(id))
      beginning.set(id, { words, end })
      return end
    },
    async readRuns(id, after) {
      const map = find(id)
      clearTimeout(map.expiry)
      if (map.plane.revision() <= after) await changeOf(map)
      await pause(Math.max(0, map.toldAt + shortestInterval - performance.now()))
      // It ended meanwhile.
      find(id)
      map.toldAt = performance.now()
      expect(id, map)
      return map.plane.read(after)
    },
    curves({ liveMap: id, runIds, measurements }) {
      const { plane, on } = find(id)
      const answer: RunCurves[] = []
      const missing: string[] = []
      for (const runId of runIds) {
        const events = places[on].remembered.eventsOf(runId)
        if (events) answer.push({ runId, curves: curvesOf(events, measurements) })
        else missing.push(runId)
      }
      if (plane.putFirst(missing)) compute(on)
      return answer
    },
    async keep(id, name) {
      const { plane, on, gpu } = find(id)
      const { spec } = plane.plan
      const kept = { ...spec, name: name ?? spec.name, seeds: seedsOf(spec).slice(0, plane.seeds()) }
      let taken = 0
      const fill = async (folder: SweepFolder) => {
        taken = await writeJournals(folder, places[on].remembered)
      }
      const sweep = await options.createSweep({ spec: kept, computes: plane.isWhole(), gpu, fill })
      return { sweep, taken }
    },
    hold(id, hold) {
      const { plane, on } = find(id)
      plane.hold(hold)
      compute(on)
    },
    end: endMap,
    async close() {
      for (const id of maps.keys()) endMap(id)
      await Promise.all(Object.values(places).map(({ engine }) => engine.close()))
    },
  }

  function changeOf({ waiting }: LiveMap): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer)
        waiting.delete(end)
        resolve()
      }
      const timer = setTimeout(end, longestWait).unref()
      waiting.add(end)
    })
  }

  /** What is remembered of the runs of a sweep; tells of how many. */
  async function writeJournals(folder: SweepFolder, remembered: RememberedRuns): Promise<number> {
    const present = listJournals(folder)
    let taken = 0
    for (const key of folder.keys) {
      if (readState(folder, key, present.get(key)).end) continue
      const events = remembered.eventsOf(key)
      if (!events) continue
      const journal = beginAttempt(folder, key)
      try {
        journal.append(events)
      } finally {
        await journal.close()
      }
      taken += 1
    }
    return taken
  }
}
