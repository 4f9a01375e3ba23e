import { nextTick, watch } from 'vue'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { generation } from '../../../src/renderer/lab.ts'
import { useRuns } from '../../../src/renderer/composables/useRuns.ts'
import type { RunSummary } from '../../../src/shared/run.ts'
import { runSummary } from '../../support/runSummary.ts'

const host = vi.hoisted(() => ({
  lists: [] as ((runs: RunSummary[]) => void)[],
  listeners: new Map<string, (data: unknown) => void>(),
}))
vi.mock('../../../src/renderer/lab.ts', async () => ({
  generation: (await import('vue')).shallowRef(0),
  request: () => new Promise((resolve) => host.lists.push(resolve)),
  on: (name: string, listener: (data: unknown) => void) => void host.listeners.set(name, listener),
}))

const frames: (() => void)[] = []
const draw = () => frames.splice(0).forEach((frame) => frame())
const tell = (name: 'run.changed' | 'run.removed', data: unknown) => host.listeners.get(name)!(data)
const [a, b, c] = ['a', 'b', 'c'].map((id) => runSummary({ id })) as [RunSummary, RunSummary, RunSummary]

describe('the runs of the archive', () => {
  beforeAll(() => {
    vi.stubGlobal('document', { hidden: false })
    vi.stubGlobal('requestAnimationFrame', (frame: () => void) => frames.push(frame))
  })
  afterAll(() => vi.unstubAllGlobals())
  const store = useRuns()
  const ids = () => store.runs.value.map(({ id }) => id).join('')

  /** The host's list, read anew; `meanwhile` happens while it is on its way. */
  async function list(runs: RunSummary[], meanwhile = () => {}) {
    if (host.lists.length === 0) generation.value++
    await nextTick()
    meanwhile()
    host.lists.shift()!(runs)
    await nextTick()
    draw()
  }
  beforeEach(() => list([a, b]))

  it('change as one with all that one message tells', () => {
    const seen: string[] = []
    const stop = watch(store.runs, (runs) => seen.push(runs.map(({ binnedAt }) => (binnedAt ? 'bin' : '-')).join()), {
      flush: 'sync',
    })
    tell(
      'run.changed',
      [a, b].map((run) => ({ ...run, binnedAt: 1 })),
    )
    draw()
    stop()
    expect(seen).toEqual(['bin,bin'])
  })

  it('are those of the list where events were missed, whatever was told of them before', async () => {
    tell('run.changed', [b, c])
    draw()
    expect(ids()).toBe('abc')
    await list([a])
    expect(ids()).toBe('a')
  })

  it('are those too that came while the list was on its way', async () => {
    await list([a], () => tell('run.changed', [c]))
    expect(ids()).toBe('ac')
  })

  it('go with the message that they are gone', () => {
    tell('run.removed', { runIds: ['a', 'b'] })
    draw()
    expect(ids()).toBe('')
  })
})
