import { describe, expect, it } from 'vitest'
import { applySettings } from '../../../src/main/cli/applySettings.ts'
import type { ComposedSpec } from '../../../src/shared/experiment.ts'
import { changesOfCells, parseSweep, planCell } from '../../../src/shared/sweep/planSweep.ts'
import { sobolPoint } from '../../../src/shared/sweep/sobol.ts'

const base = {
  task: { kind: 'modularAddition', modulus: 11, trainFraction: 0.7 },
  network: { hidden: 24 },
  dynamics: { kind: 'training', learningRate: 0.003, weightDecay: 1, steps: 300 },
}
const wd = 'dynamics.weightDecay'
const eta = 'dynamics.learningRate'
const plan = (axes: unknown, more: object = {}) => {
  const sweep = parseSweep({ base, axes, ...more })
  return changesOfCells(sweep).map((changes) => planCell(sweep, changes))
}
const valuesOf = (axes: unknown) => plan(axes).map(({ changes }) => changes.map(({ value }) => value))

describe('the cells of a sweep', () => {
  it('are every combination, the last axis the fastest, each an experiment with the seeds', () => {
    const axes = [
      { field: wd, values: [1, 2] },
      { field: 'dynamics.optimizer', values: ['gradientDescent', 'adamw'] },
    ]
    expect(valuesOf(axes)).toEqual([
      [1, 'gradientDescent'],
      [1, 'adamw'],
      [2, 'gradientDescent'],
      [2, 'adamw'],
    ])
    const cells = plan(axes, { name: 'both', seeds: 3 })
    expect(cells[3]!.spec).toMatchObject({ name: 'both', seeds: [0, 1, 2], dynamics: { weightDecay: 2 } })
  })

  it('of a range reach from end to end, in equal steps or ratios, whole or not, upwards or downwards', () => {
    expect(valuesOf([{ field: wd, from: 0, to: 1, count: 5 }]).flat()).toEqual([0, 0.25, 0.5, 0.75, 1])
    expect(valuesOf([{ field: wd, from: 0.001, to: 1, count: 4, scale: 'log' }]).flat()).toEqual([0.001, 0.01, 0.1, 1])
    expect(valuesOf([{ field: wd, from: 8, to: 2, count: 3, scale: 'log' }]).flat()).toEqual([8, 4, 2])
    // Their quotient is larger than the largest number.
    expect(valuesOf([{ field: wd, from: 1e-308, to: 100, count: 3, scale: 'log' }]).flat()).toEqual([
      1e-308, 1e-153, 100,
    ])
    expect(valuesOf([{ field: wd, from: 100, to: 1e-308, count: 3, scale: 'log' }]).flat()).toEqual([
      100, 1e-153, 1e-308,
    ])
    const whole = { field: 'network.hidden', from: 1, to: 16, count: 12, scale: 'log', whole: true }
    expect(valuesOf([whole]).flat()).toEqual([1, 2, 3, 4, 5, 6, 8, 10, 12, 16])
  })

  it('say of a start from a file what it held when the sweep was planned', () => {
    const [one, other] = ['1', '2'].map((digit) => digit.repeat(64))
    const file = { ...base, initialization: { kind: 'file', path: 'x.npz', hash: 'f'.repeat(64) } }
    const axes = [{ field: 'initialization', values: [{ kind: 'uniform' }, { kind: 'file', path: 'y.npz' }] }]
    const of = (axes: unknown) =>
      plan(axes, { base: file, starts: { 'x.npz': one, 'y.npz': other } }).map(
        ({ spec }) => 'task' in spec && spec.initialization,
      )
    expect(of([{ field: wd, values: [1] }])).toEqual([{ kind: 'file', path: 'x.npz', hash: one }])
    expect(of(axes)).toEqual([{ kind: 'uniform' }, { kind: 'file', path: 'y.npz', hash: other }])
  })

  it('of paired fields change together', () => {
    const values = [
      [0.1, 3],
      [0.2, 1],
    ]
    expect(valuesOf([{ fields: [eta, wd], values }])).toEqual(values)
  })

  it('of a sample are the same each time, and lie within their ranges', () => {
    const over = [
      { field: wd, from: 0.1, to: 10, scale: 'log' },
      { field: 'network.hidden', from: 8, to: 64, whole: true },
    ]
    for (const sample of ['sobol', 'random']) {
      const axes = [{ sample, count: 20, over }]
      const values = valuesOf(axes)
      expect(values).toHaveLength(20)
      expect(valuesOf(axes)).toEqual(values)
      for (const [decay, hidden] of values as [number, number][]) {
        expect(decay).toBeGreaterThanOrEqual(0.1)
        expect(decay).toBeLessThanOrEqual(10)
        expect(Number.isInteger(hidden)).toBe(true)
      }
    }
  })

  it.each([
    ['a word', { optimizer: 'adamw' }, 'dynamics.optimizer.beta1', 0.5, { optimizer: { kind: 'adamw', beta1: 0.5 } }],
    [
      'a word for another kind',
      { optimizer: 'adamw' },
      'dynamics.optimizer.kind',
      'momentum',
      { optimizer: { momentum: 0.9 } },
    ],
    ['steps', { optimizer: 'adamw' }, 'dynamics.decayTime', 0.5, { decayTime: 0.5, steps: 167 }],
    ['steps and a decay time', { steps: 167, decayTime: 0.5 }, wd, 0.5, { decayTime: 0.5, steps: 334 }],
    [
      'no integrator',
      { kind: 'isolated' },
      'dynamics.integrator.stepSize',
      0.1,
      { integrator: { kind: 'euler', stepSize: 0.1 } },
    ],
    [
      'no integrator, which has a tolerance then',
      { kind: 'zeroLossFlow' },
      'dynamics.integrator.stepSize',
      0.1,
      { integrator: { kind: 'heun', stepSize: 0.1, tolerance: 1e-3 } },
    ],
  ])('set fields as `--set` does in a base that has %s', (_, dynamics, field, value, expected) => {
    const { kind = 'training' } = dynamics as { kind?: string }
    const own = kind === 'training' ? { ...base.dynamics, ...dynamics } : { ...dynamics, steps: 10 }
    const network = { hidden: 64 }
    const [cell] = plan([{ field, values: [value] }], { base: { ...base, network, dynamics: own } })
    expect(cell!.spec).toMatchObject({ dynamics: expected })
    if (field !== 'dynamics.optimizer.kind') {
      const set = applySettings({ ...base, network, dynamics: own }, [`${field}=${JSON.stringify(value)}`])
      expect(cell!.spec).toMatchObject({ dynamics: (set as ComposedSpec).dynamics })
    }
  })

  it('set fields of a start that the base leaves out, whichever axis says its kind', () => {
    const scale = { field: 'initialization.scale', values: [2] }
    const kind = { field: 'initialization.kind', values: ['uniform'] }
    const startOf = (...axes: object[]) => (plan(axes)[0]!.spec as ComposedSpec).initialization
    expect(startOf(scale)).toEqual({ kind: 'normal', standardDeviation: 'p^-1/2', scale: 2 })
    for (const axes of [
      [scale, kind],
      [kind, scale],
    ])
      expect(startOf(...axes)).toEqual({ kind: 'uniform', scale: 2 })
  })

  it('may add an intervention to a base that has none', () => {
    const entry = { kind: 'setWeightDecay', at: 5, value: 0 }
    const [cell] = plan([{ field: 'interventions.0', values: [entry, { ...entry, at: 6 }] }])
    expect(cell!.spec).toMatchObject({ interventions: [entry] })
  })

  it('keep few states, unless the base says which', () => {
    const axes = [{ field: wd, values: [1] }]
    expect(plan(axes)[0]!.spec.record).toMatchObject({ snapshots: 'events' })
    const saying = { ...base, record: { snapshots: 'log' } }
    expect(plan(axes, { base: saying })[0]!.spec.record).toMatchObject({ snapshots: 'log' })
  })

  const two = { field: wd, values: [1, 2] }
  it.each([
    [
      'a field that is not there',
      [{ field: 'dynamics.wd', values: [1] }],
      'axes.0.field: "dynamics.wd" is not allowed: there is no such field; did you mean dynamics.weightDecay?',
    ],
    ['an entry that no list has', [{ field: 'interventions.00.at', values: [1] }], 'there is no such field'],
    ['an entry beyond them', [{ field: 'interventions.4000000000.at', values: [1] }], 'there is no such field'],
    [
      'two ways to say how long a run is',
      [
        { field: 'dynamics.steps', values: [10] },
        { field: 'dynamics.decayTime', values: [2] },
      ],
      'give one of the two',
    ],
    ['seeds', [{ field: 'seeds', values: [1] }], 'seeds are no axis'],
    [
      'a field twice',
      [two, { field: wd, values: [3] }],
      `axes.1.field: "${wd}" is not allowed: is set by axes.0 already`,
    ],
    [
      'a field twice in one axis',
      [{ fields: [wd, wd], values: [[1, 1]] }],
      `axes.0.fields.1: "${wd}" is not allowed: is set`,
    ],
    [
      'a field twice in one sample',
      [{ sample: 'sobol', count: 2, over: [wd, wd].map((field) => ({ field, from: 1, to: 2 })) }],
      `axes.0.over.1.field: "${wd}" is not allowed: is set by axes.0 already`,
    ],
    [
      'a field and what it is in',
      [two, { field: 'dynamics', values: [{}] }],
      `axes.1.field: "dynamics" is not allowed: overlaps ${wd} of axes.0`,
    ],
    ['a text of values', [{ field: wd, values: '1,2' }], /axes.0.values: "1,2" is not allowed; expected a list$/],
    ['a value twice', [{ field: wd, values: [1, 2, 1] }], 'axes.0.values.2: 1 is not allowed: stands at 0 already'],
    ['no value', [{ field: wd, values: [] }], 'axes.0.values'],
    ['no axis', [], 'axes'],
    ['an empty range', [{ field: wd, from: 1, to: 1, count: 3 }], 'axes.0.to: 1 is not allowed: the range is empty'],
    ['a range of one', [{ field: wd, from: 1, to: 2, count: 1 }], 'at least 2'],
    [
      'a log range from 0',
      [{ field: wd, from: 0, to: 2, count: 3, scale: 'log' }],
      'axes.0.from: 0 is not allowed: a log range lies above 0',
    ],
    [
      'a log range through 0',
      [{ sample: 'sobol', count: 3, over: [{ field: wd, from: -1, to: 2, scale: 'log' }] }],
      'axes.0.over.0.from: -1',
    ],
    ['pairs of another length', [{ fields: [wd, eta], values: [[1]] }], 'axes.0.values.0'],
    [
      'too many runs',
      [
        { field: wd, from: 0, to: 1, count: 99_999 },
        { field: eta, values: [1, 0.5] },
      ],
      `axes: [99999,2] is not allowed: ${wd} 99999 × ${eta} 2 × 1 seed = 199998 runs; at most 100000: sample`,
    ],
    ['a wrong cell', [two, { field: eta, values: [0.5, 1] }], `cell ${wd} = 2, ${eta} = 1: ${wd}: 2 is not allowed`],
  ])('are refused for %s', (_, axes, message) => {
    expect(() => plan(axes)).toThrow(message)
  })

  it.each([
    ['seeds in the base', { base: { ...base, seeds: [1] } }, 'its "seeds" are not allowed'],
    ['a name in the base', { base: { ...base, name: 'x' } }, 'base.name'],
    [
      'a map without its axis',
      { map: { x: wd, y: eta, color: 'generalizedTau' } },
      'map.y: "dynamics.learningRate" is not allowed: no axis sets it',
    ],
    ['a color that is no number', { map: { x: wd, y: wd, color: 'name' } }, 'map.color: "name" is not allowed'],
    ['starts without hashes', { starts: { 'x.npz': 'new' } }, 'starts.x.npz: "new" is not allowed'],
  ])('are refused for %s', (_, more, message) => {
    expect(() => plan([two], more)).toThrow(message)
  })
})

