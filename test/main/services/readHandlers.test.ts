import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createReadHandlers, type ReadHandlersOptions } from '../../../src/main/services/readHandlers.ts'
import type { CurveRange } from '../../../src/main/store/curves.ts'
import { maxCurvePoints } from '../../../src/shared/contract/runs.ts'
import { measurementNames, type MeasurementName } from '../../../src/shared/measurements.ts'

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
        expect(lengths.flat().reduce((sum, length) => sum + length)).toBeLessThanOrEqual(maxCurvePoints + names)
        // Nobody gives up points where there is room for all.
        if (runIds.length * names * (points + 1) > maxCurvePoints) return
        const least = rowsOf.map((rows) => Math.min(points, rows))
        expect(lengths.filter((of, place) => Math.min(...of) < least[place]!)).toEqual([])
      },
    ),
    { numRuns: 30 },
  )
})
