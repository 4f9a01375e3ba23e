import { modulusLimits } from '../../src/shared/tasks/modular.ts'
import { describe, expect, it } from 'vitest'
import { errorAdvice, LabError } from '../../src/shared/errors.ts'
import { taskSizes } from '../../src/shared/tasks/tasks.ts'
import { additionTask } from '../support/modularAddition.ts'
import { toRunSpec, type ComposedInput } from '../../src/shared/experiment.ts'
import { limits } from '../../src/shared/specification/limits.ts'
import { tauPerStep } from '../../src/shared/decayTime.ts'
import { parseExperiment } from '../../src/shared/parseExperiment.ts'

const valid = {
  task: { kind: 'modularAddition', modulus: 37, trainFraction: 0.7 },
  network: { hidden: 512 },
  dynamics: { kind: 'isolated', steps: 5000 },
} satisfies ComposedInput

/** The valid specification with the value at a path replaced; undefined leaves the field out. */
function withValue(path: string, value: unknown): unknown {
  const spec = structuredClone(valid) as Record<string, unknown>
  const keys = path.split('.')
  const parent = keys.slice(0, -1).reduce((target, key) => (target[key] ??= {}) as Record<string, unknown>, spec)
  parent[keys.at(-1)!] = value
  return spec
}

function problemOf(input: unknown): LabError {
  try {
    parseExperiment(input)
  } catch (error) {
    return error as LabError
  }
  throw new RangeError(`accepted ${JSON.stringify(input)}`)
}

const bad: [path: string, value: unknown, quoted: string, allowed: string][] = [
  ['task.modulus', 1, '1', 'at least 2'],
  ['task.modulus', 0, '0', 'at least 2'],
  ['task.modulus', -3, '-3', 'at least 2'],
  ['task.modulus', 2.5, '2.5', 'a whole number'],
  ['task.modulus', '37', '"37"', 'a whole number'],
  ['task.modulus', 1e6, '1000000', 'at most 509'],
  ['task.modulus', null, 'null', 'a whole number'],
  ['task.modulus', undefined, 'missing', 'a whole number'],
  ['task.trainFraction', 0, '0', 'above 0'],
  ['task.trainFraction', 1.01, '1.01', 'at most 1'],
  ['task.trainFraction', NaN, 'NaN', 'a finite number'],
  ['task.trainFraction', Infinity, 'Infinity', 'a finite number'],
  ['task.trainFraction', 1e-4, '0.0001', 'both need at least 1'],
  ['task.trainFraction', 0.9999, '0.9999', 'both need at least 1'],
  ['task.kind', 'division', '"division"', '"modularAddition"'],
  ['task.prime', true, 'true', 'unknown field'],
  ['network.hidden', 0, '0', 'at least 1'],
  ['network.hidden', 1e9, '1000000000', 'at most 16384'],
  ['network.activation', 'sigmoid', '"sigmoid"', '"relu", "leakyRelu", "quadratic", "tanh", "gelu", "identity"'],
  ['network.width', 5, '5', 'unknown field'],
  ['initialization', { kind: 'xavier' }, '"xavier"', '"normal", "uniform"'],
  ['initialization', { kind: 'normal', standardDeviation: 'p^-1' }, '"p^-1"', '"p^-1/2", "p^-1/4", or a finite number'],
  ['initialization', { kind: 'normal', standardDeviation: -1 }, '-1', 'above 0'],
  ['initialization', { kind: 'file' }, 'missing', 'a text'],
  ['dynamics.kind', 'hamiltonian', '"hamiltonian"', '"training", "isolated", "zeroLossFlow", "gradientFlow"'],
  ['dynamics.kind', 'gradientFlow', '"gradientFlow"', 'the tasks of kind "toy" only'],
  ['dynamics.ridge', -0.1, '-0.1', 'at least 0'],
  ['dynamics.steps', 0, '0', 'at least 1'],
  ['dynamics.steps', 1e10, '10000000000', 'at most 1000000000'],
  ['dynamics.steps', 1.5, '1.5', 'a whole number'],
  ['dynamics.integrator', { kind: 'rk4' }, '"rk4"', '"euler", "heun", "dormandPrince"'],
  ['dynamics.integrator', { kind: 'euler', stepSize: 0 }, '0', 'above 0'],
  ['dynamics.integrator', { kind: 'heun', tolerance: 1 }, '1', 'at most 0.1'],
  ['dynamics.integrator', { kind: 'heun', tolerance: 'some' }, '"some"', '"none"'],
  ['dynamics.integrator', { kind: 'euler', order: 1 }, '1', 'unknown field'],
  ['dynamics.integrator', { kind: 'euler', output: 'dense' }, '"dense"', 'needs a tolerance'],
  [
    'dynamics.integrator',
    { kind: 'dormandPrince', tolerance: 'none', output: 'dense' },
    '"dense"',
    'needs a tolerance',
  ],
  ['dynamics.integrator', { kind: 'heun', tolerance: 1e-3, output: 'sparse' }, '"sparse"', '"stepEnds", "dense"'],
  ['seeds', [], '[]', 'at least 1'],
  ['seeds', [1, 1], '[1,1]', 'each seed may appear only once'],
  ['seeds', [-1], '-1', 'at least 0'],
  ['seeds', 3, '3', 'a list'],
  ['record', { measureEvery: 0 }, '0', 'at least 1'],
  ['record', { snapshots: 'all' }, '"all"', '"log", "events", or'],
  ['record', { memorizeThreshold: 2 }, '2', 'at most 1'],
  ['name', '', '""', 'at least 1 character'],
  ['precision', 'float16', '"float16"', '"float64", "float32"'],
  ['fooled', 1, '1', 'unknown field'],
]

