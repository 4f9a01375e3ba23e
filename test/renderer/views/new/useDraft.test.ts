import { effectScope, nextTick, type EffectScope } from 'vue'
import { changesOfCells, parseSweep, planCell } from '../../../../src/shared/sweep/planSweep.ts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useDraft } from '../../../../src/renderer/views/new/useDraft.ts'
import { stepStates } from '../../../../src/renderer/views/new/stepStates.ts'
import type { DraftedSweep } from '../../../../src/renderer/views/new/axes.ts'
import type { Branch } from '../../../../src/renderer/views/new/branchSpec.ts'
import { wizardFields } from '../../../../src/renderer/views/new/wizardFields.ts'
import { generation, host } from '../../../support/fakeLab.ts'
import { runSpec } from '../../../support/runs.ts'
import type { SweepForecast } from '../../../../src/shared/contract/sweeps.ts'
import { changed, valueAt, type SpecDraft } from '../../../../src/shared/specification/paths.ts'
import { templates } from '../../../../src/shared/specification/templates.ts'

vi.mock('../../../../src/renderer/lab.ts', () => import('../../../support/fakeLab.ts'))

let scope: EffectScope
beforeEach(() => {
  vi.stubGlobal(
    'window',
    Object.assign(new EventTarget(), { setTimeout: (act: () => void, wait: number) => setTimeout(act, wait) }),
  )
  const kept = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
  })
  scope = effectScope()
})
afterEach(() => scope.stop())

const open = (branch: Branch | null = null) => scope.run(() => useDraft(branch))!
const spec = templates.isolated as SpecDraft
const twoSeeds = changed(spec, [{ path: 'seeds', value: [0, 1] }])
const parent = runSpec({
  task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
  network: { hidden: 8 },
  dynamics: { kind: 'training', learningRate: 0.1, weightDecay: 1, steps: 40 },
})
const branch: Branch = { runId: 'r', step: 20, name: 'of a run', spec: parent }
const sweepOver = (of: SpecDraft, field: string, text: string): DraftedSweep => ({
  spec: of,
  axes: [{ kind: 'values', parts: [{ field, text }] }],
})
const wrong = changed(spec, [{ path: 'network.hidden', value: 'lots' }])

describe('a draft that was taken from a branch', () => {
  const exported = { experimentId: 'e', spec: { ...parent, name: 'n, from 20' }, parentRunId: 'p', parentStep: 20 }

  it('says what the branch started from, as long as it is that draft: it itself starts fresh', () => {
    const draft = open()
    draft.edit(JSON.stringify(exported))
    expect(draft.kept.value.takenFrom).toEqual({ runId: 'p', step: 20 })
    expect(draft.spec.value['name']).toBe('n')
    draft.edit(JSON.stringify({ ...draft.spec.value, seeds: [1] }))
    expect(draft.kept.value.takenFrom).toEqual({ runId: 'p', step: 20 })
    draft.edit(JSON.stringify({ ...exported, parentRunId: null, parentStep: null }))
    expect(draft.kept.value.takenFrom).toBeNull()
    draft.begin(twoSeeds, '', null, { runId: 'p', step: 4 })
    expect(draft.kept.value.takenFrom).toEqual({ runId: 'p', step: 4 })
    draft.begin(twoSeeds, '')
    expect(draft.kept.value.takenFrom).toBeNull()
  })
})

