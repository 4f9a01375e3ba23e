import { describe, expect, it } from 'vitest'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { localExponents } from '../../../../src/main/lab/maps/localExponents.ts'
import { fitPowerLaw, type FactoredValue } from '../../../../src/main/lab/maps/powerLaw.ts'

const within = (value: number, ...factors: number[]): FactoredValue => ({ factors, value, isBeyond: false })

describe('a power law', () => {
  it('of two factors is found as it is', () => {
    const values = [0.1, 1, 3].flatMap((x) => [2, 4, 32].map((y) => within(5 * x ** -1.02 * y ** 0.37, x, y)))
    const law = fitPowerLaw(values)!
    expect(law.exponents[0]!.exponent).toBeCloseTo(-1.02, 10)
    expect(law.exponents[1]!.exponent).toBeCloseTo(0.37, 10)
    expect(law.prefactor).toBeCloseTo(5, 9)
    expect(law.rSquared).toBeCloseTo(1, 10)
    expect(law).toMatchObject({ fitted: 9 })
    for (const { standardError } of law.exponents) expect(standardError).toBeLessThan(1e-7)
  })

  // Least squares on (0, 0), (1, 1), (2, 1), by hand: slope 1/2, residual 1/6, standard error √(1/6/2).
  it('has the standard error and R² of the line through the logarithms', () => {
    const law = fitPowerLaw([0, 1, 1].map((log, at) => within(Math.exp(log), Math.exp(at))))!
    expect(law.exponents[0]!.exponent).toBeCloseTo(0.5, 12)
    expect(law.exponents[0]!.standardError).toBeCloseTo(Math.sqrt(1 / 12), 12)
    expect(law.rSquared).toBeCloseTo(0.75, 12)
  })

  it('leaves out values that are known to be larger only, and says how many', () => {
    const beyond = { factors: [16], value: 10, isBeyond: true }
    const law = fitPowerLaw([...[1, 2, 4, 8].map((x) => within(3 * x, x)), beyond])!
    expect(law.exponents[0]!.exponent).toBeCloseTo(1, 12)
    expect(law).toMatchObject({ fitted: 4 })
  })

  it('is none of too few values, of values that are not positive, and of factors that do not vary apart', () => {
    expect(fitPowerLaw([])).toBeNull()
    expect(fitPowerLaw([within(1, 1), within(2, 2)])).toBeNull()
    expect(fitPowerLaw([within(1, 1), within(0, 2), within(3, 3)])).toBeNull()
    expect(fitPowerLaw([within(1, 2), within(2, 2), within(3, 2)])).toBeNull()
    expect(fitPowerLaw([1, 2, 3, 4].map((x) => within(x, x, x * x)))).toBeNull()
  })

  it('is within twice its standard error in 92 to 98 of 100 simulated lines', () => {
    const generator = xoroshiro128plus(1)
    const noise = () =>
      Array.from({ length: 12 }, () => uniformFloat64(generator)).reduce((sum, each) => sum + each, -6)
    let covered = 0
    for (let line = 0; line < 1000; line++) {
      const xs = Array.from({ length: 20 }, (_, k) => 1.5 ** k)
      const law = fitPowerLaw(xs.map((x) => within(x ** -1.4 * Math.exp(0.3 * noise()), x)))!
      const { exponent, standardError } = law.exponents[0]!
      if (Math.abs(exponent + 1.4) <= 2 * standardError) covered += 1
    }
    expect(covered).toBeGreaterThanOrEqual(920)
    expect(covered).toBeLessThanOrEqual(980)
  })
})

describe('local exponents', () => {
  it('are those of the law, however the places are spaced', () => {
    const x = [1, 2, 3, 10, 11]
    for (const each of localExponents(
      x,
      x.map((at) => 7 * at ** -1.3),
    ))
      expect(each).toBeCloseTo(-1.3, 10)
  })

  it('are those of the parabola through a place and its neighbors', () => {
    const u = [0, 1, 3]
    const exponents = localExponents(
      u.map(Math.exp),
      u.map((at) => Math.exp(at * at)),
    )
    expect(exponents[1]).toBeCloseTo(2, 12)
    expect(exponents[0]).toBeCloseTo(1, 12)
    expect(exponents[2]).toBeCloseTo(4, 12)
  })

  it('reach across no gap', () => {
    const exponents = localExponents([1, 2, 4, 8, 16], [1, 2, NaN, 8, 16])
    expect(exponents.map((each) => Math.round(each))).toEqual([1, 1, NaN, 1, 1])
    expect(localExponents([1, 2, 4], [NaN, 2, NaN])).toEqual([NaN, NaN, NaN])
    expect(localExponents([0, 2], [1, 2])).toEqual([NaN, NaN])
  })
})
