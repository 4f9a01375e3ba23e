import type { LiveMapReading } from '../../../../shared/contract/liveMaps.ts'
import type { ErrorCode } from '../../../../shared/errors.ts'
import { toRunSpec, type RunSpec } from '../../../../shared/experiment.ts'
import { valueOnAxis } from '../../../../shared/map/mapAxis.ts'
import type { MapOptions, MapPlane } from '../../../../shared/map/mapOptions.ts'
import { mapRuns, type RunMap } from '../../../../shared/map/mapPanel.ts'
import { wideRows } from '../../../../shared/map/wideRows.ts'
import type { MapBoundary, MapPanel } from '../../../../shared/panel.ts'
import type { RunSummary } from '../../../../shared/run.ts'
import { coarseFirst } from '../../../../shared/sweep/coarseFirst.ts'
import { fieldsOf, planeOf, seedsOf } from '../../../../shared/sweep/sweepSchema.ts'
import type { SweepPlan } from '../../../sweep/sweepPlan.ts'
import { plannedRun, sweptFacets } from '../../../sweep/sweepRuns.ts'
import type { WantedRun } from './liveEngine.ts'
import type { RememberedRuns } from './rememberedRuns.ts'

export interface LivePlaneOptions {
  plan: SweepPlan
  leastSeeds: number
  /** What computes it, where WebAssembly does not. */
  gpu: string | null
  remembered: RememberedRuns
}

/** What is wanted of a plane, and what is known of it by now. */
export interface LivePlane {
  readonly plan: SweepPlan
  /** Grows with whatever is another than before. */
  revision(): number
  read(after: number): LiveMapReading
  /** Runs that are wanted and have not ended, in the order in which they are to be computed. */
  open(): WantedRun[]
  /** Of a run that is one of its. */
  specOf(key: string): RunSpec | undefined
  /** A run has ended; false where it is none of its. */
  note(key: string): boolean
  /** A run of its could not be computed. */
  fail(key: string, code: ErrorCode, message: string): void
  /** Runs whose curves are waited for; false where that changes nothing. */
  putFirst(keys: readonly string[]): boolean
  /** Held, nothing is open but what is looked at. */
  hold(hold: boolean): void
  /** Once all runs have ended: wants more seeds where the boundary is not narrower than a cell; false where there are none. */
  addSeeds(draw: DrawMaps): Promise<boolean>
  /** Of the cell with the most. */
  seeds(): number
  /** Whether each cell has as many as the one with the most, and all have ended. */
  isWhole(): boolean
}

type DrawMaps = (question: { plane: MapPlane; runs: RunSummary[]; options: MapOptions }) => Promise<MapPanel[]>