describe('the color of a plane', () => {
  it.each(['t_grok', 'delay', 'E2', 'testAccuracy', 'generalizedStep', 'phase'])(
    'may be %s, as for `--color`',
    (color) => {
      const axes = [wd, eta].map((field) => ({ field, values: [0.1, 0.2] }))
      expect(parseSweep({ base, axes, map: { x: wd, y: eta, color } }).map?.color).toBe(color)
    },
  )
})

describe('Sobol’s sequence', () => {
  it('begins as it is published', () => {
    expect([0, 1, 2, 3, 4].map((place) => sobolPoint(place, 4))).toEqual([
      [0, 0, 0, 0],
      [0.5, 0.5, 0.5, 0.5],
      [0.75, 0.25, 0.25, 0.25],
      [0.25, 0.75, 0.75, 0.75],
      [0.375, 0.375, 0.625, 0.875],
    ])
  })

  it('has one of its first 2^k points in each 2^k-th part of every axis, and no two axes alike', () => {
    const points = Array.from({ length: 256 }, (_, place) => sobolPoint(place, 10))
    const axes = Array.from({ length: 10 }, (_, axis) => points.map((point) => point[axis]!))
    for (const axis of axes) {
      for (const count of [16, 64, 256]) {
        expect(new Set(axis.slice(0, count).map((value) => Math.floor(value * count))).size).toBe(count)
      }
    }
    expect(new Set(axes.map(String)).size).toBe(10)
  })
})
