import { expect, it } from 'vitest'
import { rememberRuns } from '../../../../../src/main/services/sweeps/live/rememberedRuns.ts'
import type { RunEvent } from '../../../../../src/shared/run.ts'
import { encodeValue } from '../../../../../src/shared/wire.ts'
import { runSummary } from '../../../../support/runSummary.ts'

const events = (runId: string): RunEvent[] => [
  { type: 'measured', runId, sequence: 0, step: 0, tau: 0, seconds: 0, values: { testAccuracy: 0.25 } },
  { type: 'settled', runId, sequence: 1, status: 'finished', step: 0, tau: 0, seconds: 0 },
]

it('keeps what runs told while there is room for it, then of the earliest only how they ended', () => {
  const each = encodeValue(events('a')).length
  const runs = rememberRuns({ bytes: 2 * each, runs: 3 })
  for (const id of ['a', 'b', 'c']) runs.set(runSummary({ id }), events(id))
  expect(['a', 'b', 'c'].map((id) => runs.get(id)?.id)).toEqual(['a', 'b', 'c'])
  expect(['a', 'b', 'c'].map((id) => runs.eventsOf(id))).toEqual([undefined, events('b'), events('c')])
  // Computed again, it is the latest.
  runs.set(runSummary({ id: 'a' }), events('a'))
  expect(['a', 'b', 'c'].map((id) => runs.eventsOf(id))).toEqual([events('a'), undefined, events('c')])
  runs.set(runSummary({ id: 'd' }), events('d'))
  expect(['a', 'b', 'c', 'd'].map((id) => runs.get(id)?.id)).toEqual(['a', undefined, 'c', 'd'])
})