describe('what a draft was taken from', () => {
  const taken = { runId: 'p', step: 4 }
  const draftOf = (spec: SpecDraft) => {
    const draft = open()
    draft.begin(spec, '', null, taken)
    return draft
  }
  const other = changed(templates.training as SpecDraft, [{ path: 'name', value: 'another' }])

  it('is forgotten where another specification, or a sweep of another, is put in its place', () => {
    const pasted = draftOf(twoSeeds)
    pasted.edit(JSON.stringify(other))
    expect(pasted.kept.value.takenFrom).toBeNull()
    const inTwo = draftOf(twoSeeds)
    for (const text of ['', JSON.stringify(other)]) inTwo.edit(text)
    expect(inTwo.kept.value.takenFrom).toBeNull()
    const swept = draftOf(twoSeeds)
    const { name, seeds: _, ...base } = other
    swept.edit(JSON.stringify({ name, base, axes: [{ field: 'network.hidden', values: [4, 8] }], seeds: 2 }))
    expect(swept.kept.value.axes).toHaveLength(1)
    expect(swept.kept.value.takenFrom).toBeNull()
  })

  it('is kept while its name is changed, or all else', () => {
    const draft = draftOf(twoSeeds)
    for (const spec of [
      { ...twoSeeds, name: 'renamed' },
      { ...other, name: 'renamed' },
    ])
      draft.edit(JSON.stringify(spec))
    draft.edit('{')
    expect(draft.kept.value.takenFrom).toEqual(taken)
  })
})

describe('the JSON of a draft', () => {
  it.each([
    ['null', 'a specification is an object, not null'],
    ['"isolated"', 'a specification is an object, not "isolated"'],
    ['[]', 'a specification is an object, not a list of 0'],
    [JSON.stringify([spec, spec]), 'a specification is an object, not a list of 2'],
  ])('is wrong where it is no object, while the fields stand as they were: %s', (text, message) => {
    const draft = open()
    draft.begin(twoSeeds, '')
    draft.edit(text)
    expect(draft.read.value.mistake).toEqual({ at: 0, message })
    expect(draft.spec.value).toEqual(twoSeeds)
  })

  it('is that of a run where one is pasted as it is exported', () => {
    const draft = open()
    const { seed, ...shared } = parent
    draft.edit(JSON.stringify({ id: 'r', experimentId: 'e', spec: { ...shared, seed }, measurements: {} }))
    expect(draft.spec.value).toEqual({ ...shared, seeds: [seed] })
    expect([draft.read.value.mistake, draft.problems.value]).toEqual([null, []])
  })
})

describe('a kind that is gone back to', () => {
  const choose = (draft: ReturnType<typeof open>, path: string, value: string) =>
    draft.change(
      wizardFields.find((field) => field.path === path && (field.kind === 'menu' || field.kind === 'segments'))!,
      value,
    )

  it.each([
    ['task', 'sparseParity', { 'task.modulus': 19, 'task.split': { kind: 'block' } }],
    ['task', 'toy', { 'task.modulus': 19, 'network.hidden': 100, 'dynamics.ridge': 0.5 }],
    ['dynamics', 'training', { 'dynamics.integrator': { kind: 'dormandPrince', stepSize: 0.002, tolerance: 1e-5 } }],
    ['task', 'toy', { 'dynamics.steps': undefined, 'dynamics.decayTime': 2 }],
    ['dynamics', 'zeroLossFlow', { 'dynamics.steps': undefined, 'dynamics.decayTime': 2 }],
  ])('by %s from %s is as it was left', (path, other, set) => {
    const draft = open()
    draft.begin(
      changed(
        spec,
        Object.entries(set).map(([path, value]) => ({ path, value })),
      ),
      '',
    )
    const before = draft.spec.value
    const kind = valueAt(before, `${path}.kind`) as string
    choose(draft, path, other)
    choose(draft, path, kind)
    for (const [each, value] of Object.entries(set)) expect(valueAt(draft.spec.value, each), each).toEqual(value)
    expect(draft.problems.value).toEqual([])
  })

  it('keeps what was set or taken out meanwhile, and knows nothing of a draft before', () => {
    const draft = open()
    draft.begin(
      changed(spec, [
        { path: 'task.modulus', value: 19 },
        { path: 'precision', value: 'float32' },
      ]),
      '',
    )
    choose(draft, 'task', 'sparseParity')
    draft.apply([
      { path: 'task.trainFraction', value: 0.5 },
      { path: 'precision', value: undefined },
    ])
    choose(draft, 'task', 'modularAddition')
    expect(draft.spec.value).toMatchObject({ task: { modulus: 19, trainFraction: 0.5 } })
    expect(draft.spec.value).not.toHaveProperty('precision')
    choose(draft, 'task', 'sparseParity')
    draft.begin(changed(draft.spec.value, []), '')
    choose(draft, 'task', 'modularAddition')
    expect(valueAt(draft.spec.value, 'task.modulus')).not.toBe(19)
  })
})

