import { describe, expect, it } from 'vitest'
import { describeAbsence, describeRun, titleOf } from '../../../src/shared/curves/describeRun.ts'
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

describe('an event that did not come', () => {
  it('may come yet while the run goes on, and was not reached once it has ended', () => {
    const statuses = ['queued', 'running', 'paused', 'finished', 'failed', 'cancelled'] as const
    const words = statuses.map((status) => describeAbsence({ status }))
    expect(words).toEqual([...Array<string>(3).fill('not yet'), ...Array<string>(3).fill('not reached')])
  })
})
