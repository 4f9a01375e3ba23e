import { expect, it } from 'vitest'
import { euler } from '../../../../src/main/lab/integrators/euler.ts'
import { backend, errorsOfEqualSteps, logarithmicSlope } from '../../../support/closedField.ts'

it('has order 1', () => {
  const counts = [100, 200, 400, 800]
  const errors = errorsOfEqualSteps((field, stepSize) => euler(backend, field, stepSize), counts)
  const order = -logarithmicSlope(counts, errors)
  expect(Math.abs(order - 1)).toBeLessThan(0.05)
})