export function createLivePlane({ plan, leastSeeds, gpu, remembered }: LivePlaneOptions): LivePlane {
  const { spec, cells, keys } = plan
  const seeds = seedsOf(spec)
  const [rowField, columnField] = spec.axes.map((axis) => fieldsOf(axis)[0]!) as [string, string]
  const { x, y } = spec.map ?? { x: columnField, y: rowField }
  const placeOf = new Map(keys.map((key, place) => [key, place]))
  const facets = cells.map(({ changes }) => sweptFacets(changes))
  const columns = new Set(facets.map((each) => valueOnAxis({ facets: each }, columnField))).size
  const order = coarseFirst(cells.length / columns, columns)
  /** Of each cell, how many seeds are wanted. */
  const wantedSeeds = new Uint32Array(cells.length).fill(Math.min(leastSeeds, seeds.length))
  const failures = new Map<string, Pick<RunSummary, 'status' | 'code' | 'message'>>()
  /** When what is told of a run was another last. */
  const revisions = new Map<number, number>()
  let first: readonly string[] = []
  let revision = 0
  let boundary: MapBoundary | null = null
  let wide = 0
  let isDone = false
  let isFitting = false
  let isHeld = false

  const cellOf = (place: number) => Math.floor(place / seeds.length)
  let wanted = wantedPlaces()
  const hasEnded = (place: number) => remembered.get(keys[place]!) !== undefined || failures.has(keys[place]!)
  /** One seed of all cells before the next one of any. */
  function wantedPlaces(): number[] {
    return seeds.flatMap((_, seed) =>
      order.flatMap((cell) => (seed < wantedSeeds[cell]! ? cell * seeds.length + seed : [])),
    )
  }
  const specAt = (place: number) => toRunSpec(cells[cellOf(place)]!.spec, seeds[place % seeds.length]!)

  function runAt(place: number): RunSummary {
    const key = keys[place]!
    const known = remembered.get(key) ?? plannedRun({ key: plan.key, name: spec.name }, key, specAt(place))
    return { ...known, ...failures.get(key), facets: facets[cellOf(place)]! }
  }

  function touch(places: readonly number[]): void {
    revision += 1
    for (const place of places) revisions.set(place, revision)
  }
  touch(wanted)

  /** Along the axis of numbers on which more rows have one, else the horizontal one; null where there are names on both. */
  async function drawBoundary(map: RunMap, runs: RunSummary[], draw: DrawMaps): Promise<MapBoundary | null> {
    const sides = (['x', 'y'] as const).filter((side) => !map[side].axis.ticks)
    const drawn = await Promise.all(
      sides.map((side) => draw({ plane: planeOf(spec), runs, options: { x, y, color: 't_grok', boundary: side } })),
    )
    const boundaries = drawn.flatMap(([panel]) => panel?.boundary ?? [])
    const [most] = boundaries.toSorted((a, b) => rowsWith(b) - rowsWith(a))
    return most ?? null
  }

  /** Of each row all cells have the same seeds. */
  function widen(rows: ReadonlySet<number>, map: RunMap, other: 'x' | 'y'): number[] {
    const added: number[] = []
    for (const cell of map.cells) {
      const own = cellOf(placeOf.get(cell.runs[0]!.id)!)
      if (!rows.has(cell[other]) || wantedSeeds[own] === seeds.length) continue
      added.push(own * seeds.length + wantedSeeds[own]!)
      wantedSeeds[own]! += 1
    }
    return added
  }

  return {
    plan,
    revision: () => revision,
    read(after) {
      const ended = wanted.filter(hasEnded)
      const isFailed = (place: number) =>
        failures.has(keys[place]!) || remembered.get(keys[place]!)?.status === 'failed'
      return {
        revision,
        runs: wanted.filter((place) => revisions.get(place)! > after).map(runAt),
        wanted: wanted.length,
        ended: ended.length,
        failed: ended.filter(isFailed).length,
        seeds: this.seeds(),
        gpu,
        isDone,
        boundary,
        rows: boundary ? rowsWith(boundary) : 0,
        wideRows: wide,
      }
    },
    open() {
      const places = [
        ...first.flatMap((key) => placeOf.get(key) ?? []),
        ...(isHeld ? [] : wanted.filter((place) => !hasEnded(place))),
      ]
      return [...new Set(places)].map((place) => ({ key: keys[place]!, spec: specAt(place) }))
    },
    specOf(key) {
      const place = placeOf.get(key)
      return place === undefined ? undefined : specAt(place)
    },
    note(key) {
      const place = placeOf.get(key)
      if (place === undefined) return false
      first = first.filter((each) => each !== key)
      touch([place])
      return true
    },
    fail(key, code, message) {
      if (placeOf.has(key)) failures.set(key, { status: 'failed', code, message })
    },
    putFirst(asked) {
      const before = first
      first = asked.filter((key) => placeOf.has(key) && !failures.has(key))
      return first.some((key) => !before.includes(key))
    },
    hold(hold) {
      isHeld = hold
    },
    async addSeeds(draw) {
      if (isFitting || isDone || !wanted.every(hasEnded)) return false
      isFitting = true
      try {
        const runs = wanted.map(runAt)
        const map = mapRuns(runs, { x, y })
        boundary = await drawBoundary(map, runs, draw)
        const rows = boundary ? wideRows(map, boundary) : new Set<number>()
        wide = rows.size
        const added = boundary ? widen(rows, map, boundary.along === 'x' ? 'y' : 'x') : []
        wanted = wantedPlaces()
        isDone = added.length === 0
        touch(added)
        return !isDone
      } catch (error) {
        isDone = true
        touch([])
        throw error
      } finally {
        isFitting = false
      }
    },
    seeds: () => Math.max(...wantedSeeds),
    isWhole: () => wantedSeeds.every((count) => count === wantedSeeds[0]) && wanted.every(hasEnded),
  }
}

function rowsWith({ middle }: MapBoundary): number {
  return middle.filter(Number.isFinite).length
}