describe('a specification', () => {
  it.each(bad)('with %s %j is refused: field, value and what is allowed', (path, value, quoted, allowed) => {
    const error = problemOf(withValue(path, value))
    expect(error).toBeInstanceOf(LabError)
    expect(error.code).toBe('INVALID_SPECIFICATION')
    expect(error.advice).toBe(errorAdvice.INVALID_SPECIFICATION)
    const [first] = error.detail as { path: string; message: string }[]
    expect(first!.path).toMatch(new RegExp(`^${path}`))
    expect(first!.message.startsWith(first!.path)).toBe(true)
    expect(first!.message).toContain(quoted)
    expect(first!.message).toContain(allowed)
  })

  it.each([undefined, null, 5, 'text', [], [valid]])('that is no object is refused (%j)', (input) => {
    expect(problemOf(input).code).toBe('INVALID_SPECIFICATION')
  })

  it('with fewer units than training pairs and no ridge is told which of the two to change', () => {
    const { message } = problemOf({ ...valid, network: { hidden: 400 } })
    expect(message).toBe(
      'network.hidden: 400 is not allowed: below the 492 training pairs, and with ridge 0 the matrix HHᵀ must be ' +
        'invertible: set network.hidden to at least 492, or dynamics.ridge above 0',
    )
    for (const change of [{ network: { hidden: 492 } }, { dynamics: { ...valid.dynamics, ridge: 1e-9 } }]) {
      expect(() => parseExperiment({ ...valid, network: { hidden: 400 }, ...change })).not.toThrow()
    }
  })

  it('with several mistakes is told all of them', () => {
    const { detail, message } = problemOf({ ...valid, network: { hidden: 0, width: 1 }, seeds: [] })
    const paths = (detail as { path: string }[]).map(({ path }) => path)
    expect(paths.sort()).toEqual(['network.hidden', 'network.width', 'seeds'])
    expect(message.split('\n').length).toBe(3)
  })

  it('accepts the ends of every limit', () => {
    for (const modulus of Object.values(modulusLimits)) {
      expect(() =>
        parseExperiment({
          ...valid,
          task: { ...valid.task, modulus, trainFraction: 0.5 },
          network: { hidden: 16 },
          dynamics: { ...valid.dynamics, ridge: 1 },
        }),
      ).not.toThrow()
    }
    for (const steps of Object.values(limits.steps)) {
      expect(() => parseExperiment({ ...valid, dynamics: { ...valid.dynamics, steps } })).not.toThrow()
    }
    expect(() => parseExperiment({ ...valid, seeds: Object.values(limits.seed) })).not.toThrow()
  })

  it('is filled with the paper’s defaults, and stays as it is when read again', () => {
    const spec = parseExperiment(valid)
    expect(spec).toMatchObject({
      network: { activation: 'relu' },
      initialization: { kind: 'normal', standardDeviation: 'p^-1/2' },
      dynamics: { ridge: 0, integrator: { kind: 'euler', stepSize: 1e-3 } },
      precision: 'float64',
      seeds: [0],
      record: { measureEvery: 10, snapshots: 'log', memorizeThreshold: 0.99, generalizeThreshold: 0.99 },
    })
    expect(parseExperiment(spec)).toEqual(spec)
    expect(parseExperiment(JSON.parse(JSON.stringify(spec)))).toEqual(spec)
  })

  it.each([
    [{ kind: 'euler' }, { kind: 'euler', stepSize: 1e-3 }],
    [{ kind: 'heun' }, { kind: 'heun', stepSize: 1e-3 }],
    [
      { kind: 'heun', tolerance: 1e-4 },
      { kind: 'heun', stepSize: 1e-3, tolerance: 1e-4 },
    ],
    [{ kind: 'dormandPrince' }, { kind: 'dormandPrince', stepSize: 1e-3, tolerance: 1e-6 }],
    [
      { kind: 'euler', tolerance: 'none', output: 'stepEnds' },
      { kind: 'euler', stepSize: 1e-3 },
    ],
    [
      { kind: 'dormandPrince', tolerance: 'none', output: 'stepEnds' },
      { kind: 'dormandPrince', stepSize: 1e-3, tolerance: 'none' },
    ],
    [
      { kind: 'euler', tolerance: 0.1, output: 'dense' },
      { kind: 'euler', stepSize: 1e-3, tolerance: 0.1, output: 'dense' },
    ],
  ])('holds the integrator %j as %j: as it always was, and the same however it is said', (integrator, expected) => {
    const given = { ...valid, dynamics: { ...valid.dynamics, integrator } }
    const { dynamics } = parseExperiment(given)
    expect(dynamics).toHaveProperty('integrator', expected)
    expect(JSON.stringify(parseExperiment({ ...given, dynamics }).dynamics)).toBe(JSON.stringify(dynamics))
  })

  it('does not change what was given, and does not take fields from a prototype', () => {
    const given = structuredClone(valid)
    parseExperiment(given)
    expect(given).toEqual(valid)
    expect(problemOf(JSON.parse('{"__proto__": {"task": {}}}')).code).toBe('INVALID_SPECIFICATION')
  })
})

