import { describe, expect, it } from 'vitest'
import { evaluateFigure } from '../../../../src/main/lab/papers/evaluateFigure.ts'
import type { PaperFigure, Statement } from '../../../../src/main/lab/papers/figure.ts'
import { figure1 } from '../../../../src/main/lab/papers/musat2025/figure1.ts'
import { figure6 } from '../../../../src/main/lab/papers/musat2025/figure6.ts'
import { figure7 } from '../../../../src/main/lab/papers/musat2025/figure7.ts'
import { figures } from '../../../../src/main/lab/papers/papers.ts'
import type { RecordedRun } from '../../../../src/shared/papers/figure.ts'
import type { RunSpec } from '../../../../src/shared/experiment.ts'
import type { RunStatus } from '../../../../src/shared/run.ts'
import { runSpec } from '../../../support/runs.ts'

const seeds = [0, 1, 2, 3, 4]

/** A run of Figure 6 that has come to a step. */
function run(seed: number, step = 5000, status: RunStatus = 'finished', runId = `run${seed}`): RecordedRun {
  const steps = Float64Array.from({ length: step / 10 + 1 }, (_, i) => 10 * i)
  return {
    runId,
    spec: runSpec(figure6.experiments({})[0]!, seed),
    status,
    code: null,
    curves: { step: steps, tau: steps.map((value) => value / 1000), testAccuracy: steps.map((value) => value / 5000) },
    events: {},
    snapshots: [],
    train: new Int32Array(),
  }
}

/** Figure 6 with a statement of its own: the accuracy at step 1000 is 0.2 on every run. */
function figureStating(more: Partial<Statement> = {}): PaperFigure {
  const stated = { id: 'stated', text: '', source: '', basis: 'paper', range: { min: 0.2 } } as const
  return {
    ...figure6,
    evaluate: (runs) => ({
      statements: [
        {
          ...stated,
          values: runs.flatMap(({ curves }) => curves.testAccuracy?.[100] ?? []),
          needs: { step: () => 1000 },
          ...more,
        },
      ],
      panels: [],
    }),
  }
}

const claimOf = (runs: readonly RecordedRun[], more: Partial<Statement> = {}) =>
  evaluateFigure(figureStating(more), runs).claims[0]!

