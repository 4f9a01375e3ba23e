import { expect, it } from 'vitest'
import { describeEvidence } from '../../../src/shared/formatting/describeEvidence.ts'
import type { RunEvidence } from '../../../src/shared/papers/figure.ts'

const run = (seed: number, given: Partial<RunEvidence> = {}): RunEvidence => {
  return {
    runId: 'run',
    experiment: 'one',
    seed,
    status: 'finished',
    code: null,
    step: 5000,
    neededStep: 2600,
    ...given,
  }
}

it.each([
  [[run(0), run(1)], 2, '2 of 2 seeds to step 2\u2009600'],
  [[run(0)], 0, '0 of 1 seed to step 2\u2009600'],
  [[run(0), run(0, { experiment: 'other', neededStep: 600 })], 1, '1 of 2 runs to steps 600–2\u2009600'],
  [[run(0, { neededStep: 0 }), run(1, { neededStep: 0 })], 2, '2 of 2 seeds to step 0'],
])('evidence %#', (runs, reached, words) => {
  expect(describeEvidence({ reached, needed: runs.length, runs })).toBe(words)
})
