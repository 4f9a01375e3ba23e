import { describe, expect, it } from 'vitest'
import { evaluateFigure } from '../../../../../src/main/lab/papers/evaluateFigure.ts'
import { figure6 } from '../../../../../src/main/lab/papers/musat2025/figure6.ts'
import { requireComposed, toRunSpec } from '../../../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../../../src/shared/parseExperiment.ts'
import type { FigureOptions, RecordedRun } from '../../../../../src/shared/papers/figure.ts'
import recorded from '../../../../../src/main/lab/papers/musat2025/figure6Seeds.json' with { type: 'json' }
import { median } from '../../../../../src/shared/curves/statistics.ts'
import type { Snapshot } from '../../../../../src/shared/run.ts'
import type { MatrixData } from '../../../../../src/shared/matrix.ts'

const p = 37
const K = 18
const hidden = 8 * K
const steps = 5000

const spec = (options: FigureOptions = {}) => requireComposed(parseExperiment(figure6.experiments(options)[0]))

describe('the experiment of figure 6', () => {
  it('is the paper’s set-up', () => {
    expect(spec()).toMatchObject({
      task: { kind: 'modularAddition', modulus: 37, trainFraction: 0.7 },
      network: { hidden: 512, activation: 'relu' },
      dynamics: { kind: 'isolated', ridge: 0, integrator: { kind: 'euler', stepSize: 1e-3 }, steps: 5000 },
      seeds: [0, 1, 2, 3, 4],
    })
  })

  it('with another integrator differs in nothing else but its name', () => {
    for (const integrator of ['heun', 'dormandPrince'] as const) {
      const { name, dynamics, ...rest } = spec({ integrator })
      const { name: paperName, dynamics: paperDynamics, ...paperRest } = spec()
      expect(rest).toEqual(paperRest)
      expect(name).not.toBe(paperName)
      expect(dynamics).toEqual({ ...paperDynamics, integrator: { kind: integrator, stepSize: 1e-3, tolerance: 1e-3 } })
    }
  })
})

/** Every step of 10 measured, with a curve for each name. */
function run(
  curves: Record<string, (step: number) => number>,
  seed = 0,
  snapshots = [start, end],
  options: FigureOptions = {},
): RecordedRun {
  const step = Float64Array.from({ length: steps / 10 + 1 }, (_, i) => 10 * i)
  const risen = step.find((value) => (curves['testAccuracy']?.(value) ?? 0) >= 0.5)
  return {
    runId: `run${seed}`,
    spec: toRunSpec(spec(options), seed),
    status: 'finished',
    code: null,
    curves: {
      step,
      tau: step.map((value) => value / 1000),
      ...Object.fromEntries(Object.entries(curves).map(([name, curve]) => [name, step.map(curve)])),
    },
    events: risen === undefined ? {} : { halfRise: { step: risen, tau: risen / 1000, value: 0.5 } },
    snapshots,
    train: new Int32Array(),
  }
}

function snapshot(step: number, E: MatrixData): Snapshot {
  return { step, tau: step / 1000, reason: 'scheduled', matrices: { E }, scalars: {} }
}

/** Noise: features of unequal norms, not orthogonal, whose absolute values are alike within and across frequencies. */
const start = snapshot(
  0,
  layer((j, u) => 0.3 * gaussian(j * hidden + u)),
)

/** Eight units to a frequency and a share of the next one in each: circles, orthogonal and of equal norm. */
const end = snapshot(
  steps,
  layer((j, u) => {
    const [block, quarter, sign] = [Math.floor(u / 8), u % 4, u % 8 < 4 ? 1 : -1]
    const wave = (k: number) => Math.cos((2 * Math.PI * k * j) / p + 0.3 + (quarter * Math.PI) / 2)
    return wave(1 + block) + 0.75 * sign * wave(1 + ((block + 1) % K))
  }),
)

function layer(entry: (token: number, unit: number) => number): MatrixData {
  const data = Float64Array.from({ length: p * hidden }, (_, at) => entry(Math.floor(at / hidden), at % hidden))
  return { rows: p, columns: hidden, data }
}

