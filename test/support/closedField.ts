import type { Matrix } from '../../src/main/lab/backend/backend.ts'
import { plainBackend } from '../../src/main/lab/backend/plain.ts'
import type { Integrator } from '../../src/main/lab/integrators/integrator.ts'
import type { VectorField } from '../../src/main/lab/network/vectorField.ts'
import { entriesOf } from './entries.ts'

export const backend = plainBackend('float64')

interface ClosedField extends VectorField {
  evaluations: number
  /** What an evaluation does besides; may throw. */
  onEvaluate?: (velocity: readonly Matrix[]) => void
}

/** ẏ = y·cos t, whose solution from 1 is e^(sin t); the clock (cos t, sin t) is part of the state, in a second matrix. */
export function closedField(): ClosedField {
  const [y, clock] = [backend.matrix(1, 1), backend.matrix(1, 2)]
  entriesOf(y)[0] = 1
  entriesOf(clock)[0] = 1
  return {
    state: [y, clock],
    evaluations: 0,
    evaluate([velocity, turning]) {
      this.evaluations += 1
      const [cosine, sine] = entriesOf(clock)
      entriesOf(velocity!)[0] = entriesOf(y)[0]! * cosine!
      entriesOf(turning!)[0] = -sine!
      entriesOf(turning!)[1] = cosine!
      this.onEvaluate?.([velocity!, turning!])
    },
  }
}

/** Distance of the state from the solution at a time. */
export function distanceFromSolution({ state: [y, clock] }: VectorField, time: number): number {
  const [cosine, sine] = entriesOf(clock!)
  return Math.hypot(entriesOf(y!)[0]! - Math.exp(Math.sin(time)), cosine! - Math.cos(time), sine! - Math.sin(time))
}

/** All numbers of a state. */
export function numbersOf(state: readonly Matrix[]): number[] {
  return state.flatMap((M) => [...entriesOf(M)])
}

/** Moves on by a time in steps of the integrator's own choice; the length of each. */
export function integrate(integrator: Integrator, time: number, afterStep: () => void = () => {}): number[] {
  const lengths: number[] = []
  for (let remaining = time; remaining > 0;) {
    const length = integrator.step(remaining)
    lengths.push(length)
    afterStep()
    remaining = length === remaining ? 0 : remaining - length
  }
  return lengths
}

/** Slope of the straight line through (log x, log y), by least squares. */
export function logarithmicSlope(x: readonly number[], y: readonly number[]): number {
  const [u, v] = [x.map(Math.log), y.map(Math.log)]
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [meanU, meanV] = [mean(u), mean(v)]
  const covariance = mean(u.map((value, i) => (value - meanU) * (v[i]! - meanV)))
  return covariance / mean(u.map((value) => (value - meanU) ** 2))
}
