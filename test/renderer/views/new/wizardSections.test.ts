import { describe, expect, it } from 'vitest'
import { readField, writeField } from '../../../../src/renderer/views/new/field.ts'
import { parseEntries, parseEntry, writeEntry } from '../../../../src/renderer/formatting/entries.ts'
import { problemsOf, repairsOf } from '../../../../src/renderer/views/new/repairs.ts'
import { changed, valueAt, type SpecDraft } from '../../../../src/shared/specification/paths.ts'
import {
  placeProblems,
  problemText,
  shownSections,
  stepsOfDraft,
} from '../../../../src/renderer/views/new/wizardSections.ts'
import { variantOf } from '../../../../src/renderer/views/new/variantOf.ts'
import { parseExperiment } from '../../../../src/shared/parseExperiment.ts'

const base: SpecDraft = {
  task: { kind: 'modularAddition', modulus: 11, trainFraction: 0.7 },
  network: { hidden: 128 },
  dynamics: { kind: 'isolated', steps: 100 },
}
const kinds = ['training', 'isolated', 'zeroLossFlow']
const drafts: [string, SpecDraft][] = [
  ...kinds.map((kind): [string, SpecDraft] => [
    kind,
    changed(base, [{ path: 'dynamics', value: variantOf('dynamics', kind, base) }]),
  ]),
  [
    'training with all its options',
    changed(base, [
      {
        path: 'dynamics',
        value: {
          ...variantOf('dynamics', 'training', base),
          optimizer: 'adamw',
          batch: { size: 5 },
          schedule: { shape: 'cosine', warmupSteps: 10 },
          perParameter: { E: { learningRate: 0.5 }, W: { weightDecay: 0 } },
        },
      },
    ]),
  ],
  [
    'training with biases, and rates of theirs',
    changed(base, [
      { path: 'network.biases', value: true },
      {
        path: 'dynamics',
        value: {
          ...variantOf('dynamics', 'training', base),
          perParameter: { b: { weightDecay: 0 }, c: { learningRate: 0.5 } },
        },
      },
    ]),
  ],
  [
    'toy',
    changed(base, [
      { path: 'task', value: { kind: 'toy', model: 'twoWeightLinear', start: [-1, 1] } },
      { path: 'network', value: undefined },
      { path: 'dynamics', value: variantOf('dynamics', 'gradientFlow', base) },
    ]),
  ],
]
const fieldsOf = (draft: SpecDraft) =>
  stepsOfDraft(draft).flatMap((step) => shownSections(step, draft).flatMap(({ fields }) => fields))

/** What is said by a file, and by what stands in it. */
const ofFiles = ['initialization.path', 'task.path', 'task.content']

describe.each(drafts)('the wizard for %s', (_, draft) => {
  it('begins with a specification that is valid', () => expect(problemsOf(draft)).toEqual([]))

  it('writes by every choice a specification that is valid, but for a file that is not named yet', () => {
    for (const field of fieldsOf(draft)) {
      for (const { value } of field.choices ?? []) {
        if (field.isOffered?.(value, draft) === false) continue
        const next = changed(draft, writeField(field, value, draft))
        const problems = problemsOf(next).filter(({ path }) => !ofFiles.includes(path))
        expect(problems, `${field.path} = ${value}`).toEqual([])
        expect(readField(field, next) ?? field.fallback).toBe(value)
      }
    }
  })

  it('names fields that the schema knows, with the fallback that it fills in', () => {
    const filled = parseExperiment(draft)
    for (const field of fieldsOf(draft).filter(({ kind }) => kind === 'number')) {
      const given = valueAt(draft, field.path)
      const spec = valueAt(filled, field.path)
      if (given === undefined) expect(writeEntry(spec), field.path).toBe(writeEntry(parseEntry(field.fallback ?? '')))
      const wrong = changed(draft, writeField(field, 'twelve', draft))
      const problems = problemsOf(wrong)
      expect(
        problems.some(({ path, message }) => path === field.path && message.includes('twelve')),
        field.path,
      ).toBe(true)
    }
  })

  it('shows every problem of a field at that field', () => {
    for (const field of fieldsOf(draft).filter(({ kind }) => kind === 'number' || kind === 'list')) {
      const wrong = changed(draft, writeField(field, field.kind === 'list' ? parseEntries('x') : -1e12, draft))
      const { byField } = placeProblems(problemsOf(wrong), wrong)
      expect([...byField.keys()], field.path).toContain(field.path)
    }
  })
})

