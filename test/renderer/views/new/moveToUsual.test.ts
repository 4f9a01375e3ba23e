import { describe, expect, it } from 'vitest'
import { writeField } from '../../../../src/renderer/views/new/field.ts'
import { moveToUsual, touchedAfter } from '../../../../src/renderer/views/new/moveToUsual.ts'
import { problemsOf, repairsOf } from '../../../../src/renderer/views/new/repairs.ts'
import { requireComposed } from '../../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../../src/shared/parseExperiment.ts'
import { changed, valueAt, type SpecDraft } from '../../../../src/shared/specification/paths.ts'
import { wizardFields } from '../../../../src/renderer/views/new/wizardFields.ts'
import { usualPaths, usualValueCautions, usualValues } from '../../../../src/shared/usualValues.ts'

const isolated: SpecDraft = {
  task: { kind: 'modularAddition', modulus: 23, trainFraction: 0.7 },
  network: { hidden: 256 },
  dynamics: { kind: 'isolated', ridge: 0, integrator: { kind: 'euler', stepSize: 1e-3 }, steps: 4000 },
}

/** What the fields leave when a person goes through them: `[path, value]` in turn, a number being typed. */
function after(start: SpecDraft, ...entries: [path: string, value: string | number | undefined][]): SpecDraft {
  let draft = start
  let touched: readonly string[] = []
  for (const [path, value] of entries) {
    const isNumber = typeof value === 'number'
    const field = wizardFields.find((each) => each.path === path && (!isNumber || each.kind === 'number'))!
    const next = changed(draft, writeField(field, value, draft))
    const isTyped = field.kind !== 'segments'
    touched = touchedAfter(draft, next, touched, isTyped)
    const moved = moveToUsual(draft, next, touched)
    touched = touchedAfter(draft, moved, touched, isTyped)
    draft = moved
  }
  return draft
}

const ratesOf = (draft: SpecDraft) => [valueAt(draft, 'dynamics.learningRate'), valueAt(draft, 'dynamics.weightDecay')]
const training: [string, string] = ['dynamics', 'training']
const adamw: [string, string] = ['dynamics.optimizer', 'adamw']

describe('a choice in the wizard', () => {
  it('takes along what is usual with it', () => {
    expect(ratesOf(after(isolated, training))).toEqual([1, 1e-4])
    expect(ratesOf(after(isolated, training, adamw))).toEqual([1e-3, 1])
    expect(ratesOf(after(isolated, training, adamw, ['dynamics.optimizer', 'momentum']))).toEqual([0.1, 1e-4])
    expect(valueAt(after(isolated, ['dynamics.integrator', 'dormandPrince']), 'dynamics.integrator.tolerance')).toBe(
      1e-6,
    )
  })

  it('leaves what a person has typed, usual or not', () => {
    const typed = (value: number) => after(isolated, training, ['dynamics.learningRate', value], adamw)
    expect(ratesOf(typed(0.3))).toEqual([0.3, 1])
    expect(
      ratesOf(after(isolated, training, ['dynamics.learningRate', 2], ['dynamics.learningRate', 1], adamw)),
    ).toEqual([1, 1])
    const integrator = after(
      isolated,
      ['dynamics.integrator', 'heun'],
      ['dynamics.integrator.tolerance', 1e-8],
      ['dynamics.integrator', 'dormandPrince'],
    )
    expect(valueAt(integrator, 'dynamics.integrator.tolerance')).toBe(1e-8)
  })

  it('of an integrator brings its usual control of the steps, and any other can be had', () => {
    const integratorOf = (draft: SpecDraft) =>
      requireComposed(parseExperiment(draft)).dynamics as { integrator?: object }
    const kinds = {
      euler: {},
      heun: { tolerance: 1e-3, output: 'dense' },
      dormandPrince: { tolerance: 1e-6, output: 'dense' },
    }
    for (const [kind, control] of Object.entries(kinds)) {
      const chosen = after(isolated, ['dynamics.integrator', 'heun'], ['dynamics.integrator', kind])
      expect(integratorOf(chosen).integrator).toEqual({ kind, stepSize: 1e-3, ...control })
      const fixed = after(chosen, ['dynamics.integrator.tolerance', 'none'])
      const none = kind === 'dormandPrince' ? { tolerance: 'none' } : {}
      expect(integratorOf(fixed).integrator).toEqual({ kind, stepSize: 1e-3, ...none })
      const adaptive = after(fixed, ['dynamics.integrator.tolerance', 'given'], ['dynamics.integrator.tolerance', 1e-4])
      expect(integratorOf(adaptive).integrator).toEqual({ kind, stepSize: 1e-3, tolerance: 1e-4, output: 'dense' })
      const shown = wizardFields.filter(({ shown }) => shown(fixed)).map(({ path }) => path)
      expect(shown).not.toContain('dynamics.integrator.output')
      expect(shown.filter((path) => path === 'dynamics.integrator.tolerance')).toHaveLength(1)
    }
  })

  it('fills in what was emptied, and moves again what another equation brought', () => {
    expect(ratesOf(after(isolated, training, ['dynamics.learningRate', undefined], adamw))).toEqual([1e-3, 1])
    const back = after(isolated, training, ['dynamics.learningRate', 3], ['dynamics', 'isolated'], training, adamw)
    expect(ratesOf(back)).toEqual([1e-3, 1])
  })

  it('leaves a template as it is where it changes nothing that is usual', () => {
    const template = changed(after(isolated, training), [{ path: 'dynamics.weightDecay', value: 3e-5 }])
    expect(ratesOf(after(template, ['dynamics.steps', 100], ['dynamics.loss', 'crossEntropy']))).toEqual([1, 3e-5])
  })

  it('leaves no draft that is cautioned or wrong', () => {
    for (const optimizer of ['gradientDescent', 'momentum', 'adamw']) {
      for (const loss of ['meanSquaredError', 'crossEntropy']) {
        const draft = after(isolated, training, ['dynamics.optimizer', optimizer], ['dynamics.loss', loss])
        expect(usualValueCautions(draft)).toEqual([])
        expect(problemsOf(draft)).toEqual([])
      }
    }
  })
})

describe('the repairs of a rate', () => {
  it.each(['gradientDescent', 'momentum', 'adamw'])('lie about the usual one (%s)', (optimizer) => {
    const good = after(isolated, training, ['dynamics.optimizer', optimizer])
    for (const path of usualPaths.slice(0, 2)) {
      const broken = changed(good, [{ path, value: -1 }])
      const [problem] = problemsOf(broken)
      const repairs = repairsOf(problem!, broken)
      expect(repairs[0]!.changes).toEqual([{ path, value: usualValues(good)[path] }])
      for (const { changes } of repairs) expect(usualValueCautions(changed(broken, changes))).toEqual([])
    }
  })
})
