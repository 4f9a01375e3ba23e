import DatabaseConstructor from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { bucketEdges, type Spacing } from '../../../src/main/store/bucketExtremes.ts'
import { MeasurementStore } from '../../../src/main/store/measurements.ts'
import { CurveBuffer } from '../../../src/shared/curves/curveBuffer.ts'
import { meanOfRuns } from '../../../src/shared/curves/groupMean.ts'
import { eventsOf, smallSpec, started, temporaryArchives } from '../../support/archive.ts'

const { open } = temporaryArchives()

const rows = 20_000
const seeds = [0, 1, 2]
const names = ['trainLoss', 'testAccuracy'] as const
/** Extremes of a stretch of it are at other steps for another seed. */
const noise = (seed: number, step: number) => Math.sin(step * step * (seed + 1))
/** Measured at every tenth step alone. */
const sparse = (seed: number, step: number) => (step % 10 === 3 ? noise(seed + 7, step) : undefined)

function archiveOfLongRuns() {
  const archive = open()
  const { runIds } = archive.runs.createExperiment({ spec: { ...smallSpec(), seeds } })
  for (const runId of runIds) archive.applyEvents(eventsOf(runId, [started]))
  archive.close()
  const database = new DatabaseConstructor(archive.path)
  const store = new MeasurementStore(database)
  database.transaction(() => {
    for (const [seed, runId] of runIds.entries()) {
      for (let step = 0; step < rows; step++) {
        const testAccuracy = sparse(seed, step)
        const values = { trainLoss: noise(seed, step), ...(testAccuracy === undefined ? {} : { testAccuracy }) }
        store.append(runId, { step, tau: step, seconds: step, values })
      }
      store.flush(runId)
    }
  })()
  database.close()
  return { archive: open(archive.path, { readOnly: true }), runIds }
}

describe('the mean of seeds that have more rows than are read', () => {
  it.each<Spacing>(['linear', 'log'])('stands on a step of every bucket, with %s spacing', (spacing) => {
    const { archive, runIds } = archiveOfLongRuns()
    const points = 600
    const buffers = runIds.map(
      (runId) => new CurveBuffer(names, archive.curves.readCurves(runId, names, { points, spacing })),
    )
    const range = { from: 0, to: rows, firstStep: 0, lastStep: rows - 1 }
    const edges = bucketEdges(Math.ceil, range, points / 3, spacing)
    for (const [name, valueOf] of [
      ['trainLoss', noise],
      ['testAccuracy', sparse],
    ] as const) {
      const mean = meanOfRuns(buffers, name)!
      const measured = [...mean.step].filter((step) => valueOf(0, step) !== undefined)
      const isIn = (step: number, bucket: number) => step >= edges[bucket]! && step < edges[bucket + 1]!
      const met = edges.slice(0, -1).map((_, bucket) => measured.filter((step) => isIn(step, bucket)).length)
      const wanted = edges.slice(0, -1).map((edge, bucket) => {
        const steps = Array.from({ length: edges[bucket + 1]! - edge }, (_, row) => edge + row)
        return steps.some((step) => valueOf(0, step) !== undefined)
      })
      expect(met.map((count) => count > 0)).toEqual(wanted)
      if (spacing === 'linear') expect(measured.length).toBeGreaterThanOrEqual(points / 3)
      for (const [place, step] of mean.step.entries()) {
        const stored = seeds.map((seed) => valueOf(seed, step) ?? NaN)
        expect(mean.value[place]).toBe(stored.reduce((sum, value) => sum + value, 0) / seeds.length)
      }
    }
  })
})