/** Roughly normal, reproducible. */
function gaussian(at: number): number {
  let sum = -6
  for (let i = 1; i <= 12; i++) sum += Math.abs((Math.sin(at * 12.9898 + i * 78.233) * 43758.5453) % 1)
  return sum
}

const others = recorded.runs.map(({ halfRiseStep }) => halfRiseStep)
/** Rises over a thousand steps, through one half at a step. */
const rising = (middle: number) => (step: number) => Math.min(1, Math.max(0.02, (step - middle) / 1000 + 0.5))
const good = {
  testAccuracy: rising(median(others)),
  trainLoss: () => 1e-26,
  firstLayerNormSquared: (step: number) => 600 - step / 11,
  secondLayerNormSquared: (step: number) => 600 - step / 11,
}

const seeds = [0, 1, 2, 3, 4]

const verdicts = (runs: RecordedRun[], options: FigureOptions = {}) =>
  Object.fromEntries(evaluateFigure(figure6, runs, options).claims.map(({ id, verdict }) => [id, verdict]))

describe('the claims of figure 6', () => {
  it('are pending, each, without runs, and with runs that have only begun', () => {
    const begun = { ...run({}), curves: { step: new Float64Array(), tau: new Float64Array() }, snapshots: [] }
    for (const integrator of ['euler', 'heun'] as const) {
      for (const runs of [[], [begun]]) {
        const found = Object.values(verdicts(runs, { integrator }))
        expect(found.length).toBeGreaterThan(10)
        expect(new Set(found)).toEqual(new Set(['pending']))
      }
    }
  })

  it.each([
    { claim: 'accuracyAt500', curves: { testAccuracy: () => 0.06 }, verdict: 'not held' },
    { claim: 'accuracyAt2600', curves: { testAccuracy: () => 0.9 }, verdict: 'not held' },
    { claim: 'trainLoss', curves: { trainLoss: (step: number) => (step === 1230 ? 1e-9 : 0) }, verdict: 'not held' },
    { claim: 'normGap', curves: { secondLayerNormSquared: () => 100 }, verdict: 'outside' },
  ])('on curves hold for good ones of every seed, and not where one seed strays ($claim)', (given) => {
    const { claim, curves, verdict } = given
    const runs = seeds.map((seed) => run(good, seed))
    expect(verdicts(runs)[claim]).toBe('holds')
    expect(verdicts([...runs.slice(0, 4), run({ ...good, ...curves }, 4)])[claim]).toBe(verdict)
  })

  it('on the half rise judge its median by other seeds: not by one seed, and neither sooner nor later', () => {
    const five = (middles: number[]) =>
      seeds.map((seed) => run({ ...good, testAccuracy: rising(middles[seed]!) }, seed))
    const middle = median(others)
    const [early, late] = [Math.min(...others) - 50, Math.max(...others) + 50]
    const verdictOf = (middles: number[]) => verdicts(five(middles)).halfRise
    expect(verdictOf([early, middle, middle, middle, late])).toBe('holds')
    expect(verdictOf([early, early, middle, middle, middle])).toBe('holds')
    expect(verdictOf([early, early, early, middle, middle])).toBe('outside')
    expect(verdictOf([middle, middle, late, late, late])).toBe('outside')
    const never = { ...good, testAccuracy: () => 0.4 }
    expect(
      verdicts([...five(Array(5).fill(middle)).slice(0, 2), ...[2, 3, 4].map((seed) => run(never, seed))]).halfRise,
    ).toBe('outside')
  })

  it('on an accurate integration declare that it does not rise as late as Euler’s', () => {
    const options = { integrator: 'heun' } as const
    const claim = (middle: number) => {
      const curves = { ...good, testAccuracy: rising(middle) }
      const runs = seeds.map((seed) => run(curves, seed, [start, end], options))
      return evaluateFigure(figure6, runs, options).claims.find(({ id }) => id === 'halfRise')
    }
    expect(claim(1000)).toMatchObject({
      verdict: 'not held',
      declared: 'not held',
      reason: expect.any(String) as string,
    })
    expect(claim(median(others))).toMatchObject({ verdict: 'holds', declared: 'not held' })
  })

  it.each([
    { claim: 'overshoot', curves: { firstLayerNormSquared: (step: number) => (step === 10 ? 900 : 500) } },
    { claim: 'accuracyAt1000', curves: { testAccuracy: () => 0.1 } },
    { claim: 'accuracyAt1400', curves: { testAccuracy: () => 0.8 } },
  ])('of an accurate integration are its own ($claim)', ({ claim, curves }) => {
    const accurate = { ...good, testAccuracy: (step: number) => (step < 1400 ? 0.54 : 1) }
    const options = { integrator: 'heun' } as const
    const all = (given: Parameters<typeof run>[0]) => seeds.map((seed) => run(given, seed, [start, end], options))
    expect(verdicts(all(accurate), options)[claim]).toBe('holds')
    expect(verdicts(all({ ...accurate, ...curves }), options)[claim]).toBe('outside')
    expect(verdicts(seeds.map((seed) => run(accurate, seed)))).not.toHaveProperty(claim)
  })

  it('on features tell noise from circles', () => {
    const all = (snapshots: Snapshot[]) => verdicts(seeds.map((seed) => run(good, seed, snapshots)))
    const found = all([start, end])
    const noise = all([start, { ...start, step: steps }])
    for (const claim of ['spread', 'cosine', 'across']) {
      expect([claim, found[claim], noise[claim]]).toEqual([claim, 'holds', 'not held'])
    }
    const circlesThroughout = all([{ ...end, step: 0 }, end])
    for (const claim of ['spreadAtStart', 'cosineAtStart', 'acrossAtStart']) {
      expect([claim, circlesThroughout[claim]]).toEqual([claim, 'outside'])
    }
    expect(found.dominantShare).toBe('holds')
    expect(noise.dominantShare).toBe('outside')
  })
})

