import { effectScope, type EffectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useDragZoom } from '../../../src/renderer/charts/useDragZoom.ts'

const area = { left: 0, right: 100, top: 0, bottom: 50 }
let scope: EffectScope
let page: EventTarget

beforeEach(() => {
  vi.useFakeTimers()
  page = new EventTarget()
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page))
  scope = effectScope()
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
})

function chart() {
  const pressed: number[] = []
  const { zoom, start, reset } = scope.run(() =>
    useDragZoom((from, to) => {
      if (from === to) pressed.push(from)
      return [from, to]
    }),
  )!
  const emit = (type: string, clientX: number) => page.dispatchEvent(Object.assign(new Event(type), { clientX }))
  const host = { getBoundingClientRect: () => ({ left: 0 }) }
  function drag(from: number, to: number) {
    start({ currentTarget: host, clientX: from, button: 0 } as unknown as PointerEvent, area)
    emit('pointermove', to)
    emit('pointerup', to)
  }
  return { pressed, zoom, reset, drag, press: (at: number) => drag(at, at) }
}

describe('a chart under the pointer', () => {
  it('goes where it is pressed, at once', () => {
    const { pressed, press } = chart()
    press(30)
    expect(pressed).toEqual([30])
  })

  it('is seen whole again after a double click, which goes nowhere', () => {
    const { pressed, zoom, drag, press, reset } = chart()
    drag(20, 60)
    expect(zoom.value).toEqual([20, 60])
    press(30)
    press(30)
    reset()
    vi.runAllTimers()
    expect(zoom.value).toBeNull()
    expect(pressed).toEqual([])
  })

  it('goes where it is pressed while it is zoomed, once no second press has come', () => {
    const { pressed, drag, press } = chart()
    drag(20, 60)
    press(30)
    vi.runAllTimers()
    expect(pressed).toEqual([30])
  })
})
