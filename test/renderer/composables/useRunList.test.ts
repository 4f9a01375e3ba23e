import { effectScope, nextTick, shallowRef, watch, type EffectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RunQuestion } from '../../../src/shared/curves/readRuns.ts'
import { useRunList, type RunList } from '../../../src/renderer/composables/useRunList.ts'
import { generation } from '../../../src/renderer/lab.ts'
import type { RunSummary } from '../../../src/shared/run.ts'
import { runSummary } from '../../support/runSummary.ts'

type Answer = { runs: RunSummary[]; total: number }
const host = vi.hoisted(() => ({
  requested: [] as { input: RunQuestion; answer: (answer: Answer) => void }[],
  listeners: new Map<string, Set<(data: unknown) => void>>(),
  watched: (() => []) as () => readonly string[],
}))
vi.mock('../../../src/renderer/lab.ts', async () => ({
  generation: (await import('vue')).shallowRef(0),
  request: (_: string, input: RunQuestion) => new Promise((answer) => host.requested.push({ input, answer })),
  on: (name: string, listener: (data: unknown) => void) => {
    host.listeners.set(name, (host.listeners.get(name) ?? new Set()).add(listener))
    return () => host.listeners.get(name)!.delete(listener)
  },
  watched: {
    add: (shown: () => readonly string[]) => ((host.watched = shown), () => undefined),
    send: () => undefined,
  },
}))

const emit = (name: string, data: unknown) => host.listeners.get(name)?.forEach((listener) => listener(data))
const [a, b, c] = ['a', 'b', 'c'].map((id) => runSummary({ id })) as [RunSummary, RunSummary, RunSummary]
const longEnough = 10_000