describe('the other seeds of figure 6', () => {
  it('ran the experiment of the figure, as far as its rise, on seeds that are not its own', () => {
    const { name: _, seeds: own, dynamics, ...rest } = spec()
    const {
      name: __,
      seeds: others,
      dynamics: otherDynamics,
      ...otherRest
    } = requireComposed(parseExperiment(recorded.specification))
    expect(otherRest).toEqual(rest)
    expect(otherDynamics).toEqual({ ...dynamics, steps: 2600 })
    expect(new Set([...own, ...others]).size).toBe(25)
    expect(recorded.runs.map(({ seed }) => seed)).toEqual(others)
  })

  it('are drawn where they rose, with their accuracies at step 2000 in words', () => {
    const [accuracy] = figure6.evaluate([], {}).panels
    if (accuracy!.kind !== 'lines') throw new TypeError('not lines')
    expect([...accuracy!.series.at(-1)!.x]).toEqual(others)
    const values = recorded.runs.map(({ accuracyAt2000 }) => accuracyAt2000)
    const words = [Math.min(...values), Math.max(...values), median(values)].map((value) => value.toFixed(2))
    expect(accuracy!.caption).toContain(`: ${words[0]}–${words[1]}, median ${words[2]}`)
  })
})

describe('the panels of figure 6', () => {
  it('are the accuracy alone until a run has an end', () => {
    expect(figure6.evaluate([], {}).panels.map(({ id }) => id)).toEqual(['test-accuracy'])
    expect(figure6.evaluate([run(good, 0, [start])], {}).panels.length).toBe(1)
  })

  it('are four, with a curve for each seed and the features at both ends', () => {
    const { panels } = figure6.evaluate([run(good, 0), run(good, 1)], {})
    const [accuracy, norms, cosines, absolute] = panels
    expect(panels.length).toBe(4)
    expect(accuracy).toMatchObject({ kind: 'lines', levels: [{ at: 1 / 37 }] })
    expect(accuracy!.kind === 'lines' && accuracy!.series.map(({ name }) => name)).toEqual([
      'seed 0',
      'seed 1',
      'half rise of 20 other seeds, Euler',
    ])
    expect(norms!.kind === 'lines' && norms!.series.map(({ y }) => y.length)).toEqual([K, K, K, K])
    for (const panel of [cosines!, absolute!]) {
      expect(panel).toMatchObject({ kind: 'heatmap', matrix: { rows: 2 * K, columns: 2 * K } })
    }
  })
})