describe('a draft that takes the place of another', () => {
  it('leaves nothing of it behind, also where it is not valid', () => {
    const draft = open()
    const said = () => {
      const plan = { axes: 0, cells: null }
      const steps = stepStates(draft.lastValid.value, draft.spec.value, draft.placed.value, 'task', plan)
      return steps.flatMap(({ lines }) => lines)
    }
    draft.begin(twoSeeds, '')
    expect(said()).toContain('2 seeds')
    draft.begin(wrong, '')
    expect(said()).toEqual([])
  })

  it('is had back whole', () => {
    const draft = open()
    draft.begin(twoSeeds, '')
    const before = draft.kept.value
    draft.begin(wrong, '')
    draft.kept.value = before
    expect(draft.spec.value).toEqual(twoSeeds)
    expect(draft.lastValid.value?.seeds).toEqual([0, 1])
  })
})

describe('a draft', () => {
  it('is a person’s once something in it is not as it was begun', () => {
    const draft = open()
    expect(draft.isTouched.value).toBe(false)
    draft.edit(JSON.stringify(twoSeeds))
    expect(draft.isTouched.value).toBe(true)
    draft.begin(twoSeeds, '')
    expect(draft.isTouched.value).toBe(false)
    draft.kept.value.tagsText = 'mine'
    expect(draft.isTouched.value).toBe(true)
    draft.discard()
    expect(draft.isTouched.value).toBe(false)
  })

  it('of an earlier version that had a field to vary has that as an axis', () => {
    localStorage.setItem(
      'grokscope.draft',
      JSON.stringify({
        text: JSON.stringify(spec),
        sweepPath: 'task.modulus',
        sweepText: '7, 11',
        tagsText: '',
        origin: '',
      }),
    )
    const draft = open()
    expect(draft.kept.value.axes).toEqual([{ kind: 'values', parts: [{ field: 'task.modulus', text: '7, 11' }] }])
    expect(draft.sweep.value).toMatchObject({ axes: [{ field: 'task.modulus', values: [7, 11] }] })
    expect(draft.hasFolder.value).toBe(true)
  })

  it('is judged at a field that an axis sets in its cells alone', () => {
    const draft = open()
    draft.begin(wrong, '', sweepOver(wrong, 'network.hidden', '64, 128'))
    expect(draft.problems.value).toEqual([])
    draft.kept.value.axes = []
    expect(draft.problems.value.map(({ path }) => path)).toEqual(['network.hidden'])
  })

  it('whose data are a file is a folder, which takes them along', () => {
    const task = { kind: 'dataset', path: '', trainFraction: 0.7 }
    const draft = open()
    const own = changed(spec, [{ path: 'task', value: task }])
    draft.begin(own, '', sweepOver(own, 'network.hidden', '64, 128'))
    expect(draft.hasFolder.value).toBe(true)
  })

  it('whose start is a file is a folder too, and forgets what another file held', () => {
    const file = { kind: 'file', path: 'start.npz', hash: 'f'.repeat(64) }
    const draft = open()
    const own = changed(spec, [{ path: 'initialization', value: file }])
    draft.begin(own, '', sweepOver(own, 'initialization.path', 'start.npz, other.npz'))
    expect(draft.hasFolder.value).toBe(true)
    expect(draft.sweep.value).toMatchObject({
      axes: [{ field: 'initialization.path', values: ['start.npz', 'other.npz'] }],
    })
    draft.change(
      draft.axisFields.value.find(({ path }) => path === 'initialization.path')!,
      'other.npz',
    )
    expect(valueAt(draft.spec.value, 'initialization')).toEqual({ kind: 'file', path: 'other.npz' })
  })

  it('of a branch has its cells in the archive, and their problems at the axes', () => {
    const draft = open(branch)
    draft.kept.value.axes = [{ kind: 'values', parts: [{ field: 'dynamics.weightDecay', text: '1, -1' }] }]
    expect(draft.hasFolder.value).toBe(false)
    expect(draft.plan.value).toHaveLength(2)
    expect(draft.problemsOfAxis(0).map(({ message }) => message)).toEqual([
      expect.stringMatching(/^wd = −1: dynamics.weightDecay: -1/),
    ])
    // The weights of the run fit no other network.
    draft.kept.value.axes = [{ kind: 'values', parts: [{ field: 'network.hidden', text: '8, 16' }] }]
    expect(draft.problemsOfAxis(0).map(({ message }) => message)).toEqual([expect.stringMatching(/16/)])
    draft.kept.value.axes = [{ kind: 'values', parts: [{ field: 'task.trainFraction', text: '0.7, 0.9' }] }]
    expect(draft.problemsOfAxis(0).map(({ message }) => message)).toEqual([
      expect.stringMatching(/0\.9 is not allowed; a branch keeps the training set/),
    ])
  })

  it('of a branch is offered no field that the branch keeps', () => {
    const offered = (of: Branch | null) => open(of).axisFields.value.map(({ path }) => path)
    for (const kept of ['task.trainFraction', 'task.split', 'task.modulus', 'network.hidden']) {
      expect(offered(branch)).not.toContain(kept)
      expect(offered(null)).toContain(kept)
    }
    expect(offered(branch)).toContain('dynamics.weightDecay')
  })

  it('of a branch with several seeds has a caution, unless its minibatches are drawn', () => {
    const draft = open(branch)
    const cautions = () => draft.cautions.value.filter(({ path }) => path === 'seeds').map(({ message }) => message)
    expect(cautions()).toEqual([])
    draft.apply([{ path: 'seeds', value: [0, 1, 2] }])
    expect(cautions()).toEqual([expect.stringMatching(/^the runs of all 3 seeds are the same to the bit/)])
    draft.apply([{ path: 'dynamics.batch', value: { size: 4 } }])
    expect(draft.problems.value).toEqual([])
    expect(cautions()).toEqual([])
  })
})

