import { describe, expect, it } from 'vitest'
import { complementaryErrorFunction } from '../../../../src/main/lab/network/complementaryErrorFunction.ts'

describe('complementaryErrorFunction', () => {
  it.each([
    [0.5, 0.4795001221869535],
    [1, 0.15729920705028513],
    [2, 0.004677734981047266],
    [3, 2.209049699858544e-5],
    [6, 2.1519736712498913e-17],
    [26, 5.663192408856143e-296],
    [-1, 1.842700792949715],
    [-3, 1.9999779095030015],
  ])('of %d has its known value', (x, expected) => {
    expect(Math.abs(complementaryErrorFunction(x) / expected - 1)).toBeLessThan(1e-15)
  })

  it('has the sum 2 at x and −x, and falls without a step where the approximations meet', () => {
    const joins = [0.25, 0.84375, 1.25, 1 / 0.35]
    for (const x of [0, 0.1, ...joins, 5, 10]) {
      expect(complementaryErrorFunction(x) + complementaryErrorFunction(-x)).toBeCloseTo(2, 15)
    }
    for (const x of joins) {
      const [before, after] = [complementaryErrorFunction(x * (1 - 1e-15)), complementaryErrorFunction(x)]
      expect(Math.abs(before - after)).toBeLessThan(1e-13 * after)
    }
  })

  it('has the derivative −2e^(−x²)/√π', () => {
    for (let x = -4; x < 4; x += 0.37) {
      const difference = (complementaryErrorFunction(x + 1e-5) - complementaryErrorFunction(x - 1e-5)) / 2e-5
      expect(difference).toBeCloseTo((-2 / Math.sqrt(Math.PI)) * Math.exp(-x * x), 9)
    }
  })

  it('has its limits, and NaN for NaN', () => {
    expect([40, Infinity, -40, -Infinity].map(complementaryErrorFunction)).toEqual([0, 0, 2, 2])
    expect(complementaryErrorFunction(NaN)).toBeNaN()
  })
})
