import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createTouchedRuns } from '../../../src/main/services/touchedRuns.ts'
import { runSummary } from '../../support/runSummary.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const measured = (runId: string) => {
  const none = new Float64Array()
  return { runId, step: none, tau: none, seconds: none, values: {} }
}

it('tells at once after a pause, then what was gathered, at most five times a second, and nothing twice', () => {
  const told: (string[] | null)[] = []
  const touched = createTouchedRuns(({ runIds }) => told.push(runIds))
  touched.note('run.changed', [runSummary({ id: 'a' }), runSummary({ id: 'b' })])
  expect(told).toEqual([['a', 'b']])
  for (let i = 0; i < 100; i++) touched.note('run.measured', measured(`r${i % 3}`))
  touched.note('run.removed', { runIds: ['a'] })
  touched.note('machine.load', { running: 1, queued: 0, slots: 1 })
  expect(told).toHaveLength(1)
  vi.advanceTimersByTime(200)
  expect(told).toEqual([
    ['a', 'b'],
    ['r0', 'r1', 'r2', 'a'],
  ])
  vi.advanceTimersByTime(10_000)
  expect(told).toHaveLength(2)
  touched.note('run.measured', measured('r0'))
  expect(told.at(-1)).toEqual(['r0'])
  touched.end()
})

it('says of more runs than a list shows that they are many', () => {
  const told: (string[] | null)[] = []
  const touched = createTouchedRuns(({ runIds }) => told.push(runIds))
  touched.note('run.removed', { runIds: Array.from({ length: 1001 }, (_, i) => `r${i}`) })
  expect(told).toEqual([null])
  touched.end()
})