describe('a file of data that a draft names', () => {
  it('is looked at again where the person comes back to the window', async () => {
    vi.useFakeTimers()
    const path = 'later.npz'
    const draft = open()
    draft.begin({ ...templates.training, task: { kind: 'dataset', path, trainFraction: 0.5 } } as SpecDraft, '')
    await vi.advanceTimersByTimeAsync(1000)
    host.last('dataset.describe').refuse(new Error('there is no such file'))
    await vi.advanceTimersByTimeAsync(0)
    const mistakes = () => draft.problems.value.filter((problem) => problem.path === 'task.path')
    expect(mistakes().map(({ message }) => message)).toEqual(['task.path: there is no such file'])
    const content = { hash: 'h'.repeat(40), samples: 12, inputs: 3, outputs: 3, classes: true }
    window.dispatchEvent(new Event('focus'))
    host.last('dataset.describe').answer({ content } as never)
    await vi.advanceTimersByTimeAsync(1000)
    host.last('dataset.describe').answer({ content } as never)
    await vi.advanceTimersByTimeAsync(0)
    expect(mistakes()).toEqual([])
    expect(valueAt(draft.spec.value, 'task.content')).toEqual(content)
    vi.useRealTimers()
  })

  it('is what was answered to the latest question about it, whatever else is answered later', async () => {
    vi.useFakeTimers()
    host.forget()
    const draft = open()
    for (const path of ['mine.npz', 'other.npz', 'mine.npz']) {
      draft.begin({ ...templates.training, task: { kind: 'dataset', path, trainFraction: 0.5 } } as SpecDraft, '')
      await vi.advanceTimersByTimeAsync(1000)
    }
    const [first, , last] = host.requested('dataset.describe')
    const content = { hash: 'h'.repeat(40), samples: 12, inputs: 3, outputs: 3, classes: true }
    first!.answer({ content: { ...content, samples: 11, hash: 'g'.repeat(40) } } as never)
    await vi.advanceTimersByTimeAsync(0)
    expect(valueAt(draft.spec.value, 'task.content')).toBeUndefined()
    last!.answer({ content } as never)
    await vi.advanceTimersByTimeAsync(0)
    expect(valueAt(draft.spec.value, 'task.content')).toEqual(content)
    vi.useRealTimers()
  })
})

