import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { computed, effectScope, nextTick, ref, type EffectScope } from 'vue'
import type { RunAxis } from '../../../../src/shared/curves/horizontalAxis.ts'
import { stepTrack } from '../../../../src/renderer/views/run/stepTrack.ts'
import { decayClock } from '../../../../src/shared/runClock.ts'
import { createPlayhead, type Playhead } from '../../../../src/renderer/views/run/usePlayhead.ts'

describe('the clock of a run', () => {
  const reached = ref(1000)
  const end = ref(5000)
  const stops = ref([0, 1, 10, 100, 1000])
  const ready = ref(true)
  const axis = ref<RunAxis>('step')
  const track = computed(() => stepTrack(axis.value, { curve: null, end: end.value, tauAtEnd: 0, clock: decayClock }))
  let scope: EffectScope
  let playhead: Playhead

  beforeEach(() => {
    vi.useFakeTimers()
    reached.value = 1000
    ready.value = true
    stops.value = [0, 1, 10, 100, 1000]
    scope = effectScope()
    playhead = scope.run(() => createPlayhead({ reached, end, stops, ready, track }))!
  })
  afterEach(() => {
    scope.stop()
    vi.useRealTimers()
  })

  it('follows the run until it is moved, and again from its end', () => {
    reached.value = 1100
    expect(playhead.step.value).toBe(1100)
    playhead.go(40)
    reached.value = 1200
    expect(playhead.step.value).toBe(40)
    playhead.toEnd()
    reached.value = 1300
    expect(playhead.step.value).toBe(1300)
  })

  it('moves by snapshots once they have been read, however early it is asked to', async () => {
    ready.value = false
    await nextTick()
    stops.value = []
    playhead.move(-1)
    playhead.move(-1)
    expect(playhead.step.value).toBe(1000)
    stops.value = [0, 1, 10, 100, 1000]
    ready.value = true
    await nextTick()
    expect(playhead.step.value).toBe(10)
  })

  it('forgets moves that wait when it is sent elsewhere', async () => {
    ready.value = false
    await nextTick()
    playhead.move(-1)
    playhead.go(500)
    ready.value = true
    await nextTick()
    expect(playhead.step.value).toBe(500)
  })

  it('stays within what has been run', () => {
    playhead.go(-5)
    expect(playhead.step.value).toBe(0)
    playhead.go(1e9)
    expect(playhead.step.value).toBe(1000)
  })

  it('moves from snapshot to snapshot, also from between two', () => {
    playhead.go(50)
    playhead.move(1)
    expect(playhead.step.value).toBe(100)
    playhead.go(50)
    playhead.move(-1)
    expect(playhead.step.value).toBe(10)
    playhead.move(-10)
    expect(playhead.step.value).toBe(0)
    playhead.move(10)
    expect(playhead.step.value).toBe(1000)
  })

  it('shows the snapshot nearest to it, and none where there are none', () => {
    playhead.go(60)
    expect(playhead.snapshotStep.value).toBe(100)
    stops.value = []
    expect(playhead.snapshotStep.value).toBeNull()
  })

  it('moves by a hundredth of the track where there are none, at least by a step', () => {
    stops.value = []
    playhead.go(60)
    playhead.move(1)
    expect(playhead.step.value).toBe(110)
    axis.value = 'logStep'
    const steps = [0, 1, 100].map((from) => {
      playhead.go(from)
      playhead.move(1)
      return playhead.step.value
    })
    expect(steps).toEqual([1, 2, 109])
    playhead.move(-1)
    expect(playhead.step.value).toBe(100)
    playhead.go(1)
    playhead.move(-1)
    expect(playhead.step.value).toBe(0)
    axis.value = 'step'
  })

  it('plays from the start when it stands at the end, and stops there', async () => {
    playhead.togglePlaying()
    await nextTick()
    expect(playhead.step.value).toBe(0)
    vi.advanceTimersByTime(10_000)
    expect(playhead.step.value).toBe(1000)
    expect(playhead.playing.value).toBe(false)
  })
})
