import { describe, expect, it } from 'vitest'
import { adaptiveStep } from '../../../../src/main/lab/integrators/adaptiveStep.ts'
import { tableaus } from '../../../../src/main/lab/integrators/tableaus.ts'
import { fixedStep } from '../../../../src/main/lab/integrators/fixedStep.ts'
import { matricesLike } from '../../../../src/main/lab/network/matrixLists.ts'
import type { VectorField } from '../../../../src/main/lab/network/vectorField.ts'
import { isolatedField } from '../../../../src/main/lab/dynamics/isolatedField.ts'
import { backend, closedField, integrate, logarithmicSlope, numbersOf } from '../../../support/closedField.ts'
import { smallNetwork } from '../../../support/smallNetwork.ts'
import { entriesOf } from '../../../support/entries.ts'

const { euler, heun, dormandPrince } = tableaus

/**
 * Of each method: its order p; the power of the tolerance that its error goes by (p over the order of the estimate); the
 * order in h of what dense output errs within one step.
 */
const methods = [
  { name: 'Euler', tableau: euler, order: 1, power: 1 / 2, denseOrder: 2 },
  { name: 'Heun', tableau: heun, order: 2, power: 1, denseOrder: 3 },
  { name: 'Dormand–Prince', tableau: dormandPrince, order: 5, power: 1, denseOrder: 5 },
]
const tolerances = [1e-5, 1e-6, 1e-7, 1e-8]
/** How far a measured slope may be from these, as a share of them. */
const allowed = 0.15

interface System {
  name: string
  /** How long it is followed. */
  time: number
  create(): VectorField
  /** Numbers of the state at a time. */
  solution(time: number): number[]
}

/** ẋ = Ax with A a decay of rate 1 and a rotation of rate 3: from (1, 0) the solution is e^(−t) (cos 3t, sin 3t). */
const spiral: System = {
  name: 'a decaying rotation',
  time: 2,
  create() {
    const x = backend.matrix(1, 2)
    entriesOf(x)[0] = 1
    return {
      state: [x],
      evaluate([velocity]) {
        entriesOf(velocity!)[0] = -entriesOf(x)[0]! - 3 * entriesOf(x)[1]!
        entriesOf(velocity!)[1] = 3 * entriesOf(x)[0]! - entriesOf(x)[1]!
      },
    }
  },
  solution: (time) => [Math.exp(-time) * Math.cos(3 * time), Math.exp(-time) * Math.sin(3 * time)],
}

const growing: System = {
  name: 'ẏ = y cos t',
  time: 4,
  create: closedField,
  solution: (time) => [Math.exp(Math.sin(time)), Math.cos(time), Math.sin(time)],
}

/** No solution in closed form is known: it is integrated to a tolerance of 1e-13. With a smaller ridge it is stiffer. */
const isolatedLayer: System = {
  name: 'an isolated layer',
  time: 1,
  create: () => isolatedField(smallNetwork('tanh'), 1),
  solution(time) {
    const field = isolatedLayer.create()
    const integrator = adaptiveStep(backend, field, 1e-3, 1e-13, dormandPrince)
    integrator.begin()
    integrate(integrator, time)
    return numbersOf(field.state)
  },
}

describe.each([spiral, growing, isolatedLayer])('on $name', ({ time, create, solution }) => {
  const end = solution(time)
  const passed = Array.from({ length: 20 }, (_, i) => ((i + 1) / 20) * time)
  const path = passed.map(solution)

  describe.each(methods)('$name', ({ tableau, order, power, denseOrder }) => {
    it('errs by the order of the method in fixed steps', () => {
      const counts = order === 5 ? [16, 32, 64] : [100, 200, 400, 800]
      const errors = counts.map((count) => {
        const field = create()
        const integrator = fixedStep(backend, field, time / count, tableau)
        integrator.begin()
        for (let i = 0; i < count; i++) integrator.step(time / count)
        return distance(field, end)
      })
      expectSlope(counts, errors, -order)
    })

    it('errs by a power of the tolerance in adaptive steps', () => {
      const errors = tolerances.map((tolerance) => {
        const { field, integrator } = started(1e-3, tolerance)
        integrate(integrator, time)
        return distance(field, end)
      })
      expectSlope(tolerances, errors, power)
    })

    it('errs by the same power wherever it is asked within the steps', () => {
      const errors = tolerances.map((tolerance) => {
        const { field, integrator } = started(1e-3, tolerance)
        let [from, to] = [0, 0]
        return Math.max(
          ...passed.map((at, i) => {
            while (to < at) [from, to] = [to, to + integrator.step(Infinity)]
            integrator.interpolate((at - from) / (to - from))
            return distance(field, path[i]!)
          }),
        )
      })
      expectSlope(tolerances, errors, power)
    })

    it('has dense output of its order within one step', () => {
      const lengths = [0.08, 0.04, 0.02, 0.01]
      const errors = lengths.map((length) => {
        const { field, integrator } = started(length, 1)
        integrator.step(length)
        return Math.max(
          ...[0.25, 0.5, 0.75].map((share) => {
            integrator.interpolate(share)
            return distance(field, solution(share * length))
          }),
        )
      })
      expectSlope(lengths, errors, denseOrder)
    })

    it('joins the ends of a step, with the slopes they have there', () => {
      const { field, integrator } = started(0.1, 1)
      const start = numbersOf(field.state)
      const slopeAtStart = slopeOf(field)
      integrator.step(0.1)
      const reached = numbersOf(field.state)
      const slopeAtEnd = slopeOf(field)
      const at = (share: number) => {
        integrator.interpolate(share)
        return numbersOf(field.state)
      }
      const near = 1e-6
      at(near).forEach((value, i) => {
        expect((value - start[i]!) / (near * 0.1)).toBeCloseTo(slopeAtStart[i]!, 3)
      })
      at(1 - near).forEach((value, i) => {
        expect((reached[i]! - value) / (near * 0.1)).toBeCloseTo(slopeAtEnd[i]!, 3)
      })
      expect(at(1)).toEqual(reached)
    })

    function started(firstStep: number, tolerance: number) {
      const field = create()
      const integrator = adaptiveStep(backend, field, firstStep, tolerance, tableau)
      integrator.begin()
      return { field, integrator }
    }
  })
})

function distance({ state }: VectorField, solution: readonly number[]): number {
  return Math.hypot(...numbersOf(state).map((value, i) => value - solution[i]!))
}

function slopeOf(field: VectorField): number[] {
  const velocity = matricesLike(backend, field.state)
  field.evaluate(velocity)
  return numbersOf(velocity)
}

function expectSlope(x: readonly number[], errors: readonly number[], slope: number): void {
  const share = logarithmicSlope(x, errors) / slope
  expect(Math.abs(share - 1), `a slope of ${share * slope}; ${errors.join(', ')}`).toBeLessThan(allowed)
}
