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

describe('the specification of a run in words', () => {
  const linesOf = (changes: Record<string, unknown>) => {
    const spec = toRunSpec(smallSpec(changes), 0)
    return Object.fromEntries(
      describeSpec({ ...runSummary(), train: null, trainPairs: null, spec } as unknown as RunDetail).map(
        ({ term, text }) => [term, text],
      ),
    )
  }
  const training = { kind: 'training', learningRate: 0.1, weightDecay: 0, steps: 100 }

  it('tells what moments an optimizer has: momentum’s always, of AdamW what is not as usual', () => {
    const optimizer = (given: Record<string, unknown> | string) =>
      linesOf({ dynamics: { ...training, optimizer: given } })['Optimizer']
    expect(optimizer('momentum')).toBe('gradient descent with momentum, β = 0.9, η = 0.1')
    expect(optimizer({ kind: 'momentum', momentum: 0.5 })).toBe('gradient descent with momentum, β = 0.5, η = 0.1')
    expect(optimizer('adamw')).toBe('AdamW, η = 0.1')
    expect(optimizer({ kind: 'adamw', beta1: 0.5, beta2: 0.98, epsilon: 0.01 })).toBe(
      'AdamW, β_1 = 0.5, β_2 = 0.98, ε = 0.01, η = 0.1',
    )
  })

  it('tells by which step a schedule ends, how a start was trained, which inputs are not the usual, and an early end', () => {
    const schedule = { shape: 'cosine', steps: 80 }
    expect(linesOf({ dynamics: { ...training, schedule } })['Schedule']).toBe('cosine to 0, there by step 80')
    const initialization = { kind: 'trained', steps: 50, learningRate: 1, weightDecay: 0.001 }
    expect(linesOf({ initialization })['Start']).toBe('trained 50 steps, η = 1, wd = 0.001')
    const task = { kind: 'modularAddition', modulus: 5, trainFraction: 0.6, pairs: 'ordered', inputs: 'concatenated' }
    expect(linesOf({ task, network: { hidden: 20 } })['Task']).toBe(
      '$a$ + $b$ mod 5, ordered pairs, concatenated inputs, $n$ = 15',
    )
    expect(linesOf({})['Task']).toBe('$a$ + $b$ mod 5, $n$ = 9')
    expect(linesOf({ stop: { after: 'generalized', steps: 1 } })['Early end']).toBe('1 step after "grokked"')
    expect(linesOf({ stop: { after: 'memorized', decayTime: 0.5 } })['Early end']).toBe('τ = 0.5 after "memorized"')
    expect(linesOf({})).not.toHaveProperty('Early end')
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
