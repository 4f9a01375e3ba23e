import type { TrackAxis } from '../../components/trackAxis.ts'
import type { StudyClock } from '../../../shared/studies/study.ts'
import type { Curve } from '../../../shared/run.ts'
import { axisOfStep, stepOfAxis, type RunAxis } from '../../../shared/curves/horizontalAxis.ts'

/**
 * The steps of a run, from 0 to `end`, on the axis that its curves stand on. The clock's values and the seconds of computing are
 * those of the rows that were measured; beyond them they grow evenly, to `tauAtEnd` and at the rate so far.
 */
export function stepTrack(
  axis: RunAxis,
  { curve, end, tauAtEnd, clock }: { curve: Curve | null; end: number; tauAtEnd: number; clock: StudyClock },
): TrackAxis {
  const itself = (step: number) => step
  const steps: TrackAxis = { kind: 'linear', isCounted: true, min: 0, end, valueAt: itself, positionAt: itself }
  if (axis === 'step') return steps
  if (axis === 'logStep') return { ...steps, kind: 'log', min: 1, end: Math.max(2, end) }
  const last = curve?.step.at(-1) ?? 0
  const reached = last > 0 ? axisOfStep(curve, axis, last) : 0
  const foreseen = axis === 'tau' ? tauAtEnd : (reached * end) / last
  const valueAtEnd = last < end && foreseen > reached ? foreseen : reached
  // Without decay no time passes, and before the first rows none is known: then steps stand on the axis.
  if (!(valueAtEnd > 0)) return steps
  const beyond = (at: number, [from, to]: [number, number], [low, high]: [number, number]) =>
    to > from ? low + ((at - from) / (to - from)) * (high - low) : low
  const first = axis === 'tau' && clock.scale === 'log' ? curve?.tau[0] : undefined
  return {
    kind: first === undefined ? 'linear' : 'log',
    min: first ?? 0,
    ...(first === undefined ? {} : { beginsAtMin: true }),
    end: valueAtEnd,
    valueAt: (step) =>
      step <= last ? axisOfStep(curve, axis, step) : beyond(step, [last, end], [reached, valueAtEnd]),
    positionAt: (value) =>
      value <= reached && last > 0 ? stepOfAxis(curve, axis, value) : beyond(value, [reached, valueAtEnd], [last, end]),
  }
}
