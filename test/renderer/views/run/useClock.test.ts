import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { computed, effectScope, nextTick, ref, type EffectScope } from 'vue'
import type { HorizontalAxis } from '../../../../src/renderer/views/run/groupCurves.ts'
import { stepTrack } from '../../../../src/renderer/views/run/stepTrack.ts'
import { decayClock } from '../../../../src/shared/runClock.ts'
import { createClock, type Clock } from '../../../../src/renderer/views/run/useClock.ts'

describe('the clock of a run', () => {
  const reached = ref(1000)
  const end = ref(5000)
  const stops = ref([0, 1, 10, 100, 1000])
  const ready = ref(true)
  const axis = ref<HorizontalAxis>('step')
  const track = computed(() => stepTrack(axis.value, { curve: null, end: end.value, tauAtEnd: 0, clock: decayClock }))
  let scope: EffectScope
  let clock: Clock

  beforeEach(() => {
    vi.useFakeTimers()
    reached.value = 1000
    ready.value = true
    stops.value = [0, 1, 10, 100, 1000]
    scope = effectScope()
    clock = scope.run(() => createClock({ reached, end, stops, ready, track }))!
  })
  afterEach(() => {
    scope.stop()
    vi.useRealTimers()
  })

  it('follows the run until it is moved, and again from its end', () => {
    reached.value = 1100
    expect(clock.step.value).toBe(1100)
    clock.go(40)
    reached.value = 1200
    expect(clock.step.value).toBe(40)
    clock.toEnd()
    reached.value = 1300
    expect(clock.step.value).toBe(1300)
  })

  it('moves by snapshots once they have been read, however early it is asked to', async () => {
    ready.value = false
    await nextTick()
    stops.value = []
    clock.move(-1)
    clock.move(-1)
    expect(clock.step.value).toBe(1000)
    stops.value = [0, 1, 10, 100, 1000]
    ready.value = true
    await nextTick()
    expect(clock.step.value).toBe(10)
  })

  it('forgets moves that wait when it is sent elsewhere', async () => {
    ready.value = false
    await nextTick()
    clock.move(-1)
    clock.go(500)
    ready.value = true
    await nextTick()
    expect(clock.step.value).toBe(500)
  })

  it('stays within what has been run', () => {
    clock.go(-5)
    expect(clock.step.value).toBe(0)
    clock.go(1e9)
    expect(clock.step.value).toBe(1000)
  })

  it('moves from snapshot to snapshot, also from between two', () => {
    clock.go(50)
    clock.move(1)
    expect(clock.step.value).toBe(100)
    clock.go(50)
    clock.move(-1)
    expect(clock.step.value).toBe(10)
    clock.move(-10)
    expect(clock.step.value).toBe(0)
    clock.move(10)
    expect(clock.step.value).toBe(1000)
  })

  it('shows the snapshot nearest to it, and none where there are none', () => {
    clock.go(60)
    expect(clock.snapshotStep.value).toBe(100)
    stops.value = []
    expect(clock.snapshotStep.value).toBeNull()
  })

  it('moves by a hundredth of the track where there are none, at least by a step', () => {
    stops.value = []
    clock.go(60)
    clock.move(1)
    expect(clock.step.value).toBe(110)
    axis.value = 'logStep'
    const steps = [0, 1, 100].map((from) => {
      clock.go(from)
      clock.move(1)
      return clock.step.value
    })
    expect(steps).toEqual([1, 2, 109])
    clock.move(-1)
    expect(clock.step.value).toBe(100)
    clock.go(1)
    clock.move(-1)
    expect(clock.step.value).toBe(0)
    axis.value = 'step'
  })

  it('plays from the start when it stands at the end, and stops there', async () => {
    clock.togglePlaying()
    await nextTick()
    expect(clock.step.value).toBe(0)
    vi.advanceTimersByTime(10_000)
    expect(clock.step.value).toBe(1000)
    expect(clock.playing.value).toBe(false)
  })
})