describe('the split of a file of data', () => {
  it.each([
    ['a list', { kind: 'given', train: [0, 1] }],
    ['what is not said', undefined],
  ])('holds while that file is named; of one without a split that which was set before holds: %s', async (_, split) => {
    vi.useFakeTimers()
    const draft = open()
    const task = { kind: 'dataset', path: 'split.npz', trainFraction: 0.7, ...(split && { split }) }
    draft.begin({ ...templates.training, task } as SpecDraft, '')
    const content = { hash: 'h'.repeat(40), samples: 12, features: 3, targets: 'classes', outputs: 3 }
    const answerWith = async (found: object) => {
      await vi.advanceTimersByTimeAsync(1000)
      host.last('dataset.describe').answer({ content: found } as never)
      await vi.advanceTimersByTimeAsync(0)
    }
    const shown = () => ['split', 'trainFraction'].map((name) => valueAt(draft.spec.value, `task.${name}`))
    for (const path of ['second.npz', 'fourth.npz']) {
      await answerWith({ ...content, train: 9 })
      expect(shown()).toEqual([{ kind: 'file' }, 0.75])
      draft.apply([
        { path: 'task.path', value: path },
        { path: 'task.content', value: undefined },
      ])
      await answerWith(content)
      expect(shown()).toEqual([split, 0.7])
      draft.apply([
        { path: 'task.path', value: `after ${path}` },
        { path: 'task.content', value: undefined },
      ])
    }
    vi.useRealTimers()
  })
})

describe('what a sweep would come to', () => {
  const forecast: SweepForecast = {
    ...{ folder: 'sweep', first: '512', last: '640', cells: 2, seeds: 1, runs: 2, tasks: 1 },
    ...{ coreSeconds: 1, wallSeconds: 1, diskBytes: 1, memoryBytes: 1 },
  }
  const settle = () => vi.advanceTimersByTimeAsync(1000)

  beforeEach(() => {
    vi.useFakeTimers()
    host.forget()
  })
  afterEach(() => void vi.useRealTimers())

  it('is told of the sweep as it is now, and asked again of a host that was away', async () => {
    const draft = open()
    draft.begin(spec, '', sweepOver(spec, 'network.hidden', '512, 640'))
    await settle()
    expect(draft.isForeseen.value).toBe(false)
    host.last('sweep.plan').answer({ problems: [], forecast, warnings: ['not used: w'] })
    await settle()
    expect([draft.isForeseen.value, draft.forecast.value?.runs]).toEqual([true, 2])
    expect(draft.sweepWarnings.value).toEqual(['not used: w'])

    // Of one that is still changed while it is asked about, nothing is known.
    draft.kept.value.axes = [{ kind: 'values', parts: [{ field: 'network.hidden', text: '512, 640, 768' }] }]
    await nextTick()
    expect(draft.isForeseen.value).toBe(false)
    await settle()
    draft.kept.value.axes = [{ kind: 'values', parts: [{ field: 'network.hidden', text: '512' }] }]
    host.last('sweep.plan').answer({ problems: [], forecast: { ...forecast, runs: 3 }, warnings: [] })
    await nextTick()
    await nextTick()
    expect(draft.isForeseen.value).toBe(false)
    await settle()
    host.last('sweep.plan').refuse(new Error('gone'))
    await settle()
    expect(draft.isForeseen.value).toBe(false)
    generation.value++
    await settle()
    host.last('sweep.plan').answer({ problems: [], forecast: { ...forecast, runs: 1 }, warnings: [] })
    await settle()
    expect([draft.isForeseen.value, draft.forecast.value?.runs]).toEqual([true, 1])
    expect(draft.sweepWarnings.value).toEqual([])
  })
})

