import { describe, expect, it } from 'vitest'
import { fourierFeatures } from '../../../../../src/main/lab/analysis/fourierFeatures.ts'
import { figures } from '../../../../../src/main/lab/papers/papers.ts'
import { measurementNames, type MeasurementName } from '../../../../../src/shared/measurements.ts'
import { panelCsv } from '../../../../../src/shared/panelCsv.ts'
import type { RecordedRun } from '../../../../../src/shared/papers/figure.ts'
import { paperOf, type FigureId } from '../../../../../src/shared/papers/papers.ts'
import type { Snapshot } from '../../../../../src/shared/run.ts'
import { expectNamed } from '../../../../support/expectNamed.ts'
import { readCsv } from '../../../../support/readCsv.ts'
import { requireComposed } from '../../../../../src/shared/experiment.ts'
import { runSpec } from '../../../../support/runs.ts'

type Row = Record<string, number | string>

/** The numbers that a run has for a row of a panel; null for a mark, such as the zero-loss set. */
type Reading = (row: Row, run: RecordedRun, at: (name: MeasurementName) => number) => Row | null

const weights: Reading = (row, _, at) =>
  row['curve'] === 'run' ? { weight1: at('weight1'), weight2: at('weight2') } : null
const seen =
  (column: string, name: MeasurementName): Reading =>
  (row, _, at) => ({ [column]: at(name), tau: Number(row['step']) / 10 })
const features: Reading = (row, run): Row => {
  const { matrices } = run.snapshots.find(({ step }) => step === (row['step'] ?? 10))!
  const { norms, cosines, absoluteCosines } = fourierFeatures(matrices['E']!)
  const place = (k: unknown, part: unknown) => (part === 'Re' ? 0 : 18) + Number(k) - 1
  const own = place(row['frequency'], row['part'])
  if (row['otherPart'] === undefined) return { norm: norms[own]! }
  const cell = own * norms.length + place(row['otherFrequency'], row['otherPart'])
  return { cosine: [cosines.data[cell]!, absoluteCosines.data[cell]!].find((value) => value === row['cosine']) ?? NaN }
}
const both =
  (accuracy: boolean): Reading =>
  (row, _, at) => {
    const name = `${row['pairs'] as 'train' | 'test'}${accuracy ? 'Accuracy' : 'Mse'}` as const
    return { [accuracy ? 'accuracy' : 'meanSquaredError']: at(name) }
  }
const derived: Reading = () => ({})

const readings: Record<string, Reading> = {
  'musat2025/fig1 twoWeightLinear-plane': weights,
  'musat2025/fig1 train-loss': (_, __, at) => ({ trainLoss: at('trainLoss') }),
  'musat2025/fig1 test-loss': (_, __, at) => ({ testMse: at('testMse') }),
  'musat2025/fig2 in-plane': (row, _, at) =>
    row['start'] === 'least norm'
      ? null
      : { weight3: at('weight3'), firstInPlane: (at('weight1') - at('weight2')) / Math.SQRT2 },
  'musat2025/fig2 approach': (_, __, at) => ({ meanWeight: (at('weight1') + at('weight2') + at('weight3')) / 3 }),
  'musat2025/fig3 curvedScalar-plane': weights,
  'musat2025/fig3 singularScalar-plane': weights,
  'musat2025/fig3 leakyRelu-plane': weights,
  'musat2025/fig4 angle': (_, __, at) => ({ distance: at('distanceToZeroLoss') }),
  'musat2025/fig4 parabola-plane': weights,
  'musat2025/fig5 cosine': seen('cosine', 'normMinimizingCosine'),
  'musat2025/fig5 cosine-paper': seen('cosine', 'normMinimizingCosinePaper'),
  'musat2025/fig5 distance': seen('distance', 'distanceToZeroLoss'),
  'musat2025/fig6 test-accuracy': (row, run, at) =>
    row['point'] === 'half rise' ? null : seen('testAccuracy', 'testAccuracy')(row, run, at),
  'musat2025/fig6 feature-norms': features,
  'musat2025/fig6 feature-cosines': features,
  'musat2025/fig6 absolute-feature-cosines': features,
  'musat2025/fig7 accuracy': both(true),
  'musat2025/fig7 loss': both(false),
  'musat2025/theory test-error': seen('testMse', 'testMse'),
  'musat2025/theory test-accuracy': seen('testAccuracy', 'testAccuracy'),
  'musat2025/theory distance': derived,
  'musat2025/theory velocities': derived,
  'musat2025/theory limit': derived,
}

