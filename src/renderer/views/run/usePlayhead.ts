import { computed, onScopeDispose, ref, watch, type ComputedRef, type Ref } from 'vue'
import { alongTrack, type TrackAxis } from '../../components/trackAxis.ts'
import { nearestPlace, placeAtOrBelow } from '../../../shared/neighbors.ts'

export type Speed = 1 | 4 | 16

/** The one position in time that all panels of a run share, in steps. */
export interface Playhead {
  step: ComputedRef<number>
  /** The step run so far, and the step the run ends at. */
  reached: Readonly<Ref<number>>
  end: Readonly<Ref<number>>
  /** Steps of the snapshots, ascending. */
  stops: Readonly<Ref<readonly number[]>>
  /** The snapshot nearest to the clock. */
  snapshotStep: ComputedRef<number | null>
  /** Whether the clock moves with the run. */
  follow: Ref<boolean>
  playing: Ref<boolean>
  speed: Ref<Speed>
  togglePlaying: () => void
  go: (step: number) => void
  /** So many snapshots on; back where negative. */
  move: (count: number) => void
  toStart: () => void
  toEnd: () => void
}

const stopsPerSecond = 2

export function createPlayhead(source: {
  reached: Readonly<Ref<number>>
  end: Readonly<Ref<number>>
  stops: Readonly<Ref<readonly number[]>>
  /** Whether the stops have been read; moves from one to another wait for that. */
  ready: Readonly<Ref<boolean>>
  /** The axis along which it moves where there are no snapshots. */
  track: Readonly<Ref<TrackAxis>>
}): Playhead {
  const { reached, end, stops, ready, track } = source
  const follow = ref(true)
  const chosen = ref(0)
  const playing = ref(false)
  const speed = ref<Speed>(4)
  const step = computed(() => (follow.value ? reached.value : Math.min(chosen.value, reached.value)))
  const snapshotStep = computed(() => stops.value[nearestPlace(stops.value, step.value)] ?? null)

  let waiting = 0
  watch(ready, (isReady) => {
    if (isReady && waiting !== 0) move(waiting)
  })

  function go(to: number) {
    waiting = 0
    follow.value = false
    chosen.value = Math.max(0, Math.min(Math.round(to), reached.value))
  }

  function move(count: number) {
    if (!ready.value) {
      waiting += count
      return
    }
    if (stops.value.length === 0) {
      const to = Math.round(alongTrack(track.value, step.value, count))
      return go(to === step.value ? step.value + Math.sign(count) : to)
    }
    const below = placeAtOrBelow(stops.value, step.value)
    // From between two snapshots the first move back goes to the one below.
    const between = below >= 0 && stops.value[below] !== step.value && count < 0 ? 1 : 0
    go(stops.value[Math.max(0, Math.min(stops.value.length - 1, below + count + between))]!)
  }

  let timer: ReturnType<typeof setInterval> | undefined
  watch([playing, speed], () => {
    clearInterval(timer)
    if (!playing.value) return
    if (step.value >= (stops.value.at(-1) ?? reached.value)) go(0)
    timer = globalThis.setInterval(
      () => {
        if (!ready.value) return
        move(1)
        if (step.value >= (stops.value.at(-1) ?? reached.value)) playing.value = false
      },
      1000 / (stopsPerSecond * speed.value),
    )
  })
  onScopeDispose(() => clearInterval(timer))

  return {
    step,
    reached,
    end,
    stops,
    snapshotStep,
    follow,
    playing,
    speed,
    togglePlaying: () => (playing.value = !playing.value),
    go,
    move,
    toStart: () => go(0),
    toEnd: () => {
      go(reached.value)
      follow.value = true
    },
  }
}
