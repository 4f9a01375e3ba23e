import { computed, onScopeDispose, ref, watch, type ComputedRef, type Ref } from 'vue'

/** The one position in decay time that all panels of a comparison share. */
export interface CompareClock {
  tau: ComputedRef<number>
  end: ComputedRef<number>
  /** What an arrow key moves by. */
  stride: ComputedRef<number>
  playing: Readonly<Ref<boolean>>
  togglePlaying: () => void
  go: (tau: number) => void
  move: (strides: number) => void
  toStart: () => void
  toEnd: () => void
}

const strides = 100
const framesPerSecond = 25
const secondsOfAll = 8

/** From 0 to the decay time that the farthest run has come to; starts halfway. */
export function useCompareClock(end: () => number): CompareClock {
  const chosen = ref<number | null>(null)
  const playing = ref(false)
  const most = computed(() => Math.max(0, end()))
  const tau = computed(() => Math.min(chosen.value ?? most.value / 2, most.value))
  const stride = computed(() => most.value / strides)
  const go = (to: number) => (chosen.value = Math.max(0, Math.min(most.value, to)))

  let timer = 0
  watch(playing, (plays) => {
    clearInterval(timer)
    if (!plays) return
    if (tau.value >= most.value) go(0)
    timer = window.setInterval(() => {
      go(tau.value + most.value / (secondsOfAll * framesPerSecond))
      if (tau.value >= most.value) playing.value = false
    }, 1000 / framesPerSecond)
  })
  onScopeDispose(() => clearInterval(timer))

  const move = (count: number) => go((Math.round(tau.value / stride.value) + count) * stride.value)
  const togglePlaying = () => (playing.value = !playing.value)
  const [toStart, toEnd] = [() => go(0), () => go(most.value)]
  return { tau, end: most, stride, playing, togglePlaying, go, move, toStart, toEnd }
}
