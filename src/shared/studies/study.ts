import type { Problem } from '../specification/problem.ts'

/** What stands on the horizontal axis of a study's curves: a flow time, a width, a ridge. */
export interface StudyClock {
  /** In lower case, as it stands on the axis. */
  label: string
  /** Marked for `setSymbols`. */
  symbol: string
  unit: string
  scale: 'linear' | 'log'
}

export interface StudyCurve<Measurement extends string> {
  measurement: Measurement
  name: string
  /** Whether it depends on the seed, and so is drawn for each run beside their mean; a theory need be drawn once. */
  isDrawnBySeed: boolean
}

/** What a study draws together, the curve that it is about first. */
export interface StudyPanel<Measurement extends string> {
  title: string
  /** Marked for `setSymbols`. */
  caption: string
  curves: readonly StudyCurve<Measurement>[]
}

/**
 * What a kind of study says of itself before it is computed. A study is what does not compose from task, network and
 * dynamics: it is measured at places 0 … `lastPlace` of a clock of its own, whose values ascend. Its other half, in
 * `lab/studies`, computes them; a run's `step` is the place, its `tau` the clock's value there.
 */
export interface StudyDescription<Spec, Measurement extends string> {
  /** In lower case. */
  label: string
  /** Of one study, marked for `setSymbols`. */
  title(spec: Spec): string
  clock: StudyClock
  lastPlace(spec: Spec): number
  /** The clock's value at a place, or between two. */
  clockAt(spec: Spec, place: number): number
  /** All that it measures, as it is drawn; the first is what it is about. */
  panels: readonly StudyPanel<Measurement>[]
  /** The arrays that may be kept of each place, with their shapes. */
  arrays(spec: Spec): Readonly<Record<string, { rows: number; columns: number }>>
  /** Multiply-adds before the first place and of each, and the bytes of what is held meanwhile. */
  work(spec: Spec): { start: number; place: number; memoryBytes: number }
  /** Fields that are right alone and do not fit each other. */
  problems(spec: Spec): Problem[]
}
