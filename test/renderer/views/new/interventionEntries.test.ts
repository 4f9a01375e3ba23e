import { describe, expect, it } from 'vitest'
import { addEntry, entryLines, removeEntry } from '../../../../src/renderer/views/new/interventionEntries.ts'
import { writeField } from '../../../../src/renderer/views/new/field.ts'
import { problemsOf } from '../../../../src/renderer/views/new/repairs.ts'
import { axisFields } from '../../../../src/renderer/views/new/axes.ts'
import { placeProblems } from '../../../../src/renderer/views/new/wizardSections.ts'
import { changed, type SpecDraft } from '../../../../src/shared/specification/paths.ts'

const draft: SpecDraft = {
  name: 'draft',
  task: { kind: 'modularAddition', modulus: 11, trainFraction: 0.7 },
  network: { hidden: 64 },
  dynamics: { kind: 'training', learningRate: 1, weightDecay: 1e-4, steps: 1000 },
  seeds: [0],
}
const kindLine = entryLines(0).find(({ path }) => path === 'interventions.0')!

describe('an intervention in the wizard', () => {
  it('is valid as it is added, and as every kind that it is changed to', () => {
    const one = changed(draft, addEntry(draft))
    expect(problemsOf(one)).toEqual([])
    expect(kindLine.choices!.length).toBeGreaterThan(3)
    for (const { value } of kindLine.choices!) {
      const next = changed(one, writeField(kindLine, value, one))
      expect([value, problemsOf(next)]).toEqual([value, []])
      expect(kindLine.read!(next)).toBe(value)
    }
  })

  it('keeps what its new kind has too', () => {
    const one = changed(draft, [
      { path: 'interventions', value: [{ at: 70, kind: 'removeFrequencies', frequencies: [3] }] },
    ])
    expect(changed(one, writeField(kindLine, 'keepFrequencies', one)).interventions).toEqual([
      { at: 70, kind: 'keepFrequencies', frequencies: [3] },
    ])
  })

  it('shows the lines of its kind', () => {
    const one = changed(draft, [
      { path: 'interventions', value: [{ at: 7, kind: 'rescale', layer: 'first', factor: 2 }] },
    ])
    expect(
      entryLines(0)
        .filter(({ shown }) => shown(one))
        .map(({ path }) => path),
    ).toEqual(['interventions.0', 'interventions.0.at', 'interventions.0.layer', 'interventions.0.factor'])
    expect(axisFields(one).map(({ path }) => path)).toEqual(
      expect.arrayContaining(['interventions.0.at', 'interventions.0.factor']),
    )
  })

  it('has its problems at its lines', () => {
    const wrong = changed(draft, [
      { path: 'interventions', value: [{ at: 2000, kind: 'removeFrequencies', frequencies: [6] }] },
    ])
    const { byField, elsewhere } = placeProblems(problemsOf(wrong), wrong)
    expect([...byField.keys()]).toEqual(['interventions.0.at', 'interventions.0.frequencies'])
    expect(elsewhere).toEqual([])
  })

  it('is taken out, and the list with the last of them', () => {
    const two = changed(changed(draft, addEntry(draft)), addEntry(changed(draft, addEntry(draft))))
    const one = changed(two, removeEntry(two, 0))
    expect((one.interventions as unknown[]).length).toBe(1)
    expect(changed(one, removeEntry(one, 0))).toEqual(draft)
  })
})