describe('a claim', () => {
  it('is not of a run that was extended beyond what its range was fixed for', () => {
    const [extended, ...others] = seeds.map((seed) => run(seed))
    const { dynamics } = extended!.spec as { dynamics: object }
    const longer = { ...extended!, spec: { ...extended!.spec, dynamics: { ...dynamics, steps: 9000 } } as RunSpec }
    expect(claimOf([longer, ...others])).toMatchObject({ verdict: 'pending', evidence: { reached: 4, needed: 5 } })
    expect(claimOf([longer, run(0, 5000, 'finished', 'again'), ...others]).verdict).not.toBe('pending')
  })

  it('is not decided before every run of its figure is finished, also where all have come far enough for it', () => {
    for (const status of ['queued', 'running', 'paused', 'failed', 'cancelled', 'interrupted'] as const) {
      const runs = [
        ...seeds.slice(0, 2).map((seed) => run(seed)),
        ...seeds.slice(2).map((seed) => run(seed, 3000, status)),
      ]
      expect(claimOf(runs)).toMatchObject({
        verdict: 'pending',
        measured: '0.200',
        evidence: { reached: 5, needed: 5 },
      })
      expect(claimOf(runs, { range: { max: 0.1 } }).verdict).toBe('pending')
    }
    expect(claimOf(seeds.map((seed) => run(seed))).verdict).toBe('holds')
  })

  it('of a figure with two of five seeds finished is pending, whatever the figure', () => {
    for (const figure of figures) {
      const { claims, runs } = evaluateFigure(figure, [run(0), run(1)])
      for (const { id, verdict } of claims) expect([figure.id, id, verdict]).toEqual([figure.id, id, 'pending'])
      expect(runs.length).toBeGreaterThan(2)
    }
  })

  it('says what each of its runs has reached, and what it needs of them', () => {
    const { evidence } = claimOf([run(0), run(1), run(2, 700, 'interrupted'), run(3, 1000, 'cancelled')])
    expect([evidence.reached, evidence.needed]).toEqual([3, 5])
    expect(
      evidence.runs.map(({ runId, seed, status, step, neededStep }) => [runId, seed, status, step, neededStep]),
    ).toEqual([
      ['run0', 0, 'finished', 5000, 1000],
      ['run1', 1, 'finished', 5000, 1000],
      ['run2', 2, 'interrupted', 700, 1000],
      ['run3', 3, 'cancelled', 1000, 1000],
      [null, 4, 'missing', 0, 1000],
    ])
  })

  it('says of a run that failed why', () => {
    const code = 'DIVERGED'
    const { runs, claims } = evaluateFigure(figureStating(), [run(0), { ...run(1, 700, 'failed'), code }])
    const codes = [null, code, null, null, null]
    for (const { runs: told } of [claims[0]!.evidence, { runs }]) expect(told.map((each) => each.code)).toEqual(codes)
  })

  it('that fails is not held where the paper states it, outside where the range is of this laboratory', () => {
    const runs = seeds.map((seed) => run(seed))
    const range = { min: 0.3 }
    expect(claimOf(runs, { range }).verdict).toBe('not held')
    expect(claimOf(runs, { range, basis: 'laboratory' }).verdict).toBe('outside')
  })

  it('fails where a finished run gave no value, or none did', () => {
    const runs = seeds.map((seed) => run(seed))
    expect(claimOf(runs, { values: [0.5, NaN] })).toMatchObject({ verdict: 'not held', measured: '0.500, none in 1' })
    expect(claimOf(runs, { values: [NaN, NaN] })).toMatchObject({ verdict: 'not held', measured: 'none' })
    expect(claimOf(runs, { values: [] })).toMatchObject({ verdict: 'not held', measured: null })
  })

  it('is declared to hold, or not to, with the reason', () => {
    const runs = seeds.map((seed) => run(seed))
    const declared = { verdict: 'not held', reason: 'a finding' } as const
    expect(claimOf(runs)).toMatchObject({ verdict: 'holds', declared: 'holds' })
    expect(claimOf(runs)).not.toHaveProperty('reason')
    expect(claimOf(runs, { declared })).toMatchObject({ verdict: 'holds', declared: 'not held', reason: 'a finding' })
  })

  it('is read from the runs that the figure asks for, of each seed from one', () => {
    const runs = seeds.map((seed) => run(seed))
    const begun = run(3, 40, 'running', 'again')
    const other = { ...run(0), spec: { ...run(0).spec, name: 'Something else' } }
    for (const given of [
      [begun, other, ...runs],
      [...runs, other, begun],
    ]) {
      const { claims, runs: used } = evaluateFigure(figureStating(), given)
      expect(claims[0]).toMatchObject({ verdict: 'holds', values: [0.2, 0.2, 0.2, 0.2, 0.2] })
      expect(used.map(({ runId }) => runId)).toEqual(seeds.map((seed) => `run${seed}`))
    }
    expect(evaluateFigure(figureStating(), [begun, run(3, 50, 'cancelled', 'further')]).runs[3]!.runId).toBe('further')
  })

  it.each([
    [{ values: [1e-6], range: { max: 1e-6 } }, '10⁻⁶', '≤ 10⁻⁶'],
    [{ values: [2.71e-20, 3.1e-20], range: { max: 1e-12 } }, '2.71 × 10⁻²⁰ … 3.1 × 10⁻²⁰', '≤ 10⁻¹²'],
    [{ values: [0.5], range: { min: 0.995, max: 1 } }, '0.500', '0.995 … 1'],
    [{ values: [0.4567, 12], range: { min: 0.05 } }, '0.457 … 12', '≥ 0.05'],
  ])('is told in significant digits (%#)', (given, measured, expected) => {
    const claim = claimOf([], given)
    const spaced = (text: string | null) => text?.replaceAll('\u2009', ' ')
    expect([spaced(claim.measured), spaced(claim.expected)]).toEqual([measured, expected])
  })
})

describe('every figure', () => {
  it('has claims with ids of their own, each of which needs a run', () => {
    for (const figure of figures) {
      const { claims } = evaluateFigure(figure, [])
      expect(new Set(claims.map(({ id }) => id)).size).toBe(claims.length)
      for (const { evidence } of claims) expect(evidence.needed).toBeGreaterThan(0)
    }
  })

  it('needs its own runs, or those of the figure it draws from', () => {
    expect(evaluateFigure(figure1, []).runs.length).toBe(3)
    expect(new Set(evaluateFigure(figure7, []).runs.map(({ experiment }) => experiment))).toEqual(
      new Set(['Paper, figures 5 and 7']),
    )
  })
})
