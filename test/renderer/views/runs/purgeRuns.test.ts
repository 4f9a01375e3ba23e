import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useToasts } from '../../../../src/renderer/composables/useToasts.ts'
import { leaving, purgeRuns } from '../../../../src/renderer/views/runs/purgeRuns.ts'
import { LabError } from '../../../../src/shared/errors.ts'
import { runSummary } from '../../../support/runSummary.ts'

const host = vi.hoisted(() => ({
  request: vi.fn(),
  listeners: new Map<string, (data: unknown) => void>(),
  watched: (() => []) as () => readonly string[],
}))
vi.mock('../../../../src/renderer/lab.ts', () => ({
  request: host.request,
  on: (name: string, listener: (data: unknown) => void) => void host.listeners.set(name, listener),
  watched: {
    add: (shown: () => readonly string[]) => ((host.watched = shown), () => undefined),
    send: () => undefined,
  },
}))

const a = runSummary({ id: 'a', binnedAt: 1 })
const longEnough = 10_000

describe('runs that are purged', () => {
  let hidden = false
  const { toasts, takeAction, dismiss } = useToasts(() => hidden)

  beforeEach(() => {
    vi.useFakeTimers()
    host.request.mockReset().mockResolvedValue(null)
    hidden = false
  })
  afterEach(async () => {
    hidden = false
    for (const { id } of toasts.value) dismiss(id)
    await vi.advanceTimersByTimeAsync(longEnough)
    vi.useRealTimers()
  })

  it('are out of sight at once, and gone when it can no longer be undone: all in one request', async () => {
    purgeRuns(['a', 'b'])
    expect([...leaving.value]).toEqual(['a', 'b'])
    expect(host.request).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(longEnough)
    expect(host.request.mock.calls).toEqual([['run.purge', { runIds: ['a', 'b'] }]])
    expect([...leaving.value], 'no answer has them any more').toEqual([])
  })

  it('come back by undo, and nothing is asked of the host', async () => {
    purgeRuns(['a', 'b'])
    await vi.advanceTimersByTimeAsync(5_000)
    await takeAction(toasts.value[0]!.id)
    expect([...leaving.value]).toEqual([])
    await vi.advanceTimersByTimeAsync(longEnough)
    expect(host.request).not.toHaveBeenCalled()
  })

  it('wait for as long as nobody could undo it: a page that is hidden, and then closed, has purged nothing', async () => {
    purgeRuns(['a'])
    hidden = true
    await vi.advanceTimersByTimeAsync(24 * 3_600_000)
    expect(host.request).not.toHaveBeenCalled()
    expect(toasts.value.map(({ action }) => action?.label)).toEqual(['Undo'])
  })

  it('are watched until they are gone: who restores them elsewhere is heard of', async () => {
    purgeRuns(['a', 'b'])
    expect(host.watched()).toEqual(['a', 'b'])
    await vi.advanceTimersByTimeAsync(longEnough)
    expect(host.watched()).toEqual([])
  })

  it('stay where they were restored or changed meanwhile; the others go', async () => {
    purgeRuns(['a', 'b'])
    host.listeners.get('run.changed')!([{ ...a, binnedAt: null }])
    expect([...leaving.value]).toEqual(['b'])
    await vi.advanceTimersByTimeAsync(longEnough)
    expect(host.request.mock.calls).toEqual([['run.purge', { runIds: ['b'] }]])
  })

  it('are shown again where the host refuses, and why is told', async () => {
    host.request.mockRejectedValue(new LabError('CONFLICT', 'run b is not in the bin'))
    purgeRuns(['a', 'b'])
    await vi.advanceTimersByTimeAsync(longEnough)
    expect([...leaving.value]).toEqual([])
    expect(toasts.value).toMatchObject([{ kind: 'failed', text: expect.stringContaining('run b') as string }])
  })
})
