import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { letFailuresGo, showToast, showFailure, useToasts } from '../../../src/renderer/composables/useToasts.ts'
import { LabError } from '../../../src/shared/errors.ts'

const second = 1_000

describe('a toast', () => {
  let held = false
  const { toasts, dismiss, takeAction } = useToasts(() => held)
  const texts = () => toasts.value.map(({ text }) => text)
  const idOf = (text: string) => toasts.value.find((toast) => toast.text === text)!.id

  beforeEach(() => {
    vi.useFakeTimers()
    held = false
  })
  afterEach(() => {
    for (const { id } of toasts.value) dismiss(id)
    vi.advanceTimersByTime(second)
    expect(vi.getTimerCount(), 'no clock goes on where there is nothing to count for').toBe(0)
    vi.useRealTimers()
  })

  it('goes after its time', () => {
    showToast('done')
    vi.advanceTimersByTime(7 * second)
    showToast('later')
    expect(texts()).toEqual(['done', 'later'])
    vi.advanceTimersByTime(second)
    expect(texts()).toEqual(['later'])
    vi.advanceTimersByTime(7 * second)
    expect(texts()).toEqual([])
  })

  it('does not go while it is held, however long, and has the time left that it had', () => {
    const lapse = vi.fn()
    showToast('purged', { label: 'Undo', run: vi.fn(), lapse })
    vi.advanceTimersByTime(5 * second)
    held = true
    vi.advanceTimersByTime(3_600 * second)
    showToast('told meanwhile')
    held = false
    vi.advanceTimersByTime(2.5 * second)
    expect(texts()).toEqual(['purged', 'told meanwhile'])
    expect(lapse).not.toHaveBeenCalled()
    vi.advanceTimersByTime(second)
    expect(texts()).toEqual(['told meanwhile'])
    expect(lapse).toHaveBeenCalledOnce()
  })

  it('of a failure stays beyond its time, until something is done after it or its view is left', () => {
    showFailure(new Error('first'))
    vi.advanceTimersByTime(3_600 * second)
    expect(texts()).toEqual(['first'])
    showToast('done')
    expect(texts()).toEqual(['done'])
    showFailure(new Error('second'))
    vi.advanceTimersByTime(3_600 * second)
    letFailuresGo()
    expect(texts()).toEqual([])
  })

  it('of a failure is seen for its time, whatever is done meanwhile', () => {
    showFailure(new Error('failed'))
    vi.advanceTimersByTime(5 * second)
    showToast('the rest is done')
    letFailuresGo()
    expect(texts()).toEqual(['failed', 'the rest is done'])
    vi.advanceTimersByTime(3 * second)
    expect(texts()).toEqual(['the rest is done'])
  })

  it('lapses when it is dismissed, and not when its action is taken', async () => {
    const [run, lapse] = [vi.fn(), vi.fn()]
    showToast('first', { label: 'Undo', run, lapse })
    showToast('second', { label: 'Undo', run, lapse })
    await takeAction(idOf('first'))
    expect([run.mock.calls.length, lapse.mock.calls.length, texts()]).toEqual([1, 0, ['second']])
    dismiss(idOf('second'))
    expect([run.mock.calls.length, lapse.mock.calls.length, texts()]).toEqual([1, 1, []])
    vi.advanceTimersByTime(60 * second)
    expect([run.mock.calls.length, lapse.mock.calls.length]).toEqual([1, 1])
  })

  it('is taken once, however often it is pressed', async () => {
    const run = vi.fn()
    showToast('moved', { label: 'Undo', run })
    const id = idOf('moved')
    await Promise.all([takeAction(id), takeAction(id)])
    dismiss(id)
    expect(run).toHaveBeenCalledOnce()
  })

  it('says why where its action fails', async () => {
    showToast('moved', { label: 'Undo', run: () => Promise.reject(new LabError('NOT_FOUND', 'there is no run "a"')) })
    await takeAction(idOf('moved'))
    expect(toasts.value).toMatchObject([
      { kind: 'failed', text: expect.stringContaining('there is no run "a"') as string },
    ])
  })

  it('that offers something is never pushed out by others, nor is one that was just told', () => {
    const lapse = vi.fn()
    for (const name of ['a', 'b', 'c', 'd', 'e']) showToast(name, { label: 'Undo', run: vi.fn(), lapse })
    for (const name of ['f', 'g', 'h']) showToast(name)
    expect(texts()).toEqual(['a', 'b', 'c', 'd', 'e', 'h'])
    showFailure('failed')
    expect(texts()).toEqual(['a', 'b', 'c', 'd', 'e', 'failed'])
    expect(lapse).not.toHaveBeenCalled()
  })

  it('that tells a failure is not pushed out by what is done', () => {
    showFailure('failed')
    for (const name of ['a', 'b', 'c', 'd']) showToast(name)
    expect(texts()).toEqual(['failed', 'b', 'c', 'd'])
  })
})
