import { describe, expect, it } from 'vitest'
import {
  axisFields,
  choicesIn,
  describeSteps,
  draftOfAxis,
  draftOfSweep,
  inOtherForm,
  newAxis,
  readAxis,
  sweepOf,
  toggleChoice,
  type AxisDraft,
} from '../../../../src/renderer/views/new/axes.ts'
import { changed, type SpecDraft } from '../../../../src/shared/specification/paths.ts'
import { changesOfCells, parseSweep, planCell } from '../../../../src/shared/sweep/planSweep.ts'
import { sweepPresets } from '../../../../src/shared/sweep/presets.ts'

const spec: SpecDraft = {
  name: 'plane',
  task: { kind: 'modularAddition', modulus: 11, trainFraction: 0.7 },
  network: { hidden: 32 },
  dynamics: { kind: 'training', optimizer: { kind: 'adamw' }, learningRate: 0.003, weightDecay: 1, steps: 100 },
  seeds: [0, 1],
}
const fields = axisFields(spec)
const values = (field: string, text: string): AxisDraft => ({ kind: 'values', parts: [{ field, text }] })
const cellsOf = (...axes: AxisDraft[]) => {
  const sweep = parseSweep(sweepOf(spec, axes, fields))
  return changesOfCells(sweep).map((changes) => planCell(sweep, changes))
}

describe('the fields of axes', () => {
  it('are all that a cell may set, once each: numbers, choices, and what lies in parts that are left out', () => {
    const paths = fields.map(({ path }) => path)
    expect(new Set(paths).size).toBe(paths.length)
    expect(paths).toEqual(
      expect.arrayContaining([
        ...['task.modulus', 'task.trainFraction', 'network.activation', 'network.biases', 'dynamics.optimizer'],
        ...['dynamics.batch.size', 'dynamics.schedule.shape', 'dynamics.decayTime', 'initialization.standardDeviation'],
        ...['record.generalizeThreshold', 'precision'],
      ]),
    )
    for (const path of ['name', 'seeds', 'task.path', 'dynamics.batch']) expect(paths).not.toContain(path)
    expect(
      axisFields(changed(spec, [{ path: 'dynamics.kind', value: 'isolated' }])).map(({ path }) => path),
    ).not.toContain('dynamics.weightDecay')
  })

  it.each(fields.map((field) => [field.path, field] as const))(
    '%s begins as an axis that a sweep takes',
    (_, field) => {
      const axis = newAxis(field, spec)
      const filled: AxisDraft =
        axis.kind === 'values' && axis.parts[0]!.text === ''
          ? values(field.path, field.choices ? field.choices[0]!.value : '1')
          : axis
      expect(() => parseSweep(sweepOf(spec, [filled], fields))).not.toThrow()
    },
  )
})