describe('the JSON of a sweep', () => {
  const written = {
    name: 'by hand',
    base: { task: spec.task, network: { hidden: 512 }, dynamics: spec.dynamics },
    axes: [
      { field: 'network.hidden', values: [512, 640] },
      { field: 'task.trainFraction', from: 0.5, to: 0.7, count: 3 },
    ],
    seeds: 2,
    map: { x: 'network.hidden', y: 'task.trainFraction', color: 'generalizedTau' },
  }
  const text = JSON.stringify(written)
  const cellsOf = (json: string) => {
    const sweep = parseSweep(JSON.parse(json))
    return changesOfCells(sweep).map((changes) => planCell(sweep, changes))
  }
  const begun = () => {
    const draft = open()
    draft.begin(spec, '', sweepOver(spec, 'network.hidden', '512, 640'))
    return draft
  }

  it('says the cells that the fields and axes say, and they say those that it says', () => {
    const draft = begun()
    expect(cellsOf(draft.sweepText.value)).toMatchObject([
      { spec: { network: { hidden: 512 } } },
      { spec: { network: { hidden: 640 } } },
    ])
    draft.editSweep(text)
    expect(draft.sweepText.value).toBe(text)
    expect(draft.sweep.value).toEqual(written)
    expect(draft.spec.value).toMatchObject({ name: 'by hand', network: { hidden: 512 }, seeds: [0, 1] })
    expect(draft.kept.value.axes).toHaveLength(2)
    const typed = cellsOf(text)
    draft.change(
      draft.axisFields.value.find(({ path }) => path === 'network.activation')!,
      'tanh',
    )
    expect(draft.sweepText.value).not.toBe(text)
    const byForm = cellsOf(draft.sweepText.value)
    expect(byForm.map(({ changes }) => changes)).toEqual(typed.map(({ changes }) => changes))
    expect(byForm.every(({ spec: cell }) => 'task' in cell && cell.network.activation === 'tanh')).toBe(true)
    expect(draft.sweep.value).toMatchObject({ map: written.map })
    draft.kept.value.axes = draft.kept.value.axes.slice(1)
    expect(draft.sweep.value).not.toHaveProperty('map')
  })

  it.each([
    ['is broken', '{ "base": ', 'the text ends where a value is expected'],
    ['is no object', '[1]', 'a sweep is an object, not a list of 1'],
  ])('is kept where it %s, after a reload too, and the fields stand as they were', async (_, typed, message) => {
    const draft = begun()
    const before = draft.sweep.value
    draft.editSweep(typed)
    expect(draft.sweepMistake.value?.message).toBe(message)
    await nextTick()
    const again = open()
    expect(again.sweepText.value).toBe(typed)
    expect(again.sweepMistake.value?.message).toBe(message)
    expect([again.sweep.value, again.hasFolder.value]).toEqual([before, true])
  })

  it('is one also where it is typed in place of an experiment', () => {
    const draft = open()
    draft.begin(spec, '')
    expect(draft.hasFolder.value).toBe(false)
    draft.edit(text.slice(0, -1))
    expect([draft.hasFolder.value, draft.read.value.mistake]).toEqual([false, expect.anything()])
    draft.edit(text)
    expect([draft.hasFolder.value, draft.sweep.value, draft.sweepText.value]).toEqual([true, written, text])
    expect(draft.read.value.mistake).toBeNull()
  })

  it('is meant to the letter, also what no field shows: it is judged, not mended', () => {
    const draft = begun()
    for (const axes of [[], 'none', [1], [{ field: 'network.hidden', values: [64], more: 1 }]]) {
      draft.editSweep(JSON.stringify({ ...written, axes }))
      expect(draft.sweep.value).toEqual({ ...written, axes })
      expect(draft.hasFolder.value).toBe(true)
      expect(() => parseSweep(draft.sweep.value)).toThrow()
    }
  })

  it('marks what is wrong with its base where it stands', () => {
    const draft = begun()
    draft.editSweep(JSON.stringify({ ...written, base: { ...written.base, precision: 'float8' }, seeds: 0 }))
    expect(draft.problemsInSweep.value.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['base.precision', 'seeds']),
    )
  })
})
