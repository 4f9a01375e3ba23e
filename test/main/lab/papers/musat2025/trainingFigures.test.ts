import { describe, expect, it } from 'vitest'
import { evaluateFigure } from '../../../../../src/main/lab/papers/evaluateFigure.ts'
import { figure5 } from '../../../../../src/main/lab/papers/musat2025/figure5.ts'
import { figure7 } from '../../../../../src/main/lab/papers/musat2025/figure7.ts'
import { theoryAgainstTraining } from '../../../../../src/main/lab/papers/musat2025/theoryAgainstTraining.ts'
import type { ExperimentInput } from '../../../../../src/shared/experiment.ts'
import type { PaperFigure } from '../../../../../src/main/lab/papers/figure.ts'
import type { RecordedRun } from '../../../../../src/shared/papers/figure.ts'
import { runSpec } from '../../../../support/runs.ts'

function verdicts(figure: PaperFigure, runs: RecordedRun[]) {
  return Object.fromEntries(evaluateFigure(figure, runs).claims.map(({ id, verdict }) => [id, verdict]))
}

const all = (record: Record<string, string>, verdict: string) =>
  Object.values(record).every((other) => other === verdict)

function recorded(input: ExperimentInput, more: Partial<RecordedRun>, seed = 0): RecordedRun {
  const empty = { step: new Float64Array(), tau: new Float64Array() }
  const ended = { status: 'finished' as const, code: null }
  const base = { runId: 'test', spec: runSpec(input, seed), ...ended, train: new Int32Array() }
  return { ...base, curves: empty, events: {}, snapshots: [], ...more }
}

describe('Figures 5 and 7', () => {
  /** Memorized at 200; the cosine rises to `peak` at `peakStep` and ends at 0.2; the test loss ends at `end`. */
  function run({ seed = 0, peak = 0.8, peakStep = 2500, end = 0.05, last = 40_000, memorized = true } = {}) {
    const step = Float64Array.of(0, 200, peakStep, last)
    const cosine = Float64Array.of(NaN, -0.1, peak, 0.2)
    const curves = {
      step,
      tau: step.map((value) => value * 1e-4),
      normMinimizingCosine: cosine,
      normMinimizingCosinePaper: cosine,
      testMse: Float64Array.of(0.1, 0.14, 0.13, end),
      testAccuracy: Float64Array.of(0, 0, 0, 0.9),
    }
    const event = { step: 200, tau: 0.02, value: 1 }
    return recorded(figure5.experiments({})[0]!, { curves, events: memorized ? { memorized: event } : {} }, seed)
  }

  /** Five seeds, of which the last may differ. */
  const five = (last: Parameters<typeof run>[0] = {}) =>
    [0, 1, 2, 3, 4].map((seed) => run(seed === 4 ? { ...last, seed } : { seed }))

  it('hold for runs as the paper has them, and are pending without', () => {
    for (const figure of [figure5, figure7]) {
      expect(all(verdicts(figure, five()), 'holds')).toBe(true)
      expect(all(verdicts(figure, []), 'pending')).toBe(true)
    }
  })

  it('fall where one of the runs differs', () => {
    expect(verdicts(figure5, five({ peak: 0.6 }))).toMatchObject({ peak: 'not held', memorized: 'holds' })
    expect(verdicts(figure5, five({ peakStep: 6000 }))).toMatchObject({ delay: 'not held', peak: 'holds' })
    expect(verdicts(figure5, five({ peakStep: 400 }))).toMatchObject({ delay: 'not held', peak: 'holds' })
    expect(verdicts(figure7, five({ end: 0.1 }))).toMatchObject({ testLoss: 'not held', accuracy: 'holds' })
  })

  it('fall with a run that never memorizes: it is not left out', () => {
    const fallen = { memorized: 'not held', peak: 'not held', delay: 'not held', decline: 'holds' }
    expect(verdicts(figure5, five({ memorized: false }))).toMatchObject(fallen)
    expect(all(verdicts(figure7, five({ memorized: false })), 'not held')).toBe(true)
  })
})

describe('theory against training', () => {
  const inputs = theoryAgainstTraining.experiments({})
  const taus = Array.from({ length: 21 }, (_, i) => i / 10)

  /** E and W move along (τ, share·τ): training along the first axis, the others `share` of its way aside. */
  function run(input: ExperimentInput, share: number, speed = 1, seed = 0) {
    const matrix = (tau: number) => ({ rows: 1, columns: 2, data: Float64Array.of(speed * tau, share * tau) })
    const tau = Float64Array.from({ length: 2001 }, (_, i) => i / 1000)
    return recorded(
      input,
      {
        curves: { step: tau, tau, testMse: tau.map((value) => 0.1 - 0.025 * value * speed ** 3) },
        snapshots: taus.map((value, step) => ({
          step,
          tau: value,
          reason: 'scheduled',
          matrices: { E: matrix(value), W: matrix(value) },
          scalars: {},
        })),
      },
      seed,
    )
  }

  const shares = [0, 0.09, 0.4, 0.5]
  function runs(limit = [0.47, 0.22, 0.035]) {
    return [0, 1, 2].flatMap((seed) =>
      inputs.map((input, i) =>
        run(input, i < 4 ? shares[i]! : limit[i - 4]! + 0.09, i === 2 || i === 3 ? 1.25 : 1, seed),
      ),
    )
  }

  it('reads distances as shares of training’s displacement, at equal τ', () => {
    const claims = evaluateFigure(theoryAgainstTraining, runs()).claims
    const measured = Object.fromEntries(claims.map(({ id, measured }) => [id, measured]))
    expect(measured['flowDistance']).toBe('0.090')
    expect(measured['isolatedDistance']).toBe(Math.hypot(0.25, 0.4).toFixed(3))
    expect(measured['displacement']).toBe(Math.hypot(1.25, 0.4).toFixed(3))
    expect(measured['flowTest']).toBe('1.000')
    expect(Number(measured['sooner'])).toBeCloseTo(1.25 ** 3, 1)
    expect(verdicts(theoryAgainstTraining, runs())).toMatchObject({ flowDistance: 'holds', isolatedDistance: 'holds' })
  })

  it('falls where the flow strays, and where the distance does not shrink with λ', () => {
    const strayed = runs()
    strayed[inputs.length + 1] = run(inputs[1]!, 0.3, 1, 1)
    expect(verdicts(theoryAgainstTraining, strayed)).toMatchObject({ flowDistance: 'not held' })
    expect(verdicts(theoryAgainstTraining, runs([0.1, 0.1, 0.1]))).toMatchObject({ exponent: 'outside' })
  })

  it('is pending without runs', () => {
    expect(all(verdicts(theoryAgainstTraining, []), 'pending')).toBe(true)
  })

  it('draws every panel from whatever runs are there', () => {
    for (const count of [0, 1, 3, 7, 21]) {
      for (const panel of theoryAgainstTraining.evaluate(runs().slice(0, count), {}).panels) {
        expect(panel.kind).toBe('lines')
        if (panel.kind === 'lines') for (const { x, y } of panel.series) expect(x).toHaveLength(y.length)
      }
    }
  })
})