it.each([
  ['modularAddition', 'task.modulus'],
  ['sparseParity', 'task.bits'],
  ['dataset', 'task.path'],
])('what a task of %s is of stands before how it is split', (kind, path) => {
  const draft = changed(base, [{ path: 'task', value: variantOf('task', kind, base) }])
  const paths = shownSections('task', draft)[0]!.fields.map((field) => field.path)
  expect(paths.slice(0, 3)).toEqual(['name', 'task', path])
  expect(paths.indexOf('task.trainFraction')).toBeGreaterThan(paths.indexOf(path))
})

describe('problems', () => {
  it('that no field shows are kept for the review', () => {
    const wrong = { ...base, color: 'red', interventions: [{ at: 5, kind: 'rescale', layer: 'second', factor: 2 }] }
    const { elsewhere, byField } = placeProblems(problemsOf(wrong), wrong)
    expect(elsewhere.map(({ path }) => path)).toEqual(['color'])
    expect(byField.size).toBe(0)
    const { color: _, ...rest } = wrong
    expect(placeProblems(problemsOf(rest), rest).elsewhere).toEqual([])
  })

  it('are said without their path', () => {
    const [problem] = problemsOf(changed(base, [{ path: 'task.modulus', value: 1 }]))
    expect(problemText(problem!)).toBe('1 is too small; allowed: at least 2')
  })

  it('are said with what is left of their path where they stand beside a field above it', () => {
    const draft = changed(base, [{ path: 'dynamics.lr', value: 2 }])
    const [problem] = problemsOf(draft)
    const [at] = [...placeProblems([problem!], draft).byField.keys()]
    expect(at).toBe('dynamics')
    expect(problemText(problem!, at)).toBe('lr: unknown field (given 2)')
  })

  it.each([
    ['interventions', [{ at: 0, kind: 'removeFrequencies', frequencies: [1, 7] }], 'interventions.0.frequencies'],
    ['record.snapshots', [1, -2], 'record.snapshots'],
    ['seeds', [0, 1.5], 'seeds'],
  ])(
    'of an entry of a list are said with the name of the list, not with the place of the entry: %s',
    (path, value, at) => {
      const draft = changed(base, [{ path, value }])
      const [problem] = problemsOf(draft)
      expect(problem!.path).toMatch(/\.1$/)
      expect([...placeProblems([problem!], draft).byField.keys()]).toEqual([at])
      expect(problemText(problem!, at)).toMatch(new RegExp(`^${at.split('.').at(-1)}: \\S+ is `))
    },
  )
})

describe('repairs', () => {
  const wrong: [string, unknown, string[]][] = [
    ['network.hidden', 20, ['Set 64', 'Set 46', 'Use a ridge, λ = 0.01']],
    ['network.hidden', 0, ['Set 256']],
    ['task.modulus', 1, ['Set 2']],
    ['task.modulus', 1000, ['Set 509']],
    ['task.modulus', 11.4, ['Set 11']],
    ['task.trainFraction', 0.999, ['Set 0.7']],
    ['task.trainFraction', 2, ['Set 1']],
    ['dynamics.ridge', -1, ['Set 0', 'Leave it out']],
    ['dynamics.integrator', { kind: 'euler', stepSize: 0 }, []],
    ['dynamics.integrator', { kind: 'heun', output: 'dense' }, ['Set 0.001', 'Set stepEnds']],
    ['seeds', [1, 1, 2], ['Keep each once', 'Set 0']],
    ['color', 'red', ['Leave it out']],
    ['record.geometry', { every: 5, lag: 10 }, ['Set 5']],
  ]
  it.each(wrong)('of %s = %j', (path, value, labels) => {
    const draft = changed(base, [{ path, value }])
    const problems = problemsOf(draft)
    expect(problems.length).toBeGreaterThan(0)
    const offered = problems.flatMap((problem) => repairsOf(problem, draft))
    for (const label of labels) expect(offered.map((repair) => repair.label)).toContain(label)
  })

  it.each(wrong)('each do away with what is wrong: %s = %j', (path, value) => {
    const draft = changed(base, [{ path, value }])
    for (const problem of problemsOf(draft)) {
      for (const { changes, label } of repairsOf(problem, draft)) {
        const left = problemsOf(changed(draft, changes)).map((other) => other.path)
        expect(left, label).not.toContain(problem.path)
      }
    }
  })
})
