import { alongTrack, type TrackAxis } from '../../components/trackAxis.ts'
import { computed, onScopeDispose, ref, watch, type ComputedRef, type Ref } from 'vue'

/** The one position in decay time that all panels of a comparison share. */
export interface CompareClock {
  tau: ComputedRef<number>
  end: ComputedRef<number>
  /** Whether its track is to be logarithmic, as the axis of the curves may be. */
  setLog: (to: boolean) => void
  track: ComputedRef<TrackAxis>
  playing: Readonly<Ref<boolean>>
  togglePlaying: () => void
  go: (tau: number) => void
  move: (strides: number) => void
  toStart: () => void
  toEnd: () => void
}

const framesPerSecond = 25
const secondsOfAll = 8

/** From 0 to the decay time that the farthest run has come to, over that of a single step; starts halfway. */
export function useCompareClock(end: () => number, ofStep: () => number): CompareClock {
  const chosen = ref<number | null>(null)
  const playing = ref(false)
  const most = computed(() => Math.max(0, end()))
  const tau = computed(() => Math.min(chosen.value ?? most.value / 2, most.value))
  const isLog = ref(false)
  const track = computed((): TrackAxis => {
    const itself = (at: number) => at
    const linear = { kind: 'linear', least: 0, end: most.value || 1, valueAt: itself, positionAt: itself } as const
    const first = ofStep()
    return isLog.value && first > 0 && first < most.value ? { ...linear, kind: 'log', least: first } : linear
  })
  const go = (to: number) => (chosen.value = Math.max(0, Math.min(most.value, to)))

  let timer = 0
  watch(playing, (plays) => {
    clearInterval(timer)
    if (!plays) return
    if (tau.value >= most.value) go(0)
    timer = window.setInterval(() => {
      move(100 / (secondsOfAll * framesPerSecond))
      if (tau.value >= most.value) playing.value = false
    }, 1000 / framesPerSecond)
  })
  onScopeDispose(() => clearInterval(timer))

  const move = (count: number) => go(alongTrack(track.value, tau.value, count))
  const togglePlaying = () => (playing.value = !playing.value)
  const [toStart, toEnd] = [() => go(0), () => go(most.value)]
  return { tau, end: most, setLog: (to) => (isLog.value = to), track, playing, togglePlaying, go, move, toStart, toEnd }
}
