import { describe, expect, it } from 'vitest'
import { adaptiveHeun, heun } from '../../../../src/main/lab/integrators/heun.ts'
import {
  backend,
  errorsOfEqualSteps,
  integrate,
  logarithmicSlope,
  closedField,
  distanceFromSolution,
} from '../../../support/closedField.ts'

const counts = [50, 100, 200, 400]

it('has order 2 with a fixed step', () => {
  const errors = errorsOfEqualSteps((field, stepSize) => heun(backend, field, stepSize), counts)
  expect(Math.abs(-logarithmicSlope(counts, errors) - 2)).toBeLessThan(0.1)
})

describe('adaptive', () => {
  it('has order 2 where it is kept to equal steps, with the bits of the fixed step but for rounding', () => {
    const errors = errorsOfEqualSteps((field, stepSize) => adaptiveHeun(backend, field, stepSize, 1), counts)
    const fixed = errorsOfEqualSteps((field, stepSize) => heun(backend, field, stepSize), counts)
    errors.forEach((error, i) => expect(Math.abs(error - fixed[i]!)).toBeLessThan(1e-13))
  })

  it('has an error in proportion to its tolerance: both are of order h²', () => {
    const tolerances = [1e-4, 1e-5, 1e-6, 1e-7]
    const errors = tolerances.map((tolerance) => {
      const field = closedField()
      const integrator = adaptiveHeun(backend, field, 1e-3, tolerance)
      integrator.begin()
      integrate(integrator, 4)
      return distanceFromSolution(field, 4)
    })
    expect(Math.abs(logarithmicSlope(tolerances, errors) - 1)).toBeLessThan(0.15)
  })
})
