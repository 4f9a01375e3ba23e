import { beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick } from 'vue'
import { useKept } from '../../../src/renderer/composables/useKept.ts'

const stored = new Map<string, string>()
beforeEach(() => {
  stored.clear()
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => stored.get(name) ?? null,
    setItem: (name: string, value: string) => stored.set(name, value),
  })
})

function inView(accept?: (kept: unknown) => boolean) {
  const scope = effectScope()
  return { draft: scope.run(() => useKept('draft', 'blank', accept))!, leave: () => scope.stop() }
}

describe('a value that is kept', () => {
  it('is there at the next visit', async () => {
    const { draft, leave } = inView()
    draft.value = 'written'
    await nextTick()
    leave()
    expect(inView().draft.value).toBe('written')
  })

  it('is kept also where it is set once its view has gone', async () => {
    const { draft, leave } = inView()
    draft.value = 'written'
    await nextTick()
    draft.value = 'blank'
    await nextTick()
    leave()
    draft.value = 'written'
    await nextTick()
    expect(inView().draft.value).toBe('written')
  })

  it('is then what the view shows that has come since, if that takes it', async () => {
    const before = inView()
    before.leave()
    const now = inView()
    before.draft.value = 'had back'
    await nextTick()
    expect(now.draft.value).toBe('had back')
    now.leave()
    const other = inView((kept) => typeof kept === 'string' && kept.startsWith('of another'))
    before.draft.value = 'had back where nothing was written'
    await nextTick()
    expect(other.draft.value).toBe('blank')
    expect(stored.get('grokscope.draft')).toBe('"had back where nothing was written"')
    other.draft.value = 'of another, written'
    await nextTick()
    before.draft.value = 'once more'
    await nextTick()
    expect(other.draft.value).toBe('of another, written')
    expect(stored.get('grokscope.draft')).toBe('"of another, written"')
  })
})
