import { effectScope, nextTick, shallowRef, type EffectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { generation } from '../../../../src/renderer/lab.ts'
import { keepByHand } from '../../../../src/renderer/views/runs/useSelection.ts'
import {
  useTablePages,
  type TablePages,
  type TableQuestion,
} from '../../../../src/renderer/views/runs/useTablePages.ts'
import type { RequestInput } from '../../../../src/shared/contract.ts'
import { FakeTable } from '../../../support/fakeTable.ts'
import { runSummary } from '../../../support/runSummary.ts'

interface Asked {
  name: string
  input: RequestInput<'run.table'>
  answer: () => void
  refuse: (error: Error) => void
}
const host = vi.hoisted(() => ({
  requested: [] as Asked[],
  answers: (() => undefined) as (name: string, input: never) => unknown,
  listeners: new Map<string, Set<(data: unknown) => void>>(),
}))
vi.mock('../../../../src/renderer/lab.ts', async () => ({
  generation: (await import('vue')).shallowRef(0),
  request: (name: string, input: RequestInput<'run.table'>) =>
    new Promise((resolve, refuse) =>
      host.requested.push({ name, input, answer: () => resolve(host.answers(name, input as never)), refuse }),
    ),
  on: (name: string, listener: (data: unknown) => void) => {
    host.listeners.set(name, (host.listeners.get(name) ?? new Set()).add(listener))
    return () => host.listeners.get(name)!.delete(listener)
  },
}))

const emit = (name: string, data: unknown) => host.listeners.get(name)?.forEach((listener) => listener(data))
const plain: TableQuestion['table'] = {
  shelf: 'library',
  terms: [],
  grouping: 'none',
  sort: { by: 'name', descending: false },
  folded: [],
}

describe('the pages of a table', () => {
  let scope: EffectScope
  let pages: TablePages
  const table = new FakeTable([])
  const question = shallowRef<TableQuestion>({ table: plain, columns: [] })
  const become = (next: Partial<TableQuestion['table']>) =>
    (question.value = { table: { ...plain, ...next }, columns: [] })
  const kept = keepByHand()
  const runs = (count: number) => Array.from({ length: count }, (_, place) => runSummary({ id: `r${place}` }))
  const there = () => pages.page.value?.page.flatMap((line) => (line.kind === 'run' ? [line.run.id] : [])) ?? []
  const waiting = () => host.requested.length

  /** Lets the host answer what it was asked, oldest first, and what that leads to. */
  async function settle() {
    await nextTick()
    while (host.requested.length > 0) {
      host.requested.shift()!.answer()
      await vi.advanceTimersByTimeAsync(0)
    }
  }

  /** Nothing is typed for a while. */
  async function pause() {
    await vi.advanceTimersByTimeAsync(1_000)
    await settle()
  }

  beforeEach(() => {
    vi.useFakeTimers()
    vi.stubGlobal('window', globalThis)
    host.requested.length = 0
    host.answers = (name, input) => (name === 'run.table' ? table.table(input) : table.ids(input))
    table.runs = runs(20_000)
    become({})
    kept.chosen.value = new Set()
    kept.here.value = null
    scope = effectScope()
    pages = scope.run(() => useTablePages(question, kept))!
  })
  afterEach(() => {
    scope.stop()
    vi.unstubAllGlobals()
    vi.useRealTimers()
  })

  it('are as many lines as a few screens have, of however many there are', async () => {
    pages.look(0, 30)
    await settle()
    expect(pages.page.value!.lines).toBe(20_000)
    expect(there().length).toBeLessThanOrEqual(200)
    pages.look(10_000, 30)
    await settle()
    expect(there()).toContain('r10000')
    expect(there()).toContain('r10029')
    expect(there().length).toBeLessThanOrEqual(200)
  })

  it('of a filter are those on the screen while it is typed, and those around them after a pause', async () => {
    pages.look(0, 30)
    await settle()
    for (const term of ['p', 'p = 3', 'p = 37']) {
      become({ terms: [term] })
      await nextTick()
      expect(host.requested.map(({ input }) => [input.terms, input.count])).toEqual([[[term], 30]])
      await settle()
      expect(there().length).toBe(30)
    }
    await pause()
    expect(there().length).toBe(150)
    become({ terms: ['p = 38'] })
    await settle()
    pages.look(20, 30)
    expect(waiting(), 'who scrolls does not wait').toBe(1)
  })

  it('are there before they are scrolled to, in either direction, and never asked for line by line', async () => {
    pages.look(1_000, 30)
    await settle()
    let requested = 0
    let first = 1_000
    for (const step of [3, -3]) {
      for (let turn = 0; turn < 200; turn++, first += step) {
        pages.look(first, 30)
        expect(there(), `line ${first}`).toContain(`r${first}`)
        expect(there()).toContain(`r${first + 29}`)
        requested += waiting()
        await settle()
      }
    }
    expect(requested).toBeGreaterThan(4)
    expect(requested).toBeLessThan(50)
  })

  it('stay until those of a place far away have come, and those of places left meanwhile are not waited for', async () => {
    await settle()
    const before = there()
    for (const first of [4_000, 8_000, 12_000, 16_000]) pages.look(first, 30)
    await nextTick()
    expect([there(), waiting()], 'one question is on its way').toEqual([before, 1])
    await settle()
    expect(there()).toContain('r16000')
  })

  it('answer the newest question: what an older one brings is thrown away, and those between are never asked', async () => {
    await settle()
    for (const left of ['r0', 'r1', 'r2']) {
      become({ terms: [left] })
      await nextTick()
    }
    expect(host.requested.map(({ input }) => input.terms)).toEqual([['r0']])
    host.requested.shift()!.answer()
    await vi.advanceTimersByTimeAsync(0)
    expect(there()[0], 'nothing is shown of the older one').toBe('r0')
    expect(host.requested.map(({ input }) => input.terms)).toEqual([['r2']])
    await settle()
    expect(there().slice(0, 3)).toEqual(['r0', 'r1', 'r3'])
  })

  it('are at the end of a table that has become shorter than the place looked at', async () => {
    pages.look(19_000, 30)
    await settle()
    table.runs = runs(50)
    become({})
    await settle()
    expect(there()).toContain('r49')
    expect(waiting()).toBe(0)
  })

  it('are read anew when runs are touched, not once for each, and after events were missed', async () => {
    await settle()
    table.runs = runs(3)
    for (let turn = 0; turn < 20; turn++) emit('runs.touched', { runIds: turn % 2 ? ['r1'] : null })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(waiting()).toBe(1)
    await settle()
    expect(there()).toEqual(['r0', 'r1', 'r2'])
    table.runs = runs(2)
    generation.value++
    await settle()
    expect(there()).toEqual(['r0', 'r1'])
  })

  it('of another archive are left alone by what happens in one’s own, and none is mistaken for the other’s', async () => {
    await settle()
    become({ archive: 'other' })
    expect(there()).toEqual([])
    await settle()
    become({ archive: 'other', shelf: 'bin' })
    expect(there()).toEqual([])
    await settle()
    await pause()
    emit('runs.touched', { runIds: null })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(waiting()).toBe(0)
  })

  it('tell why there are none, until there are', async () => {
    await nextTick()
    host.requested.shift()!.refuse(new Error('the host has other things to do'))
    await vi.advanceTimersByTimeAsync(0)
    expect(pages.failure.value).toMatchObject({ message: 'the host has other things to do' })
    emit('runs.touched', { runIds: null })
    await vi.advanceTimersByTimeAsync(1_000)
    await settle()
    expect([pages.failure.value, there()[0]]).toEqual([null, 'r0'])
  })
})
