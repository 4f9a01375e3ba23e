import { describe, expect, it } from 'vitest'
import {
  describeAbsence,
  describeRun,
  describeSpec,
  finality,
  titleOf,
} from '../../../src/shared/curves/describeRun.ts'
import { toRunSpec } from '../../../src/shared/experiment.ts'
import { runStatuses, type RunDetail, type RunSummary } from '../../../src/shared/run.ts'
import { smallSpec } from '../../support/archive.ts'
import { runSummary } from '../../support/runSummary.ts'

const run = runSummary({ experiment: 'p23 mine, wd = 2', name: 'p23 mine, wd = 2, seed 1', seed: 1 })

describe('the title of a run', () => {
  it('is what it is called, and not what it is, which others are as well', () => {
    expect(titleOf(run, false)).toBe('p23 mine, wd = 2')
    expect(titleOf({ ...run, name: 'the one to remember' }, false)).toBe('the one to remember')
    expect(titleOf({ ...run, name: 'p23 mine, wd = 2, again' }, false)).toBe('p23 mine, wd = 2, again')
    expect(titleOf(run, false)).not.toContain(describeRun(run))
  })

  it('of seeds together is that of their experiment, whatever one of them is called', () => {
    expect(titleOf({ ...run, name: 'the one to remember' }, true)).toBe('p23 mine, wd = 2')
  })
})

describe('the specification of a run', () => {
  const spec = toRunSpec(smallSpec(), 0)
  const start = (given: Partial<RunSummary>) =>
    describeSpec({ ...runSummary(given), spec } as RunDetail).find(({ term }) => term === 'Start')

  it('says what the run started from: of a branch not the initialization, which it does not use', () => {
    expect(start({ parentRunId: 'a2b3c4d5', parentStep: 316 })).toEqual({
      term: 'Start',
      text: 'step 316 of a2b3c4d5',
      runId: 'a2b3c4d5',
    })
    expect(start({})).toEqual({ term: 'Start', text: expect.stringMatching(/^normal/) as string })
  })

  it('has as many training samples as the run, which a given start may say otherwise', () => {
    const task = (given: Partial<RunDetail>) =>
      describeSpec({ ...runSummary(), spec, ...given } as RunDetail).find(({ term }) => term === 'Task')!.text
    expect(task({ train: null, trainPairs: 9 })).toMatch(/, \$n\$ = 9$/)
    expect(task({ train: null, trainPairs: 4 })).toMatch(/, \$n\$ = 4$/)
    // What was listed by an earlier version is less certain than what was trained on.
    expect(task({ train: Int32Array.of(1, 2, 3), trainPairs: 9 })).toMatch(/, \$n\$ = 3$/)
  })
})

describe('what was measured last', () => {
  it('is final of runs that came to their end, and of no others', () => {
    expect(finality([{ status: 'finished' }, { status: 'finished' }])).toBe('final')
    for (const status of runStatuses.filter((each) => each !== 'finished')) {
      expect([status, finality([{ status }])]).toEqual([status, 'latest'])
      expect(finality([{ status: 'finished' }, { status }])).toBe('latest')
    }
  })
})

describe('an event that did not come', () => {
  it('may come yet while the run goes on, and was not reached once it has ended', () => {
    const statuses = ['queued', 'running', 'paused', 'finished', 'failed', 'cancelled'] as const
    const words = statuses.map((status) => describeAbsence({ status }))
    expect(words).toEqual([...Array<string>(3).fill('not yet'), ...Array<string>(3).fill('not reached')])
  })
})
