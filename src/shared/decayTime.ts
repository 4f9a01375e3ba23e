import type { ComposedRunSpec, TrainingSpec } from './experiment.ts'
import { limits } from './specification/limits.ts'
import type { DynamicsSpec } from './dynamics/dynamics.ts'
import { changed, valueAt, type Change, type SpecDraft } from './specification/paths.ts'
import { isDecoupled } from './training.ts'

export type Clocked = Pick<ComposedRunSpec, 'dynamics' | 'interventions'>

/** A run's clock at a step (or between two): the decay time of each step before, under the rate and decay then in force. */
export function decayTimeAt({ dynamics, interventions }: Clocked, step: number): number {
  if (dynamics.kind !== 'training') return tauPerStep(dynamics) * step
  const changes = interventions.flatMap((entry) => (entry.kind === 'setWeightDecay' ? [entry.at] : []))
  const starts = [...new Set([0, ...changes])].sort((a, b) => a - b).filter((start) => start < step)
  return starts.reduce((tau, start, i) => {
    const weightDecay = weightDecayAt({ dynamics, interventions }, start)
    return tau + tauPerStep({ ...dynamics, weightDecay }) * sumOfShares(dynamics, start, starts[i + 1] ?? step)
  }, 0)
}

/** The fewest whole steps that make a run whose clock gets to a decay time; null where the most that are allowed do not. */
export function stepsToDecayTime({ dynamics, interventions }: Clocked, decayTime: number): number | null {
  return firstStep(0, (steps) => isReached({ dynamics: { ...dynamics, steps }, interventions }, steps, decayTime))
}

/** The first step after another at which a run's clock has gone a decay time further; null where it never does. */
export function stepOfDecayTimeAfter(run: Clocked, step: number, decayTime: number): number | null {
  const target = decayTimeAt(run, step) + decayTime
  return firstStep(step, (later) => isReached(run, later, target))
}

/** A sum that rounding keeps just below has got there. */
function isReached(run: Clocked, step: number, decayTime: number): boolean {
  return decayTimeAt(run, step) >= decayTime * (1 - 1e-12)
}

/** By bisection: what holds of a step holds of those after it. */
function firstStep(after: number, holds: (step: number) => boolean): number | null {
  let [below, enough] = [after, limits.steps.max as number]
  if (!holds(enough)) return null
  while (enough - below > 1) {
    const middle = Math.floor((below + enough) / 2)
    if (holds(middle)) enough = middle
    else below = middle
  }
  return enough
}

/**
 * Changes of a draft that then says its length, and how long it goes on after an event, once: by steps where they are set,
 * else by a decay time, from which the steps follow anew whatever else changes.
 */
export function withOneLength(changes: Change[], draft: SpecDraft): Change[] {
  const next = changed(draft, changes)
  const lost = ['dynamics', 'stop'].flatMap((part): Change[] => {
    const [steps, decayTime] = [`${part}.steps`, `${part}.decayTime`]
    if ([steps, decayTime].some((path) => valueAt(next, path) === undefined)) return []
    const [isBySteps, isByTime] = [steps, decayTime].map((path) => changes.some((change) => change.path === path))
    // Of both it is said that they are two.
    if (isBySteps && isByTime) return []
    return [{ path: isBySteps ? decayTime : steps, value: undefined }]
  })
  return [...changes, ...lost]
}

/** The weight decay that the step from `step` to `step + 1` of a training run is taken under. */
export function weightDecayAt({ dynamics, interventions }: Clocked & { dynamics: TrainingSpec }, step: number): number {
  let since = 0
  let value = dynamics.weightDecay
  for (const entry of interventions) {
    if (entry.kind === 'setWeightDecay' && entry.at <= step && entry.at >= since) {
      since = entry.at
      value = entry.value
    }
  }
  return value
}

/**
 * η_t, the learning rate that the step from t to t + 1 of a training run is taken with. Under a schedule of warm-up k,
 * length T and floor m it is η·t/k for t < k; then η, or with a cosine η·(m + (1 − m)(1 + cos(π(t − k)/(T − k)))/2) to
 * t = T, and η·m from there: `get_cosine_with_min_lr_schedule_with_warmup` of transformers.
 */
export function learningRateAt(dynamics: TrainingSpec, step: number): number {
  return dynamics.learningRate * rateShare(dynamics, step)
}

/** η_t/η. */
function rateShare(dynamics: TrainingSpec, step: number): number {
  if (!dynamics.schedule) return 1
  const { warmupSteps, end, floor } = phasesOf(dynamics, dynamics.schedule)
  if (step < warmupSteps) return step / warmupSteps
  if (step >= end) return floor
  return floor + ((1 - floor) * (1 + Math.cos((Math.PI * (step - warmupSteps)) / (end - warmupSteps)))) / 2
}

/** A warm-up, a cosine from there to `end`, and the floor after it; without a cosine the floor is the full rate. */
function phasesOf({ steps }: TrainingSpec, schedule: NonNullable<TrainingSpec['schedule']>) {
  const { shape, warmupSteps, floor } = schedule
  return shape === 'cosine'
    ? { warmupSteps, end: schedule.steps ?? steps, floor }
    : { warmupSteps, end: warmupSteps, floor: 1 }
}

/** Σ η_t/η over the steps from one to before another, in closed form; of one that is not whole, its part. */
function sumOfShares(dynamics: TrainingSpec, from: number, to: number): number {
  if (!dynamics.schedule) return to - from
  const { warmupSteps, end, floor } = phasesOf(dynamics, dynamics.schedule)
  const last = Math.floor(to)
  const within = (start: number, stop: number) => {
    const first = Math.max(from, start)
    return { first, count: Math.max(0, Math.min(last, stop) - first) }
  }
  const rise = within(0, warmupSteps)
  const fall = within(warmupSteps, end)
  const rest = within(end, Infinity)
  const angle = Math.PI / (end - warmupSteps)
  // Σ_(j<n) cos(α(a + j)) = cos(α(a + (n − 1)/2))·sin(αn/2)/sin(α/2).
  const cosines =
    fall.count === 0
      ? 0
      : (Math.cos(angle * (fall.first - warmupSteps + (fall.count - 1) / 2)) * Math.sin((angle * fall.count) / 2)) /
        Math.sin(angle / 2)
  return (
    (rise.count === 0 ? 0 : (rise.count * (2 * rise.first + rise.count - 1)) / (2 * warmupSteps)) +
    floor * fall.count +
    ((1 - floor) * (fall.count + cosines)) / 2 +
    floor * rest.count +
    (to - last) * rateShare(dynamics, last)
  )
}

/**
 * One step of the run's clock in decay time, before any intervention and at the full learning rate. Momentum β makes a
 * decay that is part of the gradient act 1/(1 − β) times over, so that training's clock runs at η·wd/(1 − β) there, at
 * η·wd otherwise.
 */
export function tauPerStep(dynamics: DynamicsSpec): number {
  if (dynamics.kind === 'training') {
    const { learningRate, weightDecay, optimizer } = dynamics
    const isRepeated = optimizer.kind === 'momentum' && !isDecoupled(dynamics)
    return (learningRate * weightDecay) / (isRepeated ? 1 - optimizer.momentum : 1)
  }
  // Under −∇(L + λ‖θ‖²) the decay rate is 2λ.
  const rate = dynamics.kind === 'gradientFlow' ? 2 * dynamics.ridge : 1
  return rate * dynamics.integrator.stepSize
}