describe('a list of runs', () => {
  let scope: EffectScope
  const question = shallowRef<RunQuestion | null>(null)
  let list: RunList
  const ids = () => list.runs.value.map(({ id }) => id).join('')

  /** The host's answer to the latest question. */
  async function answer(runs: RunSummary[]) {
    await nextTick()
    host.requested.at(-1)!.answer({ runs, total: runs.length })
    await vi.advanceTimersByTimeAsync(0)
  }
  async function ask(next: RunQuestion | null, runs: RunSummary[]) {
    question.value = next
    await answer(runs)
  }

  beforeEach(() => {
    vi.useFakeTimers()
    vi.stubGlobal('window', globalThis)
    vi.stubGlobal('document', { hidden: false })
    vi.stubGlobal('requestAnimationFrame', (frame: () => void) => frame())
    host.requested.length = 0
    scope = effectScope()
    question.value = null
    list = scope.run(() => useRunList(() => question.value))!
  })
  afterEach(() => {
    scope.stop()
    vi.unstubAllGlobals()
    vi.useRealTimers()
  })

  it('by ids has them in their order, watches them, and knows when it is there', async () => {
    await ask({ runIds: ['b', 'a', 'gone'] }, [a, b])
    expect([ids(), list.ready.value]).toEqual(['ba', true])
    expect(host.watched()).toEqual(['b', 'a', 'gone'])
    question.value = { runIds: ['b', 'c'] }
    expect([ids(), list.ready.value], 'until the answer comes').toEqual(['ba', false])
    await answer([b, c])
    expect([ids(), list.ready.value]).toEqual(['bc', true])
  })

  it('by more ids than one answer has is read in parts, in order', async () => {
    const many = Array.from({ length: 2_100 }, (_, place) => runSummary({ id: `r${place}` }))
    question.value = { runIds: many.map(({ id }) => id) }
    for (const [from, to] of [
      [0, 1000],
      [1000, 2000],
      [2000, 2100],
    ] as const) {
      await nextTick()
      expect(host.requested.at(-1)!.input.runIds).toEqual(many.slice(from, to).map(({ id }) => id))
      await answer(many.slice(from, to).toReversed())
    }
    expect(list.runs.value).toEqual(many)
  })

  it('changes as one with all that one message tells', async () => {
    await ask({ runIds: ['a', 'b'] }, [a, b])
    const seen: string[] = []
    watch(list.runs, (runs) => seen.push(runs.map(({ binnedAt }) => (binnedAt ? 'bin' : '-')).join()), {
      flush: 'sync',
    })
    emit(
      'run.changed',
      [a, b, c].map((run) => ({ ...run, binnedAt: 1 })),
    )
    expect(seen).toEqual(['bin,bin'])
  })

  it('keeps what was told while an answer with older news was on its way', async () => {
    await ask({ runIds: ['a', 'b'] }, [a, b])
    generation.value++
    await nextTick()
    emit('run.changed', [{ ...a, sequence: 700, step: 4999 }])
    await answer([a, b])
    expect(list.find('a')!.step).toBe(4999)
  })

  it('is read anew where events were missed', async () => {
    await ask({ runIds: ['a', 'b'] }, [a, b])
    generation.value++
    await answer([b])
    expect(ids()).toBe('b')
  })

  it('throws an answer away that a newer question has overtaken', async () => {
    question.value = { where: 'p = 3' }
    await nextTick()
    const older = host.requested.at(-1)!
    await ask({ where: 'p = 37' }, [b])
    older.answer({ runs: [a], total: 1 })
    await vi.advanceTimersByTimeAsync(0)
    expect(ids()).toBe('b')
  })

  it('by a filter is read anew when runs are touched; by ids only when one comes that was missing', async () => {
    await ask({ where: 'p = 37' }, [a])
    let before = host.requested.length
    emit('runs.touched', { runIds: ['c'] })
    emit('runs.touched', { runIds: null })
    await vi.advanceTimersByTimeAsync(longEnough)
    expect(host.requested.length, 'once for both').toBe(before + 1)
    await answer([a, c])
    expect(ids()).toBe('ac')

    await ask({ runIds: ['a', 'b'] }, [a])
    before = host.requested.length
    emit('runs.touched', { runIds: ['a', 'c'] })
    await vi.advanceTimersByTimeAsync(longEnough)
    expect(host.requested.length).toBe(before)
    emit('runs.touched', { runIds: ['b'] })
    await vi.advanceTimersByTimeAsync(longEnough)
    await answer([a, b])
    expect(ids()).toBe('ab')
  })

  it('lets go of what is removed', async () => {
    await ask({ runIds: ['a', 'b'] }, [a, b])
    emit('run.removed', { runIds: ['a', 'b'] })
    expect(ids()).toBe('')
  })

  it('listens to nothing any more where it is not shown', async () => {
    await ask({ where: 'p = 37' }, [a])
    scope.stop()
    const before = host.requested.length
    emit('run.changed', [{ ...a, name: 'changed' }])
    emit('runs.touched', { runIds: null })
    await vi.advanceTimersByTimeAsync(longEnough)
    expect([list.find('a')!.name, host.requested.length]).toEqual([a.name, before])
  })

  it('of another archive is another from the first moment, also of runs of the same ids', async () => {
    await ask({ runIds: ['a', 'b'] }, [a, b])
    generation.value++
    await nextTick()
    const late = host.requested.at(-1)!
    question.value = { archive: 'other', runIds: ['a', 'b'] }
    expect([ids(), list.total.value]).toEqual(['', 0])
    late.answer({ runs: [a, b], total: 2 })
    await vi.advanceTimersByTimeAsync(0)
    expect(ids()).toBe('')
    const older = { ...a, sequence: a.sequence - 1, step: 10 }
    await answer([older])
    expect([ids(), list.find('a')!.step]).toEqual(['a', 10])
  })

  it('of another archive is left alone by what happens in one’s own', async () => {
    await ask({ archive: 'other', runIds: ['a'] }, [a])
    const before = host.requested.length
    emit('run.changed', [{ ...a, name: 'of one’s own' }])
    emit('runs.touched', { runIds: null })
    emit('run.removed', { runIds: ['a'] })
    await vi.advanceTimersByTimeAsync(longEnough)
    expect([ids(), list.find('a')!.name, host.requested.length]).toEqual(['a', a.name, before])
    expect(host.watched()).toEqual([])
  })
})
