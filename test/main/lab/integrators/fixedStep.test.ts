import { describe, expect, it } from 'vitest'
import type { Matrix } from '../../../../src/main/lab/backend/backend.ts'
import { tableaus } from '../../../../src/main/lab/integrators/tableaus.ts'
import { fixedStep } from '../../../../src/main/lab/integrators/fixedStep.ts'
import { backend, closedField, distanceFromSolution, numbersOf } from '../../../support/closedField.ts'
import { entriesOf } from '../../../support/entries.ts'

const { euler, heun, dormandPrince } = tableaus

describe.each([
  { name: 'Euler', tableau: euler },
  { name: 'Heun', tableau: heun },
  { name: 'Dormand–Prince', tableau: dormandPrince },
])('$name in fixed steps', ({ tableau }) => {
  it('reports the local error η‖f(y₁) − f(y₀)‖ / (2‖y₀‖), and the largest so far', () => {
    const field = closedField()
    const integrator = fixedStep(backend, field, 0.1, tableau)
    integrator.begin()
    expect(integrator.localError()).toBeNaN()
    const seen: number[] = []
    for (let i = 0; i < 20; i++) {
      const before = numbersOf(field.state)
      const start = velocityOf(field)
      integrator.step(0.1)
      const change = Math.hypot(...velocityOf(field).map((value, j) => value - start[j]!))
      const expected = (0.1 * change) / (2 * Math.hypot(...before))
      expect(integrator.localError()).toBeCloseTo(expected, 15)
      seen.push(integrator.localError())
    }
    expect(integrator.report().largestLocalError).toBe(Math.max(...seen))
    expect(seen.indexOf(Math.max(...seen))).toBeLessThan(19)
  })

  it('counts its steps and every evaluation of the field, also past a resumption', () => {
    const field = closedField()
    const integrator = fixedStep(backend, field, 0.1, tableau)
    integrator.begin()
    for (let i = 0; i < 7; i++) integrator.step(0.1)
    const report = integrator.report()
    expect(report).toMatchObject({ accepted: 7, rejected: 0, fieldEvaluations: field.evaluations })
    const resumed = fixedStep(backend, field, 0.1, tableau)
    resumed.restore(integrator.scalars())
    resumed.begin()
    expect(resumed.report()).toEqual(report)
    expect(resumed.scalars()).toEqual(integrator.scalars())
  })

  it('ends as DIVERGED where the velocity is not finite', () => {
    const field = closedField()
    const integrator = fixedStep(backend, field, 0.1, tableau)
    integrator.begin()
    integrator.step(0.1)
    field.onEvaluate = ([dx]) => (entriesOf(dx!)[0] = NaN)
    expect(() => integrator.step(0.1)).toThrow(expect.objectContaining({ code: 'DIVERGED' }))
    expect(() => fixedStep(backend, field, 0.1, tableau).begin()).toThrow(expect.objectContaining({ code: 'DIVERGED' }))
  })
})

it('takes a state at rest in the origin for no error', () => {
  const field = closedField()
  for (const M of field.state) entriesOf(M).fill(0)
  const integrator = fixedStep(backend, field, 0.1, euler)
  integrator.begin()
  integrator.step(0.1)
  expect(integrator.localError()).toBe(0)
})

it('the local error that Euler reports is the error it makes, to leading order', () => {
  const shares = [0.1, 0.01, 0.001].map((stepSize) => {
    const field = closedField()
    const start = Math.hypot(...numbersOf(field.state))
    const integrator = fixedStep(backend, field, stepSize, euler)
    integrator.begin()
    integrator.step(stepSize)
    return integrator.localError() / (distanceFromSolution(field, stepSize) / start)
  })
  const [coarse, middle, fine] = shares.map((share) => Math.abs(share - 1))
  expect(fine).toBeLessThan(2e-3)
  expect(middle! / fine!).toBeGreaterThan(7)
  expect(coarse! / middle!).toBeGreaterThan(7)
})

function velocityOf(field: ReturnType<typeof closedField>): number[] {
  const velocity = [backend.matrix(1, 1), backend.matrix(1, 2)]
  field.evaluate(velocity)
  field.evaluations -= 1
  return numbersOf(velocity)
}

it('measures a step from the origin by where it leads', () => {
  const x = backend.matrix(1, 1)
  // ẋ = 2 − x from 0.
  const field = {
    state: [x],
    evaluate: ([velocity]: readonly Matrix[]) => void (entriesOf(velocity!)[0] = 2 - entriesOf(x)[0]!),
  }
  const integrator = fixedStep(backend, field, 0.1, euler)
  integrator.begin()
  integrator.step(0.1)
  expect(integrator.localError()).toBeCloseTo((0.1 * 0.2) / (2 * 0.2), 15)
})
