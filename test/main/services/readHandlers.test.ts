import fc from 'fast-check'
import { expect, it } from 'vitest'
import { drawMaps } from '../../../src/main/lab/maps/drawMaps.ts'
import { createReadHandlers, type ReadHandlersOptions } from '../../../src/main/services/readHandlers.ts'
import type { CurveRange } from '../../../src/main/store/curves.ts'
import { maxCurvePoints } from '../../../src/shared/contract/runs.ts'
import type { MapOptions, MapPlane } from '../../../src/shared/map/mapOptions.ts'
import { measurementNames, type MeasurementName } from '../../../src/shared/measurements.ts'
import type { RunSummary } from '../../../src/shared/run.ts'
import type { Facets } from '../../../src/shared/specification/facets.ts'
import { runSummary } from '../../support/runSummary.ts'

/** For curves of which only the lengths are looked at. */
const zeros = new Float64Array(maxCurvePoints)

/** Of an archive whose runs have so many rows: a curve that is reduced has its last row besides, as the store's has. */
function handlersOf(rowsOf: readonly number[]) {
  const readCurves = (
    runId: string,
    names: readonly MeasurementName[],
    { points, maxPoints }: Required<CurveRange>,
  ) => {
    const rows = rowsOf[Number(runId)]!
    if (names.length * Math.min(points, rows) > maxPoints) throw new Error(`run ${runId} finds no room`)
    const step = zeros.subarray(0, rows <= points ? rows : points + 1)
    return Object.fromEntries(names.map((name) => [name, { step, tau: step, seconds: step, value: step }]))
  }
  return createReadHandlers({ find: () => ({ curves: { readCurves } }) } as unknown as ReadHandlersOptions)
}

it('curves of a number of points share the room of an answer, however many and long they are, where they need more', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 50_000 }), { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: measurementNames.length }),
      fc.integer({ min: 2, max: 1_000_000 }),
      async (some, times, names, points) => {
        const rowsOf = Array.from({ length: times }, () => some).flat()
        const runIds = rowsOf.map((_, place) => String(place))
        const measurements = measurementNames.slice(0, names)
        const answer = await handlersOf(rowsOf)['run.curves']({ runIds, measurements, points })
        expect(answer.map(({ runId }) => runId)).toEqual(runIds)
        const lengths = answer.map(({ curves }) => Object.values(curves).map(({ step }) => step.length))
        expect(Math.max(...lengths.flat())).toBeLessThanOrEqual(points + 1)
        expect(lengths.flat().reduce((sum, length) => sum + length)).toBeLessThanOrEqual(maxCurvePoints + names)
        // Nobody gives up points where there is room for all.
        const hasRoomForAll = runIds.length * names * (points + 1) <= maxCurvePoints
        const least = rowsOf.map((rows) => (hasRoomForAll ? Math.min(points, rows) : 0))
        expect(lengths.filter((of, place) => Math.min(...of) < least[place]!)).toEqual([])
      },
    ),
    { numRuns: 30, examples: [[[50_000], 3, 2, 1000]] },
  )
})

const cells = [64, 128].flatMap((hidden) => [11, 13].map((modulus) => ({ hidden, modulus })))
/** Of each cell three seeds, which generalized at times of their own. */
const seeds = cells.flatMap(({ hidden, modulus }) =>
  [0, 1, 2].map((seed) => {
    const id = `${hidden} ${modulus} ${seed}`
    const facets = { 'network.hidden': hidden, 'task.modulus': modulus } as Facets
    const events = { generalized: { step: hidden * (seed + 1) ** 2, tau: 1, value: 1 } }
    return runSummary({ id, seed, facets, events, specificationHash: `s${id}`, resultHash: `r${id}` })
  }),
)
const again = seeds.map((run) => ({ ...run, id: `${run.id} again` }))

interface MapCall {
  plane: MapPlane
  runs: RunSummary[]
  options: MapOptions
}

async function mapOf(runs: readonly RunSummary[], statistic: 'median' | 'spread') {
  const handlers = createReadHandlers({
    find: () => ({ runs: { summaries: () => runs } }),
    caller: {
      call: (_: string, { plane, runs: own, options }: MapCall) => Promise.resolve(drawMaps(plane, own, options)),
    },
  } as unknown as ReadHandlersOptions)
  const options = { x: 'task.modulus', y: 'network.hidden', color: 't_grok', statistic, boundary: 'x' as const, at: [] }
  const [panel] = await handlers['run.map']({ runIds: runs.map(({ id }) => id), options })
  return panel!
}

it.each(['median', 'spread'] as const)(
  'a map of runs counts once those that repeat another, and says how many these are: %s',
  async (statistic) => {
    const [alone, together] = [await mapOf(seeds, statistic), await mapOf([...seeds, ...again], statistic)]
    expect(together.caption).toBe(`${alone.caption}; 24 runs, of which 12 repeat others, counted once`)
    expect({ ...together, caption: alone.caption }).toEqual(alone)
  },
)
