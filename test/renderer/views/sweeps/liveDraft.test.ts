import { describe, expect, it } from 'vitest'
import { planSweep } from '../../../../src/main/sweep/sweepPlan.ts'
import {
  addressOfDraft,
  axisFields,
  draftInAddress,
  draftOfPreset,
  experimentFields,
  isLiveDraft,
  livePresets,
  newAxis,
  newSlider,
  questionOf,
  sliderFields,
  trackOf,
  valueOf,
  withChoice,
  withField,
  type LiveDraft,
} from '../../../../src/renderer/views/sweeps/live/liveDraft.ts'

const small = draftOfPreset(livePresets[0]!)

describe.each(livePresets)('the live map begun from $name', (preset) => {
  const draft = draftOfPreset(preset)

  it('is the plane of the preset, cell by cell', () => {
    const keys = (spec: unknown) => new Set(planSweep(spec).keys)
    expect(keys(questionOf(draft).spec)).toEqual(keys(preset.spec))
    expect(isLiveDraft(JSON.parse(JSON.stringify(draft)))).toBe(true)
  })

  it('has a slider over a third field, which is asked for nowhere else', () => {
    const { slider, x, y, base } = draft
    const track = trackOf(slider)!
    const value = Number(valueOf(base, slider.field))
    expect(value).toBeGreaterThanOrEqual(track.min)
    expect(value).toBeLessThanOrEqual(track.max)
    const fields = [slider.field, x.field, y.field, ...experimentFields(draft).map(({ path }) => path)]
    expect(new Set(fields).size).toBe(fields.length)
  })

  it('can be cut along any other field: a range or all choices, which are a plane too', () => {
    for (const { path } of axisFields(draft)) {
      if (path === draft.y.field) continue
      const x = newAxis(path, draft.base)
      const { spec } = questionOf({ ...draft, x })
      expect(spec.map.x).toBe(path)
      expect(x.kind === 'values' ? x.text : Number(x.to) > Number(x.from)).toBeTruthy()
    }
    for (const { path } of sliderFields(draft)) expect(trackOf(newSlider(path, draft.base)), path).not.toBeNull()
  })
})

describe('a choice', () => {
  it('takes along what is usual with it, where it stands and what is ranged over', () => {
    const moved = withChoice(small, 'dynamics.optimizer.kind', 'gradientDescent')
    expect(valueOf(moved.base, 'dynamics.optimizer.kind')).toBe('gradientDescent')
    expect(valueOf(moved.base, 'dynamics.learningRate')).toBe(1)
    expect(moved.slider).toEqual({ field: 'dynamics.learningRate', from: '0.125', to: '8' })
    expect(moved.x).toMatchObject({ field: 'dynamics.weightDecay', from: '0.0000125', to: '0.0008', scale: 'log' })
    expect(moved.y).toEqual(small.y)
    expect(planSweep(questionOf(moved).spec).cells).toHaveLength(81)
  })

  it('keeps the optimizer that stands there by a word when a setting of it is moved', () => {
    expect(withField(small, 'dynamics.optimizer.beta1', 0.5).base).toMatchObject({
      dynamics: { optimizer: { kind: 'adamw', beta1: 0.5 } },
    })
  })

  it('leaves the rest as a person has set it where nothing usual depends on it', () => {
    const set = withField(small, 'dynamics.learningRate', 0.0123)
    const moved = withChoice(set, 'network.activation', 'tanh')
    expect(moved).toEqual(withField(set, 'network.activation', 'tanh'))
  })
})

describe('an address', () => {
  const spec = {
    name: 'two axes',
    base: livePresets[0]!.spec['base'],
    axes: [
      { field: 'task.trainFraction', values: [0.8, 0.9] },
      { field: 'dynamics.learningRate', from: 0.001, to: 0.1, count: 3, scale: 'log' },
    ],
    seeds: [3, 5],
  }

  it('may bring a sweep of two axes, with its seeds', () => {
    const draft = draftInAddress({ spec: JSON.stringify(spec) })!
    expect(draft.x.field).toBe('dynamics.learningRate')
    expect(planSweep(questionOf(draft).spec).keys).toEqual(planSweep(spec).keys)
  })

  it.each(livePresets)('finds what it was made of: $name', (preset) => {
    const draft = draftOfPreset(preset)
    const other = axisFields(draft).find(({ path }) => path !== draft.y.field && path !== draft.slider.field)!.path
    const drafts: LiveDraft[] = [
      draft,
      { ...draft, leastSeeds: '3', mostSeeds: '1, 5, 7', slider: { ...draft.slider, from: '1e-5', to: '0.5' } },
      { ...draft, x: { kind: 'values', field: draft.x.field, text: '0.25, 1, x' }, origin: '' },
      { ...draft, x: newAxis(other, draft.base) },
      withChoice(draft, 'network.activation', 'tanh'),
      ...sliderFields(draft).map(({ path }) => ({ ...draft, slider: newSlider(path, draft.base) })),
    ]
    for (const each of drafts) {
      const found = draftInAddress(addressOfDraft(each))!
      expect(questionOf(found)).toEqual(questionOf(each))
      expect(found).toMatchObject({ slider: each.slider, origin: each.origin, leastSeeds: each.leastSeeds })
    }
  })

  it('may bring an experiment without a name', () => {
    const { name: _, ...unnamed } = spec
    expect(draftInAddress({ spec: JSON.stringify(unnamed) })!.name).toBe('untitled')
    expect(draftInAddress({ spec: JSON.stringify(spec) })!.name).toBe('two axes')
  })

  it('may bring lists of values of any kind', () => {
    const [, axis] = spec.axes
    const lists = [
      {
        field: 'dynamics.optimizer',
        values: [{ kind: 'adamw' }, { kind: 'momentum', momentum: 0.8 }],
      },
      { field: 'network.biases', values: [false, true] },
      { field: 'network.activation', values: ['relu', 'tanh'] },
    ]
    for (const list of lists) {
      const given = { ...spec, axes: [list, axis] }
      const question = questionOf(draftInAddress({ spec: JSON.stringify(given) })!)
      expect(question.spec.axes[0]).toEqual(list)
      expect(planSweep(question.spec).keys).toEqual(planSweep(given).keys)
    }
  })

  it('that says nothing of a slider, or of one that cannot be, has the usual one', () => {
    const text = JSON.stringify(spec)
    const { slider } = draftInAddress({ spec: text })!
    for (const said of ['', 'x', 'dynamics.steps', 'task.trainFraction:0:1', 'nothing:0:1', slider.field]) {
      expect(draftInAddress({ spec: text, slider: said })!.slider).toEqual(slider)
    }
  })

  it('brings nothing where it is none', () => {
    expect(draftInAddress({})).toBeNull()
    for (const text of ['', 'x', '{}', '[]', 'null', '{"axes":[1]}']) expect(draftInAddress({ spec: text })).toBeNull()
  })
})
