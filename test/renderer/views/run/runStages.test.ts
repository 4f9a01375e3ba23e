import { describe, expect, it } from 'vitest'
import { stagesOfGroup, stagesOfRun } from '../../../../src/renderer/views/run/runStages.ts'
import type { RunMoments, RunSummary } from '../../../../src/shared/run.ts'
import { runSummary } from '../../../support/runSummary.ts'

const run = (
  memorized: number | null,
  halfRise: number | null,
  generalized: number | null,
  { stalled = null, ...more }: { stalled?: number | null } & Partial<RunSummary> = {},
) =>
  runSummary({ status: 'running', step: 100, events: moments({ memorized, halfRise, generalized, stalled }), ...more })

function moments(steps: Record<string, number | null>): RunMoments {
  const reached = Object.entries(steps).filter(([, step]) => step !== null)
  return Object.fromEntries(reached.map(([name, step]) => [name, { step, tau: 0, value: 0 }]))
}

describe('the stages of a run', () => {
  it.each([
    [null, null, null],
    [40, null, null],
    [40, 300, null],
    [40, 300, 400],
    [0, 300, 400],
  ] as const)('cover what has been run without gaps or overlap (%o, %o, %o)', (memorized, halfRise, generalized) => {
    const { stages } = stagesOfRun(run(memorized, halfRise, generalized), 500)
    expect(stages[0]!.from).toBe(0)
    expect(stages.at(-1)!.to).toBe(500)
    for (let k = 1; k < stages.length; k++) expect(stages[k]!.from).toBe(stages[k - 1]!.to)
  })

  it('begin with drift where memory is there from the start', () => {
    expect(stagesOfRun(run(0, 300, null), 500).stages.map(({ name }) => name)).toEqual(['drift', 'generalize'])
  })

  it('mark only what has happened', () => {
    expect(stagesOfRun(run(0, 300, null), 500).marks.map(({ step }) => step)).toEqual([0, 300])
  })

  it('mark where the run stalled, in the order of the steps', () => {
    const { marks } = stagesOfRun(run(300, null, null, { stalled: 20 }), 500)
    expect(marks).toEqual([
      { step: 20, label: 'stalled' },
      { step: 300, label: 'memorized at' },
    ])
  })

  it('stay in order where the test accuracy rises before the training set is memorized', () => {
    const { stages } = stagesOfRun(run(400, 300, 450), 500)
    for (const { from, to } of stages) expect(to).toBeGreaterThan(from)
  })
})

describe('the stages of a group', () => {
  it('wait for the last of those that have begun', () => {
    const queued = run(null, null, null, { status: 'queued', step: 0 })
    const { marks } = stagesOfGroup([run(2, 8, 11), run(5, 9, null), queued], 20)
    expect(marks.map(({ step }) => step)).toEqual([5, 9])
    expect(stagesOfGroup([run(2, 8, 11), run(5, null, null)], 20).marks.map(({ step }) => step)).toEqual([5])
  })

  it('stay where runs of it were cancelled, begun or not', () => {
    const stopped = [0, 3].map((step) => run(null, null, null, { status: 'cancelled', step }))
    const { stages, marks } = stagesOfGroup([run(2, 9, 11), run(5, 9, 18), ...stopped], 20)
    expect(marks.map(({ step }) => step)).toEqual([5, 9, 18])
    expect(stages[0]).toEqual({ name: 'memorize', from: 0, to: 5 })
  })

  it('are none before any has begun', () => {
    const queued = run(null, null, null, { status: 'queued', step: 0 })
    expect(stagesOfGroup([queued, queued], 0)).toEqual({ stages: [], marks: [] })
  })

  it('mark the first of them that stalled', () => {
    const stalled = (step: number) => run(null, null, null, { stalled: step })
    expect(stagesOfGroup([stalled(9), run(1, 2, 3), stalled(4)], 20).marks[0]).toEqual({
      step: 4,
      label: 'stalled',
    })
  })
})