describe('an axis', () => {
  it('is a list, a range, or fields that change together', () => {
    expect(cellsOf(values('task.modulus', '7, 11–13'))).toHaveLength(4)
    const range: AxisDraft = {
      ...{
        kind: 'range',
        field: 'dynamics.weightDecay',
        from: '0.25',
        to: '4',
        count: '3',
        scale: 'log',
        whole: false,
      },
    }
    expect(cellsOf(range).map(({ changes }) => changes[0]!.value)).toEqual([0.25, 1, 4])
    const paired: AxisDraft = {
      kind: 'values',
      parts: [
        { field: 'task.modulus', text: '7, 11' },
        { field: 'network.hidden', text: '32, 64' },
      ],
    }
    expect(cellsOf(paired).map(({ spec: cell }) => 'task' in cell && [cell.task, cell.network])).toMatchObject([
      [{ modulus: 7 }, { hidden: 32 }],
      [{ modulus: 11 }, { hidden: 64 }],
    ])
    expect(describeSteps(readAxis(paired, fields, spec))).toEqual(['7 with 32', '11 with 64'])
  })

  it.each([
    ['dynamics.weightDecay', '0.25', '4', '4', 'log', false],
    ['dynamics.weightDecay', '1e-7', '3e-7', '3', 'linear', false],
    ['dynamics.steps', '1100', '1900', '5', 'linear', true],
  ] as const)(
    'over %s from %s to %s is a list of the same numbers, and a range again',
    (path, from, to, count, scale, whole) => {
      const field = fields.find((each) => each.path === path)!
      const range: AxisDraft = { kind: 'range', field: path, from, to, count, scale, whole }
      const numbers = (axis: AxisDraft) => cellsOf(axis).map(({ changes }) => changes.map(({ value }) => value))
      const list = inOtherForm(range, field, spec)
      expect(list.kind).toBe('values')
      expect(numbers(list)).toEqual(numbers(range))
      expect(inOtherForm(list, field, spec)).toMatchObject({ kind: 'range', from, to, count })
    },
  )

  it('that is not right keeps its ends as a list, and a list of JSON its ends as a range', () => {
    const field = fields.find(({ path }) => path === 'dynamics.weightDecay')!
    const list = values(field.path, '[0.5, 1, 8]')
    const range = inOtherForm(list, field, spec) as Extract<AxisDraft, { kind: 'range' }>
    expect(range).toMatchObject({ from: '0.5', to: '8', count: '3' })
    expect(inOtherForm({ ...range, to: 'x' }, field, spec)).toEqual(values(field.path, '0.5, x'))
  })

  it('takes choices, each with what its kind needs', () => {
    const cells = cellsOf(
      values('dynamics.optimizer', 'gradientDescent, momentum'),
      values('network.activation', 'relu, tanh'),
    )
    expect(cells.map(({ spec: cell }) => 'task' in cell && [cell.dynamics, cell.network])).toMatchObject([
      [{ optimizer: { kind: 'gradientDescent' } }, { activation: 'relu' }],
      [{ optimizer: { kind: 'gradientDescent' } }, { activation: 'tanh' }],
      [{ optimizer: { kind: 'momentum', momentum: 0.9 } }, { activation: 'relu' }],
      [{ optimizer: { kind: 'momentum', momentum: 0.9 } }, { activation: 'tanh' }],
    ])
    const biased = cellsOf(values('network.biases', 'off, on')).map(({ spec: cell }) => 'task' in cell && cell.network)
    expect(biased.map((network) => network && (network.biases ?? false))).toEqual([false, true])
  })

  it('over choices keeps them once it is read from a file, and each as it stands when another is pressed', () => {
    const momentum = { kind: 'momentum', momentum: 0.8 }
    const axes = [
      { field: 'dynamics.optimizer', values: [{ kind: 'gradientDescent' }, momentum] },
      { field: 'network.biases', values: [false, true] },
    ]
    const texts = axes.map((axis) => {
      const drafted = draftOfAxis(axis)
      return drafted.kind === 'values' ? drafted.parts[0]!.text : ''
    })
    expect(texts.map(choicesIn)).toEqual([
      ['gradientDescent', 'momentum'],
      ['off', 'on'],
    ])
    const offered = ['adamw', 'gradientDescent', 'momentum']
    const read = (field: string, text: string) => readAxis(values(field, text), fields, spec)['values']
    const more = toggleChoice(texts[0]!, 'adamw', offered)
    expect(choicesIn(more)).toEqual(offered)
    expect(read('dynamics.optimizer', more)).toEqual([{ kind: 'adamw' }, { kind: 'gradientDescent' }, momentum])
    expect(choicesIn(toggleChoice(more, 'momentum', offered))).toEqual(['adamw', 'gradientDescent'])
    expect(choicesIn(toggleChoice(texts[0]!, 'adamw'))).toEqual(['gradientDescent', 'momentum', 'adamw'])
    const biased = toggleChoice(texts[1]!, 'off', ['off', 'on'])
    expect(read('network.biases', biased)).toEqual([true])
    expect(read('network.biases', toggleChoice(biased, 'off', ['off', 'on']))).toEqual([false, true])
  })

  it('of the decay time takes the place of the steps of the base', () => {
    const [first] = cellsOf(values('dynamics.decayTime', '2, 4'))
    expect(first!.spec).toMatchObject({ dynamics: { decayTime: 2 } })
  })

  it('of a field in a part that the base leaves out has that part around it', () => {
    const [first] = cellsOf(values('initialization.scale', '0.5, 2'), values('dynamics.batch.size', '8, 16'))
    expect(first!.spec).toMatchObject({
      initialization: { kind: 'normal', scale: 0.5 },
      dynamics: { batch: { size: 8 } },
    })
  })

  it('that is not right is said to be so, not made right', () => {
    const unequal: AxisDraft = {
      kind: 'values',
      parts: [
        { field: 'task.modulus', text: '7, 11, 13' },
        { field: 'network.hidden', text: '32, 64' },
      ],
    }
    expect(() => cellsOf(unequal)).toThrow(/axes.0.values.2: .*has 1 value; one for each of the 2 fields/)
    const range: AxisDraft = {
      ...{ kind: 'range', field: 'dynamics.weightDecay', from: '0', to: 'x', count: '', scale: 'log', whole: false },
    }
    expect(() => cellsOf(range)).toThrow(/axes.0.to/)
    expect(describeSteps(readAxis(range, fields, spec))).toBeNull()
    expect(() => cellsOf(values('dynamics.weightDecay', '[1, 2'))).toThrow(/weightDecay/)
  })

  it('comes back from a file as it was', () => {
    const axes = [
      { field: 'dynamics.weightDecay', from: 0.25, to: 4, count: 3, scale: 'log' },
      { field: 'task.modulus', from: 7, to: 23, count: 4, whole: true },
      { field: 'task.trainFraction', values: [0.6, 0.8] },
      { field: 'dynamics.optimizer', values: [{ kind: 'adamw' }, { kind: 'gradientDescent' }] },
      { field: 'dynamics.optimizer', values: [{ kind: 'adamw' }, { kind: 'momentum', momentum: 0.8 }] },
      { field: 'network.biases', values: [false, true] },
      { field: 'initialization.path', values: ['my start.npz', 'other, one.npz'] },
      {
        fields: ['dynamics.learningRate', 'dynamics.weightDecay'],
        values: [
          [1, 2],
          [3, 4],
        ],
      },
      { sample: 'sobol', count: 8, over: [{ field: 'dynamics.weightDecay', from: 1, to: 2 }] },
    ]
    expect(axes.map((axis) => readAxis(draftOfAxis(axis), fields, spec))).toEqual(axes)
  })
})

