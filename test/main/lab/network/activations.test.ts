import { describe, expect, it } from 'vitest'
import { activationFunctions } from '../../../../src/main/lab/network/activations.ts'
import { activations } from '../../../../src/shared/models/models.ts'

const points = Array.from({ length: 161 }, (_, i) => (i - 80) / 16)

describe.each([...activations])('%s', (activation) => {
  const { value, derivative } = activationFunctions[activation]

  it('has the derivative of central differences, of order h⁴', () => {
    // A corner at 0 has no derivative; every other point is a sixteenth away from it.
    for (const z of points.filter((point) => point !== 0)) {
      const h = 1e-3
      const slope = (8 * (value(z + h) - value(z - h)) - (value(z + 2 * h) - value(z - 2 * h))) / (12 * h)
      expect(Math.abs(derivative(z) - slope)).toBeLessThan(1e-11)
    }
  })

  it('is continuous at 0, with the derivative from the left', () => {
    expect(Math.abs(value(1e-9) - value(-1e-9))).toBeLessThan(3e-9)
    expect(derivative(0)).toBeCloseTo(derivative(-1e-12), 11)
  })
})

it('takes the values that define each', () => {
  for (const z of points) {
    expect(activationFunctions.relu.value(z)).toBe(Math.max(z, 0))
    expect(activationFunctions.leakyRelu.value(z)).toBeCloseTo(z > 0 ? z : z / 10, 15)
    expect(activationFunctions.quadratic.value(z)).toBe(z ** 2)
    expect(activationFunctions.tanh.value(z)).toBeCloseTo(1 - 2 / (Math.exp(2 * z) + 1), 15)
    expect(activationFunctions.identity.value(z)).toBe(z)
  }
})

describe('gelu', () => {
  const { value } = activationFunctions.gelu

  it('is z·Φ(z): the share of z above and below makes z, and Φ is that of tables', () => {
    for (const z of points) expect(value(z) - value(-z)).toBeCloseTo(z, 14)
    // Φ(1), Φ(2), Φ(3) to 15 digits (Abramowitz & Stegun, table 26.1).
    expect(value(1)).toBeCloseTo(0.841344746068543, 14)
    expect(value(2)).toBeCloseTo(2 * 0.977249868051821, 14)
    expect(value(3)).toBeCloseTo(3 * 0.99865010196837, 14)
  })

  it('keeps its relative accuracy far below zero, where 1 − Φ(−z) would be lost to rounding', () => {
    // Φ(−x) = φ(x)/x·(1 − 1/x² + 3/x⁴ − 15/x⁶ + 105/x⁸ …), alternating: the error is below the next term.
    const x = 20
    const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)
    const series = 1 - x ** -2 + 3 * x ** -4 - 15 * x ** -6 + 105 * x ** -8 - 945 * x ** -10
    expect(Math.abs(value(-x) / (-density * series) - 1)).toBeLessThan(1e-11)
  })
})
