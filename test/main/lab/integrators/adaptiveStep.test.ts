import { describe, expect, it } from 'vitest'
import { adaptiveStep } from '../../../../src/main/lab/integrators/adaptiveStep.ts'
import { tableaus } from '../../../../src/main/lab/integrators/tableaus.ts'
import { LabError } from '../../../../src/shared/errors.ts'
import { backend, integrate, closedField, distanceFromSolution } from '../../../support/closedField.ts'
import { entriesOf } from '../../../support/entries.ts'

const { euler, heun, dormandPrince } = tableaus

describe.each([
  { name: 'Euler', tableau: euler, tolerance: 1e-5, evaluationsPerStep: 1 },
  { name: 'Heun', tableau: heun, tolerance: 1e-5, evaluationsPerStep: 2 },
  { name: 'Dormand–Prince', tableau: dormandPrince, tolerance: 1e-8, evaluationsPerStep: 6 },
])('adaptive $name', ({ tableau, tolerance, evaluationsPerStep }) => {
  function started(firstStep = 1e-3) {
    const field = closedField()
    const integrator = adaptiveStep(backend, field, firstStep, tolerance, tableau)
    integrator.begin()
    return { field, integrator }
  }

  it('holds its tolerance in every accepted step, and uses most of it', () => {
    const { integrator } = started()
    const errors: number[] = []
    integrate(integrator, 4, () => errors.push(integrator.localError()))
    expect(Math.max(...errors)).toBeLessThanOrEqual(tolerance)
    expect(errors.toSorted((a, b) => a - b)[Math.floor(errors.length / 2)]).toBeGreaterThan(tolerance / 10)
  })

  it('reaches an asked end exactly, and its stops on the way cost few steps and no accuracy', () => {
    const free = started()
    const lengths = integrate(free.integrator, 4)
    const stopped = started()
    let steps = 0
    for (let stop = 0; stop < 4; stop++) {
      const parts = integrate(stopped.integrator, 1)
      expect(parts.every((length) => length > 0)).toBe(true)
      steps += parts.length
    }
    expect(steps).toBeLessThanOrEqual(lengths.length + 8)
    expect(distanceFromSolution(stopped.field, 4)).toBeLessThan(2 * distanceFromSolution(free.field, 4))
  })

  it('rejects a first step that is too long, and counts every step and evaluation', () => {
    const { field, integrator } = started(2)
    const lengths = integrate(integrator, 4)
    const { accepted, rejected, fieldEvaluations, largestLocalError } = integrator.report()
    expect(accepted).toBe(lengths.length)
    expect(rejected).toBeGreaterThan(0)
    expect(fieldEvaluations).toBe(field.evaluations)
    expect(largestLocalError).toBe(0)
    // Each step errs by no more than the tolerance times ‖y‖ < 3, and no error grows more than e²-fold.
    expect(distanceFromSolution(field, 4)).toBeLessThan(accepted * tolerance * 3 * Math.E ** 2)
  })

  it('counts a trial state where the field is undefined or not finite as rejected, and goes on', () => {
    const undisturbed = started()
    integrate(undisturbed.integrator, 2)
    const failures: NonNullable<(typeof undisturbed)['field']['onEvaluate']>[] = [
      () => {
        throw new LabError('NOT_POSITIVE_DEFINITE', 'a trial state')
      },
      ([velocity]) => (entriesOf(velocity!)[0] = NaN),
      ([velocity]) => (entriesOf(velocity!)[0] = -Infinity),
    ]
    for (const fail of failures) {
      for (let failing = 1; failing <= evaluationsPerStep; failing++) {
        const { field, integrator } = started()
        integrate(integrator, 1)
        const { rejected } = integrator.report()
        let evaluation = 0
        field.onEvaluate = (velocity) => {
          if (++evaluation === failing) fail(velocity)
        }
        integrate(integrator, 1)
        expect(integrator.report().rejected).toBe(rejected + 1)
        expect(integrator.report().fieldEvaluations).toBe(field.evaluations)
        expect(distanceFromSolution(field, 2)).toBeLessThan(2 * distanceFromSolution(undisturbed.field, 2))
      }
    }
  })

  it('passes a state at rest in the origin in the longest steps', () => {
    const { field, integrator } = started(1)
    for (const M of field.state) entriesOf(M).fill(0)
    integrator.begin()
    expect(integrate(integrator, 30)).toEqual([1, 5, 24])
  })

  it('does not take a defect, or a device that is lost, for a rejected step', () => {
    for (const failure of [new TypeError('a defect'), new LabError('BACKEND_UNAVAILABLE', 'the card is gone')]) {
      const { field, integrator } = started()
      field.onEvaluate = () => {
        throw failure
      }
      expect(() => integrator.step(1)).toThrow(failure)
    }
  })

  it('ends as DIVERGED where no step is short enough, and at a start without a finite velocity', () => {
    const { field, integrator } = started()
    field.onEvaluate = ([dx]) => (entriesOf(dx!)[0] = NaN)
    expect(() => integrator.step(1)).toThrow(expect.objectContaining({ code: 'DIVERGED' }))
    expect(() => adaptiveStep(backend, field, 1, tolerance, tableau).begin()).toThrow(
      expect.objectContaining({ code: 'DIVERGED' }),
    )
  })

  it('goes on from its state and scalars with the same bits, the step it proposes and its counts included', () => {
    const whole = started()
    integrate(whole.integrator, 1)
    const saved = { state: whole.field.state.map((M) => entriesOf(M).slice()), scalars: whole.integrator.scalars() }
    const resumed = { field: closedField() }
    resumed.field.state.forEach((M, i) => entriesOf(M).set(saved.state[i]!))
    const integrator = adaptiveStep(backend, resumed.field, 1e-3, tolerance, tableau)
    integrator.restore(saved.scalars)
    integrator.begin()
    expect(integrator.scalars()).toEqual(saved.scalars)
    expect(integrate(integrator, 1)).toEqual(integrate(whole.integrator, 1))
    expect(resumed.field.state).toEqual(whole.field.state)
    expect(integrator.scalars()).toEqual(whole.integrator.scalars())
    expect(integrator.report()).toEqual(whole.integrator.report())
  })
})
