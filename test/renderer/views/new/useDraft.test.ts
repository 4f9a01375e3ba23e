import { effectScope, type EffectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useDraft } from '../../../../src/renderer/views/new/useDraft.ts'
import { stepStates } from '../../../../src/renderer/views/new/stepStates.ts'
import { changed, type SpecDraft } from '../../../../src/shared/specification/paths.ts'
import { templates } from '../../../../src/shared/specification/templates.ts'

// No draft here names a file of data, which the host would be asked about.
vi.mock('../../../../src/renderer/lab.ts', () => ({ request: vi.fn() }))

let scope: EffectScope
beforeEach(() => {
  const kept = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
  })
  scope = effectScope()
})
afterEach(() => scope.stop())

const open = () => scope.run(() => useDraft(null))!
const spec = templates.isolated as SpecDraft
const twoSeeds = changed(spec, [{ path: 'seeds', value: [0, 1] }])
const wrong = changed(spec, [{ path: 'network.hidden', value: 'lots' }])

describe('a draft that takes the place of another', () => {
  it('leaves nothing of it behind, also where it is not valid', () => {
    const draft = open()
    const said = () => {
      const plan = { experiments: draft.plan.value, sweep: draft.sweep.value, symbol: '' }
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
})
