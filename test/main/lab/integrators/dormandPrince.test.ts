import { expect, it } from 'vitest'
import { dormandPrince } from '../../../../src/main/lab/integrators/dormandPrince.ts'
import {
  backend,
  errorsOfEqualSteps,
  integrate,
  logarithmicSlope,
  closedField,
  distanceFromSolution,
} from '../../../support/closedField.ts'

it('has order 5 where it is kept to equal steps', () => {
  const counts = [20, 40, 80, 160]
  const errors = errorsOfEqualSteps((field, stepSize) => dormandPrince(backend, field, stepSize, 1), counts)
  expect(Math.abs(-logarithmicSlope(counts, errors) - 5)).toBeLessThan(0.25)
})

it('has an error in proportion to its tolerance: both are of order h⁵', () => {
  const tolerances = [1e-5, 1e-6, 1e-7, 1e-8, 1e-9]
  const errors = tolerances.map((tolerance) => {
    const field = closedField()
    const integrator = dormandPrince(backend, field, 1e-3, tolerance)
    integrator.begin()
    integrate(integrator, 4)
    return distanceFromSolution(field, 4)
  })
  expect(Math.abs(logarithmicSlope(tolerances, errors) - 1)).toBeLessThan(0.2)
})
