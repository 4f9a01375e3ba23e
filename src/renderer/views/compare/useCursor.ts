import { computed, onScopeDispose, ref, watch, type ComputedRef, type Ref, type WritableComputedRef } from 'vue'
import { formatCount, formatNumber, formatShort } from '../../../shared/formatting/formatNumber.ts'
import type { RunSummary } from '../../../shared/run.ts'
import type { RunCount } from '../../../shared/runClock.ts'
import type { StudyClock } from '../../../shared/studies/study.ts'
import { alongTrack, trackScale, type TrackAxis } from '../../components/trackAxis.ts'
import { useKept } from '../../composables/useKept.ts'
import {
  axisChoices,
  axisQuantity,
  horizontalAxes,
  isLogAxis,
  usualAxis,
  type AxisQuantity,
  type HorizontalAxis,
} from '../../../shared/curves/horizontalAxis.ts'

/** A place on the one axis that all panels of a comparison stand on. Every run is read there at its own rows. */
export interface CompareCursor {
  axis: WritableComputedRef<HorizontalAxis>
  /** The axes that are offered, as a control has them. */
  choices: ComputedRef<ReturnType<typeof axisChoices<HorizontalAxis>>>
  /** The clock that the runs share. */
  clock: ComputedRef<StudyClock>
  count: ComputedRef<RunCount>
  quantity: ComputedRef<AxisQuantity>
  at: ComputedRef<number>
  /** How far the farthest run has come. */
  end: ComputedRef<number>
  track: ComputedRef<TrackAxis>
  playing: Readonly<Ref<boolean>>
  togglePlaying: () => void
  go: (to: number) => void
  move: (strides: number) => void
  toStart: () => void
  toEnd: () => void
}

export interface CursorSource {
  /** As far as they have come, and where their clock begins: that of a study may begin above 0. */
  runs: () => readonly (Pick<RunSummary, AxisQuantity> & { firstTau: number })[]
  clock: () => StudyClock
  count: () => RunCount
  offered: () => readonly [HorizontalAxis, ...HorizontalAxis[]]
}

const framesPerSecond = 25
const secondsOfAll = 8

/**
 * Starts in the middle of the track. On another axis it keeps its share of the way, which for a run of an even pace (in the
 * logarithm of a logarithmic clock) is the same moment. Runs of each clock have the axis that was chosen for it last; one that
 * is not offered gives way to the first that is, for as long.
 */
export function useCursor({ runs, clock: clockOfRuns, count: countOfRuns, offered }: CursorSource): CompareCursor {
  const clock = computed(clockOfRuns)
  const count = computed(countOfRuns)
  const axisOfClock = useKept<Record<string, HorizontalAxis>>('compare.axes', {}, areAxes)
  const axis = computed({
    get: () => {
      const found = axisOfClock.value[clock.value.label] ?? usualAxis(clock.value)
      return offered().includes(found) ? found : offered()[0]
    },
    set: (next) => (axisOfClock.value = { ...axisOfClock.value, [clock.value.label]: next }),
  })
  const choices = computed(() => axisChoices(clock.value, count.value, offered()))
  const quantity = computed(() => axisQuantity[axis.value])
  const endOf = (of: AxisQuantity) => Math.max(0, ...runs().map((run) => run[of]))
  const end = computed(() => endOf(quantity.value))
  const chosen = ref<number | null>(null)
  /** Before the clocks of studies nothing is measured. */
  const startOf = (of: AxisQuantity) => (of === 'tau' ? Math.min(endOf(of), ...runs().map((run) => run.firstTau)) : 0)
  const start = computed(() => startOf(quantity.value))
  const within = (to: number) => Math.max(start.value, Math.min(end.value, to))

  /** What a logarithmic track begins with: where a clock begins, or what one step advances the slowest run by. */
  const minOf = (of: AxisQuantity) =>
    Math.min(
      ...runs().flatMap((run) => {
        if (of === 'tau' && run.firstTau > 0) return run.firstTau
        return run.step > 0 && run[of] > 0 ? run[of] / run.step : []
      }),
    )
  function trackOn(on: HorizontalAxis): TrackAxis {
    const of = axisQuantity[on]
    const [min, max] = [minOf(of), endOf(of)]
    const itself = (position: number) => position
    const counted = of === 'step' && { isCounted: true as const }
    const linear = { kind: 'linear', ...counted, min: 0, end: max || 1, valueAt: itself, positionAt: itself } as const
    if (!isLogAxis(on) || min >= max) return linear
    return { ...linear, kind: 'log', min, ...(startOf(of) > 0 && { beginsAtMin: true }) }
  }
  const track = computed(() => trackOn(axis.value))
  const place = computed(() => within(chosen.value ?? alongTrack(track.value, start.value, 50)))
  const at = computed(() => (quantity.value === 'step' ? Math.round(place.value) : place.value))

  /** Along which runs go at an even pace. */
  function evenScale(of: AxisQuantity) {
    const even = { step: 'step', tau: usualAxis(clock.value), seconds: 'computeTime' } as const
    return trackScale(trackOn(even[of]), [0, 1000])
  }
  watch(
    quantity,
    (now, before) => {
      if (chosen.value !== null) chosen.value = evenScale(now).invert(evenScale(before).at(chosen.value))
    },
    { flush: 'sync' },
  )
  const go = (to: number) => (chosen.value = within(to))
  const move = (strides: number) => go(alongTrack(track.value, place.value, strides))

  const playing = ref(false)
  let timer = 0
  watch(playing, (plays) => {
    clearInterval(timer)
    if (!plays) return
    if (place.value >= end.value) go(0)
    timer = window.setInterval(() => {
      move(100 / (secondsOfAll * framesPerSecond))
      if (place.value >= end.value) playing.value = false
    }, 1000 / framesPerSecond)
  })
  onScopeDispose(() => clearInterval(timer))

  return {
    axis,
    choices,
    clock,
    count,
    quantity,
    at,
    end,
    track,
    playing,
    togglePlaying: () => (playing.value = !playing.value),
    go,
    move,
    toStart: () => go(0),
    toEnd: () => go(end.value),
  }
}

/** In what the events of runs are told beside an axis: a run's clock is not kept with them. */
export function eventTime(quantity: AxisQuantity): 'step' | 'tau' {
  return quantity === 'tau' ? 'tau' : 'step'
}

/** Of what had not come by the end of a run, in a table that says in what it tells the time. */
export function notBy(time: 'step' | 'tau', end: number): string {
  return `not by ${time === 'step' ? formatCount(end) : formatShort(end, 3)}`
}

/** Where a cursor is, as a sentence has it. */
export function describePlace({ quantity, at, clock, count }: CompareCursor, digits?: number): string {
  if (quantity.value === 'step') return `${count.value} ${formatCount(at.value)}`
  const value = formatNumber(at.value, digits)
  return quantity.value === 'tau' ? `${clock.value.symbol} = ${value}` : `${value} s of computing`
}

/** Of each clock, by its label. */
function areAxes(kept: unknown): boolean {
  return typeof kept === 'object' && kept !== null && Object.values(kept).every((axis) => horizontalAxes.includes(axis))
}
