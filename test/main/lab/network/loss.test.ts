import { describe, expect, it } from 'vitest'
import { plainBackend } from '../../../../src/main/lab/backend/plain.ts'
import type { Matrix } from '../../../../src/main/lab/backend/backend.ts'
import { createLoss } from '../../../../src/main/lab/network/createLoss.ts'
import { losses } from '../../../../src/shared/dynamics/losses.ts'
import { entriesOf } from '../../../support/entries.ts'

const backend = plainBackend('float64')
const samples = 4
const outputs = 5
const reductions = ['mean', 'sum'] as const
const cases = losses.flatMap((loss) => reductions.map((reduction) => ({ loss, reduction })))

function matrix(entry: (i: number, o: number) => number): Matrix {
  const M = backend.matrix(samples, outputs)
  for (let at = 0; at < entriesOf(M).length; at++) entriesOf(M)[at] = entry(Math.floor(at / outputs), at % outputs)
  return M
}

const target = (i: number) => (3 * i) % outputs
const Y = matrix((i, o) => (o === target(i) ? 1 : 0))
const residual = () => matrix((i, o) => Math.sin(1 + 7 * i + 3 * o))
const cotangent = matrix(() => NaN)

describe('losses of the outputs', () => {
  it.each(cases)('has the cotangent of central differences ($loss, $reduction)', ({ loss, reduction }) => {
    const objective = createLoss(backend, { loss, reduction }, samples, outputs)
    const at = residual()
    objective.evaluate(at, Y, cotangent)
    const claimed = entriesOf(cotangent).slice()
    const h = 1e-5
    claimed.forEach((value, entry) => {
      const shifted = (by: number) => {
        const moved = residual()
        entriesOf(moved)[entry]! += by
        return objective.evaluate(moved, Y, cotangent)
      }
      expect((shifted(h) - shifted(-h)) / (2 * h)).toBeCloseTo(value, 8)
    })
  })

  it('takes the squared error as a mean over entries, the cross-entropy as a mean over samples', () => {
    const value = (loss: (typeof losses)[number], reduction: 'mean' | 'sum') =>
      createLoss(backend, { loss, reduction }, samples, outputs).evaluate(residual(), Y, cotangent)
    expect(value('meanSquaredError', 'mean')).toBeCloseTo(value('meanSquaredError', 'sum') / (samples * outputs), 14)
    expect(value('crossEntropy', 'mean')).toBeCloseTo(value('crossEntropy', 'sum') / samples, 14)
  })

  it('gives equal outputs a cross-entropy of log o, and does not overflow on large ones', () => {
    const objective = createLoss(backend, { loss: 'crossEntropy', reduction: 'mean' }, samples, outputs)
    const equal = matrix((i, o) => 3 - (o === target(i) ? 1 : 0))
    expect(objective.evaluate(equal, Y, cotangent)).toBeCloseTo(Math.log(outputs), 14)
    const wrong = matrix((i, o) => (o === (target(i) + 1) % outputs ? 1e4 : 0) - (o === target(i) ? 1 : 0))
    expect(objective.evaluate(wrong, Y, cotangent)).toBe(1e4)
    const right = matrix((i, o) => (o === target(i) ? 1e4 - 1 : 0))
    expect(objective.evaluate(right, Y, cotangent)).toBe(0)
  })

  it('rounds every number of a cross-entropy in float32, and collapses where float32 does', () => {
    const evaluate = (margin: number, lossPrecision: 'float32' | 'float64') => {
      const outputs = matrix((i, o) => (o === target(i) ? margin - 1 : Math.fround(Math.sin(1 + 7 * i + 3 * o))))
      const loss = createLoss(backend, { loss: 'crossEntropy', reduction: 'mean', lossPrecision }, samples, Y.columns)
      return { value: loss.evaluate(outputs, Y, cotangent), gradient: entriesOf(cotangent).slice() }
    }
    const isSingle = (value: number) => Math.fround(value) === value
    const rights = Array.from({ length: samples }, (_, i) => i * outputs + target(i))
    for (const margin of [1, 5, 12]) {
      const single = evaluate(margin, 'float32')
      const double = evaluate(margin, 'float64')
      expect([single.value, ...single.gradient].every(isSingle)).toBe(true)
      expect([double.value, ...double.gradient].every(isSingle)).toBe(false)
      expect(Math.abs(single.value - double.value)).toBeLessThan(3e-7)
      single.gradient.forEach((value, at) => expect(Math.abs(value - double.gradient[at]!)).toBeLessThan(3e-7))
    }
    const collapsed = evaluate(20, 'float32')
    expect(collapsed.value).toBe(0)
    expect(rights.map((at) => collapsed.gradient[at])).toEqual(rights.map(() => 0))
    // What is left pushes the wrong classes down, and nothing balances it.
    expect(Math.max(...collapsed.gradient)).toBeGreaterThan(0)
    expect(evaluate(20, 'float64').value).toBeGreaterThan(0)
    expect(evaluate(20, 'float64').gradient[rights[0]!]).toBeLessThan(0)
  })
})
