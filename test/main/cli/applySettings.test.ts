import { describe, expect, it } from 'vitest'
import { applySettings, withNamedFiles } from '../../../src/main/cli/applySettings.ts'
import type { ComposedSpec } from '../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../src/shared/parseExperiment.ts'

const spec = {
  task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
  network: { hidden: 40 },
  dynamics: { kind: 'isolated', steps: 10 },
  seeds: [3, 4],
}

const refusal = (...settings: string[]) => {
  try {
    applySettings(spec, settings)
  } catch (error) {
    return error as { code: string; message: string }
  }
  throw new RangeError(`accepted ${settings.join(' ')}`)
}

describe('--set', () => {
  it('of a file leaves out what is said of the file before, unless it says that too', () => {
    const content = { hash: 'a'.repeat(40), samples: 9 }
    const given = {
      task: { kind: 'dataset', path: 'a.npz', trainFraction: 0.5, content },
      initialization: { kind: 'file', path: 'a.npz', hash: 'b' },
    }
    expect(withNamedFiles(given, ['task.path=b.npz', 'initialization.path="c.npz"', 'name=x'])).toEqual({
      task: { kind: 'dataset', path: 'b.npz', trainFraction: 0.5 },
      initialization: { kind: 'file', path: 'c.npz' },
    })
    expect(withNamedFiles(given, ['task.path=b.npz', 'task.content.hash=c'])).toMatchObject({
      task: { path: 'b.npz', content },
      initialization: given.initialization,
    })
    for (const other of [spec, null, [], 'text', { task: 5 }]) {
      expect(withNamedFiles(other, ['task.path=b.npz'])).toEqual(other)
    }
  })

  it('comes to one specification in whatever order settings are given', () => {
    const flow = {
      task: { kind: 'toy', model: 'twoWeightLinear', start: [1, 2] },
      dynamics: { kind: 'gradientFlow', ridge: 0.1, steps: 10 },
    }
    const trained = { kind: 'training', optimizer: 'momentum', learningRate: 0.01, weightDecay: 1, steps: 10 }
    for (const [given, settings] of [
      [flow, ['dynamics.integrator.stepSize=0.01', 'dynamics.integrator.kind=heun']],
      [{ ...spec, dynamics: trained }, ['dynamics.optimizer.beta2=0.9', 'dynamics.optimizer.kind=adamw']],
      [{ ...spec, dynamics: trained }, ['dynamics.batch.sampling=withReplacement', 'dynamics.batch.size=8']],
      [{ ...spec, dynamics: trained }, ['dynamics.optimizer.beta2=0.9', 'dynamics.optimizer=adamw']],
    ] as const) {
      const [one, other] = [settings, settings.toReversed()].map((each) => applySettings(given, each))
      expect(one).toEqual(other)
    }
  })

  it('begins a part that is left out with the first of its fields', () => {
    const training = { kind: 'training', optimizer: 'adamw', learningRate: 0.01, weightDecay: 1, steps: 10 }
    const settings = [
      'dynamics.batch.size=8',
      'dynamics.batch.sampling=withReplacement',
      'dynamics.perParameter.E.learningRate=2',
      'stop.after=generalized',
      'stop.steps=5',
      'record.geometry.every=50',
    ]
    expect(applySettings({ ...spec, dynamics: training }, settings)).toEqual(
      parseExperiment({
        ...spec,
        dynamics: {
          ...training,
          batch: { size: 8, sampling: 'withReplacement' },
          perParameter: { E: { learningRate: 2 } },
        },
        stop: { after: 'generalized', steps: 5 },
        record: { geometry: { every: 50 } },
      }),
    )
    expect(refusal('dynamics.batch.size=8').message).toMatch(/^dynamics.batch: unknown field/)
  })

  it('changes fields that are given, defaults and optional ones; values are JSON, or text', () => {
    const changed = applySettings(spec, [
      'dynamics.steps=25',
      'dynamics.integrator.kind=heun',
      'dynamics.integrator.tolerance=1e-3',
      'network.activation="tanh"',
      'seeds=[9]',
      'name=a name with = inside',
      'record={"measureEvery":5}',
    ])
    expect(changed).toEqual(
      parseExperiment({
        ...spec,
        name: 'a name with = inside',
        network: { hidden: 40, activation: 'tanh' },
        dynamics: { kind: 'isolated', steps: 25, integrator: { kind: 'heun', stepSize: 1e-3, tolerance: 1e-3 } },
        seeds: [9],
        record: { measureEvery: 5 },
      }),
    )
  })

  it('has steps take the place of a decay time, and it theirs; steps that follow from one follow anew', () => {
    const training = { kind: 'training', learningRate: 0.5, weightDecay: 0.1 }
    const byTime = { ...spec, dynamics: { ...training, decayTime: 2 } }
    const length = (given: unknown, ...settings: string[]) => {
      const { dynamics } = applySettings(given, settings) as ComposedSpec
      return [dynamics.steps, dynamics.decayTime]
    }
    expect(length(byTime)).toEqual([40, 2])
    expect(length(byTime, 'dynamics.weightDecay=0.2')).toEqual([20, 2])
    expect(length(byTime, 'dynamics.steps=7')).toEqual([7, undefined])
    expect(length(spec, 'dynamics.decayTime=2')).toEqual([2000, 2])
  })

  it('has what a specification leaves out follow from what is set', () => {
    const train = (...places: number[]) => ({ kind: 'given', train: places })
    const share = (task: object, ...settings: string[]) =>
      (applySettings({ ...spec, task }, settings) as { task: { trainFraction: number } }).task.trainFraction
    const { trainFraction: _, ...open } = spec.task
    expect(share({ ...open, split: train(0, 1, 2) }, 'task.split.train=[0,1,2,3,4,5,6]')).toBe(7 / 28)
    expect(share({ ...spec.task }, 'task.split={"kind":"given","train":[0,1]}')).toBe(2 / 28)
    expect(share({ ...spec.task }, 'task.split.kind=given', 'task.split.train=[0,1]')).toBe(2 / 28)
    expect(share({ ...open, split: train(0, 1, 2) }, 'task.modulus=5')).toBe(3 / 15)
    const training = { kind: 'training', learningRate: 0.5, weightDecay: 0.1, steps: 3 }
    const optimizer = (given: object, ...settings: string[]) => {
      const { dynamics } = applySettings({ ...spec, dynamics: { ...training, ...given } }, settings) as ComposedSpec
      return 'optimizer' in dynamics ? dynamics.optimizer : undefined
    }
    for (const given of ['momentum', { kind: 'momentum' }])
      expect(optimizer({ optimizer: given }, 'dynamics.optimizer.kind=adamw')).toMatchObject({ kind: 'adamw' })
    expect(optimizer({ optimizer: 'adamw' }, 'dynamics.optimizer.beta2=0.9')).toMatchObject({ beta2: 0.9 })
    expect(applySettings({ ...spec, seeds: undefined }, ['seeds.0=8']).seeds).toEqual([8])
  })

  it('says where what is set and what a specification says itself contradict each other', () => {
    const task = { ...spec.task, split: { kind: 'given', train: [...Array(20).keys()] } }
    expect(() => applySettings({ ...spec, task }, ['task.trainFraction=0.5'])).toThrow(/task\.trainFraction/)
    const optimizer = { kind: 'momentum', momentum: 0.8 }
    const dynamics = { kind: 'training', learningRate: 0.5, weightDecay: 0.1, steps: 3, optimizer }
    expect(() => applySettings({ ...spec, dynamics }, ['dynamics.optimizer.kind=adamw'])).toThrow(/optimizer\.momentum/)
  })

  it('changes entries of a list by their place, the last setting of a path wins, and nothing is the identity', () => {
    expect(applySettings(spec, ['seeds.1=8', 'seeds.1=7']).seeds).toEqual([3, 7])
    expect(applySettings(spec, [])).toEqual(parseExperiment(spec))
  })

  it.each([
    ['nope.there=1', 'USAGE', 'there is no field nope; there are: name, task, network'],
    ['integrator.kind=heun', 'USAGE', 'there is no field integrator; did you mean dynamics.integrator.kind?'],
    ['integrator.tolerance=1', 'USAGE', 'there is no field integrator; did you mean dynamics.integrator.tolerance?'],
    ['steps=9', 'INVALID_SPECIFICATION', 'steps: unknown field (given 9); did you mean stop.steps or dynamics.steps?'],

    ['dynamics.nope.kind=1', 'USAGE', 'there is no field dynamics.nope; there are: kind, ridge, integrator, steps'],
    ['seeds.2=8', 'USAGE', 'there is no field seeds.2; there are: 0, 1'],
    ['seeds.length=1', 'USAGE', 'there is no field seeds.length'],
    ['name.first=x', 'USAGE', 'there is no field name'],
    ['__proto__.polluted=1', 'USAGE', 'there is no field __proto__'],
    ['task.__proto__=1', 'USAGE', 'there is no field task.__proto__'],
    ['constructor.prototype.polluted=1', 'USAGE', 'there is no field constructor'],
    ['dynamics.nope=1', 'INVALID_SPECIFICATION', 'dynamics.nope: unknown field (given 1)'],
    ['dynamics.steps=many', 'INVALID_SPECIFICATION', 'dynamics.steps: "many" is not allowed; expected a whole number'],
    ['dynamics.steps', 'USAGE', 'expected path=value'],
    ['=5', 'USAGE', 'expected path=value'],
  ])('refuses %s', (setting, code, message) => {
    expect(refusal(setting)).toMatchObject({ code, message: expect.stringContaining(message) as string })
    expect({}).not.toHaveProperty('polluted')
  })

  it('does not touch what was given', () => {
    const given = structuredClone(spec)
    applySettings(given, ['dynamics.steps=25', 'seeds.0=1'])
    expect(given).toEqual(spec)
  })
})