describe('a sweep of a file', () => {
  it('means by a kind alone, as an object or a word, the defaults of that kind, whatever its base says of the same', () => {
    const own = { kind: 'adamw', beta1: 0.8 }
    const sweep = {
      base: changed(spec, [{ path: 'dynamics.optimizer', value: own }]),
      axes: [{ field: 'dynamics.optimizer', values: [{ kind: 'adamw' }, 'adamw', 'momentum', own] }],
    }
    const { spec: draft, axes } = draftOfSweep({ ...sweep, seeds: 2 })!
    const [axis] = sweepOf(draft, axes, axisFields(draft))['axes'] as [{ values: unknown[] }]
    expect(axis.values).toEqual([{ kind: 'adamw' }, { kind: 'adamw' }, { kind: 'momentum' }, own])
    const paired = { fields: ['dynamics.optimizer', 'dynamics.weightDecay'], values: [['adamw', 2]] }
    expect(readAxis(draftOfAxis(paired), axisFields(draft), draft)['values']).toEqual([[{ kind: 'adamw' }, 2]])
  })

  it('is a draft of its base, with the first values of its axes where that has none, and its seeds', () => {
    const { dynamics, name: _, seeds: __, ...rest } = spec
    const { weightDecay: ___, ...others } = dynamics as Record<string, unknown>
    const axes = [{ field: 'dynamics.weightDecay', values: [2, 4] }]
    const found = draftOfSweep({
      name: 'mine',
      base: { ...rest, dynamics: others },
      axes,
      seeds: 3,
    })
    expect(found?.spec).toMatchObject({ dynamics: { weightDecay: 2 } })
    expect(draftOfSweep(spec)).toBeNull()
    for (const wrong of [[], [1], {}]) expect(draftOfSweep({ base: rest, axes: wrong })).toBeNull()
    expect(draftOfSweep({ base: rest, axes, seeds: 1e12 })?.spec).toMatchObject({ seeds: 1e12 })
  })

  it.each(sweepPresets.map((preset) => [preset.name, preset] as const))('is each preset: %s', (_, { spec: sweep }) => {
    const { spec: draft, axes, besides } = draftOfSweep(sweep)!
    const back = parseSweep(sweepOf(draft, axes, axisFields(draft), besides))
    expect(back.map).toEqual(parseSweep(sweep).map)
    expect(changesOfCells(back)).toEqual(changesOfCells(parseSweep(sweep)))
    for (const changes of changesOfCells(back)) planCell(back, changes)
  })
})
