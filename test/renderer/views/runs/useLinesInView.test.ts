import { computed, effectScope, nextTick, shallowRef, type EffectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { rowHeight, useLinesInView } from '../../../../src/renderer/views/runs/useLinesInView.ts'

const headHeight = 30
const height = 10 * rowHeight
const size = vi.hoisted(() => ({ value: { width: 500, height: 310 } }))
vi.mock('../../../../src/renderer/charts/useSize.ts', () => ({ useSize: () => size }))
vi.mock('vue', async (original) => ({
  ...(await original<typeof import('vue')>()),
  // There is no component here whose elements are on the page some time.
  onMounted: (mounted: () => void) => mounted(),
}))

describe('the lines in view', () => {
  let scope: EffectScope
  const count = shallowRef(0)
  const loaded = shallowRef({ from: 0, to: 0 })
  const look = vi.fn()
  const listeners = new Set<() => void>()
  const element = {
    scrollTop: 0,
    addEventListener: (_: string, listener: () => void) => listeners.add(listener),
    removeEventListener: (_: string, listener: () => void) => listeners.delete(listener),
  }
  let view: ReturnType<typeof useLinesInView>
  const shown = () => view.shown.value
  async function scrollTo(line: number) {
    element.scrollTop = line * rowHeight
    listeners.forEach((listener) => listener())
    await nextTick()
  }
  /** The height that is covered by lines, from the top of the view. */
  const covered = () => {
    const { first, end, top } = shown()
    expect(top).toBeLessThanOrEqual(0)
    return top + (end - first) * rowHeight
  }

  beforeEach(() => {
    size.value = { width: 500, height: headHeight + height }
    element.scrollTop = 0
    count.value = 100_000
    loaded.value = { from: 0, to: 50 }
    look.mockReset()
    scope = effectScope()
    const scroller = shallowRef(element as unknown as HTMLElement)
    view = scope.run(() => useLinesInView(scroller, { count, loaded: computed(() => loaded.value), look }))!
  })
  afterEach(() => scope.stop())

  it('are those that were scrolled to, and fill the view', async () => {
    await scrollTo(3.5)
    expect(shown()).toMatchObject({ first: 3, top: -rowHeight / 2 })
    expect(covered()).toBeGreaterThanOrEqual(height)
    expect(look).toHaveBeenLastCalledWith(3, 11)
  })

  it('are at a place far away the nearest that are there, until those of the place are: never none', async () => {
    await scrollTo(50_000)
    expect(look).toHaveBeenLastCalledWith(50_000, 11)
    expect(shown().end).toBe(50)
    expect(covered()).toBeGreaterThanOrEqual(height)
    loaded.value = { from: 49_980, to: 50_030 }
    expect(shown().first).toBe(50_000)
    await scrollTo(10)
    expect(shown().first).toBe(49_980)
    expect(covered()).toBeGreaterThanOrEqual(height)
  })

  it('are the last of a table that has become shorter, before the browser has scrolled there', async () => {
    await scrollTo(40)
    count.value = 20
    loaded.value = { from: 0, to: 20 }
    expect(shown()).toMatchObject({ end: 20 })
    expect(shown().first).toBeLessThanOrEqual(12)
    // What is said after the last line has its place in view.
    expect(shown().after).toBeLessThan(height)
    count.value = 2
    loaded.value = { from: 0, to: 2 }
    expect(shown()).toEqual({ first: 0, end: 2, top: 0, after: 2 * rowHeight })
  })

  it('are scrolled no further than it takes to have a line among them', () => {
    view.show(5)
    expect(element.scrollTop).toBe(0)
    view.show(10)
    expect(element.scrollTop).toBe(rowHeight)
    view.show(1)
    expect(element.scrollTop).toBe(rowHeight)
    view.show(0)
    expect(element.scrollTop).toBe(0)
    view.show(-1)
    expect(element.scrollTop).toBe(0)
  })

  it('are listened to no longer than they are shown', () => {
    scope.stop()
    expect(listeners.size).toBe(0)
  })
})
