import { describe, expect, it } from 'vitest'
import { createClientWatch } from '../../../src/main/services/clientWatch.ts'
import type { HostEvents, SharedHandlers } from '../../../src/shared/contract.ts'
import { encodeValue } from '../../../src/shared/wire.ts'

/** What is told of rows from a millionth on. */
function rowsOf(count: number): HostEvents['run.measured'] {
  const step = Float64Array.from({ length: count }, (_, k) => 1_000_000 + k)
  const values = { trainLoss: step.map(Math.sin), testMse: step.map(Math.cos) }
  return { runId: 'a', step, tau: step.map((at) => at / 1000), seconds: step, values }
}

describe('what a client that watches a run is told of its rows', () => {
  const watch = createClientWatch({} as SharedHandlers)

  it('is all of them, where it did not say that fewer do', () => {
    watch.handlers['run.watch']({ runIds: ['a'] })
    const rows = rowsOf(5000)
    expect(watch.select('run.measured', rows)).toBe(rows)
    expect(watch.select('run.measured', { ...rows, runId: 'b' })).toBeUndefined()
  })

  it('takes so many bytes at most, however many there are, and ends with the newest', () => {
    watch.handlers['run.watch']({ runIds: ['a'], rows: 128 })
    const told = [100, 1000, 10_000, 100_000].map((count) => watch.select('run.measured', rowsOf(count))!)
    for (const rows of told) expect(encodeValue(rows).byteLength).toBeLessThan(128 * 5 * 8 + 500)
    expect(told.map(({ step }) => step.at(-1))).toEqual([1_000_099, 1_000_999, 1_009_999, 1_099_999])
    const { step, values } = told.at(-1)!
    expect(values.trainLoss).toEqual(step.map(Math.sin))
  })
})