describe('what follows from a specification', () => {
  it('the split: n = round(f_s·|D|)', () => {
    expect(taskSizes(parseExperiment(valid).task)).toMatchObject({ total: 703, train: 492, test: 211 })
    for (const modulus of [2, 5, 11, 113]) {
      for (const trainFraction of [0.2, 0.5, 0.77]) {
        const { total, train, test } = taskSizes({ ...additionTask(modulus), trainFraction })
        expect(total).toBe((modulus * (modulus + 1)) / 2)
        expect(Math.abs(train - trainFraction * total)).toBeLessThanOrEqual(0.5)
        expect(train + test).toBe(total)
      }
    }
  })

  it('a run: the experiment with one seed in place of all', () => {
    const spec = parseExperiment({ ...valid, seeds: [3, 8] })
    const run = toRunSpec(spec, 8)
    expect(run).not.toHaveProperty('seeds')
    expect({ ...run, seeds: spec.seeds, seed: undefined }).toEqual({ ...spec, seed: undefined })
    expect(run.seed).toBe(8)
  })

  it('the clock: η for the isolated layer, η·wd for training', () => {
    const clock = (dynamics: ComposedInput['dynamics']) => tauPerStep(parseExperiment({ ...valid, dynamics }).dynamics)
    expect(clock({ kind: 'isolated', steps: 1, integrator: { kind: 'heun', stepSize: 0.02 } })).toBe(0.02)
    expect(clock({ kind: 'training', learningRate: 0.5, weightDecay: 1e-3, steps: 1 })).toBe(5e-4)
  })
})