/** Runs of a figure with a value of its own for each measurement, run and step. */
function runsOf(id: FigureId): RecordedRun[] {
  const figure = figures.find((each) => each.id === id)!
  const owner = figures.find((each) => each.id === (figure.usesRunsOf ?? id))!
  const specs = owner.experiments({}).flatMap((input) => (input.seeds ?? [0]).map((seed) => runSpec(input, seed)))
  return specs.map((spec, run) => {
    const step = Float64Array.of(0, 10, 20)
    const value = (name: number) => step.map((at) => 0.01 + 0.001 * run + 0.0001 * name + 0.00001 * at)
    const snapshot = (at: number): Snapshot => {
      const matrix = (rows: number, columns: number) => {
        return { rows, columns, data: Float64Array.from({ length: rows * columns }, (_, k) => Math.sin(k * (at + 1))) }
      }
      return {
        step: at,
        tau: at / 10,
        reason: 'scheduled',
        matrices: { E: matrix(37, 6), W: matrix(6, 37) },
        scalars: {},
      }
    }
    const curves = { step, tau: step.map((at) => at / 10) }
    const measured = Object.fromEntries(measurementNames.map((name, place) => [name, value(place)]))
    return {
      runId: `run${run}`,
      spec,
      status: 'finished',
      code: null,
      curves: { ...curves, ...measured },
      events: {},
      snapshots: [snapshot(0), snapshot(10)],
      train: new Int32Array(),
    }
  })
}

/** As the panels of the theory name the first of its experiments. */
const dynamics = ['training', 'flow on the zero-loss set', 'isolated, λ = wd·N/2', 'isolated, ridge 0']

/** The run that a row tells of: by seed, by start and ridge, or by the dynamics. */
function runOf(row: Row, runs: readonly RecordedRun[]): RecordedRun {
  const names = [...new Set(runs.map(({ spec }) => spec.name))]
  const found = runs.filter((run) => {
    const spec = requireComposed(run.spec)
    if (row['start'] !== undefined && spec.task.kind === 'toy') {
      const ridge = spec.dynamics.kind === 'gradientFlow' ? spec.dynamics.ridge : NaN
      return `(${spec.task.start.join(', ')})` === row['start'] && ridge === row['ridge']
    }
    if (row['height'] !== undefined && spec.task.kind === 'toy') return spec.task.start[1]! - 0.8 ** 2 === row['height']
    if (row['seed'] !== undefined) return spec.seed === row['seed']
    return names.indexOf(spec.name) === dynamics.indexOf(String(row['dynamics']))
  })
  // A matrix is of the first run, as its caption says.
  return found[0] ?? runs[0]!
}

const own = figures.filter(({ id }) => paperOf(id).id === 'musat2025')

describe.each(own.map(({ id }) => id))('the data of %s', (id) => {
  const runs = runsOf(id)
  const figure = figures.find((each) => each.id === id)!
  const { panels } = figure.evaluate(runs, {})

  it('are those of panels that are all tried here', () => {
    const names = Object.keys(readings).filter((name) => name.startsWith(`${id} `))
    expect(panels.map((panel) => `${id} ${panel.id}`)).toEqual(names)
  })

  it.each(panels.map((panel) => [panel.id, panel] as const))('%s: have a name for every series', (_, panel) => {
    expectNamed(panel)
  })

  it.each(panels.map((panel) => [panel.id, panel] as const))('%s: have the numbers of the runs', (name, panel) => {
    const rows = readCsv(panelCsv(panel))
    // Whether runs come as far as the limit is read at is not settled here.
    if (name !== 'limit') expect(rows.length).toBeGreaterThan(0)
    for (const row of rows) {
      const run = runOf(row, runs)
      const at = (measurement: MeasurementName) =>
        run.curves[measurement]?.[run.curves.step.indexOf(Number(row['step']))] ?? NaN
      const expected = readings[`${id} ${name}`]!(row, run, at)
      if (expected) expect(row).toMatchObject(expected)
    }
    // Every number stands there once.
    expect(new Set(rows.map((row) => JSON.stringify(row))).size).toBe(rows.length)
  })
})
