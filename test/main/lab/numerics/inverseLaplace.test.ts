import { expect, it } from 'vitest'
import { add, complex, divide, multiply, scale, type Complex } from '../../../../src/main/lab/numerics/complex.ts'
import { laplaceContour } from '../../../../src/main/lab/numerics/inverseLaplace.ts'

const one = complex(1)

/** Transforms on the negative real axis and their originals. */
const pairs: [string, (s: Complex) => Complex, (tau: number) => number][] = [
  ['1', (s) => divide(one, s), () => 1],
  ['e^(−τ)', (s) => divide(one, add(s, one)), (tau) => Math.exp(-tau)],
  ['e^(−τ/10⁴)', (s) => divide(one, add(s, complex(1e-4))), (tau) => Math.exp(-tau / 1e4)],
  ['τ e^(−τ)', (s) => divide(one, multiply(add(s, one), add(s, one))), (tau) => tau * Math.exp(-tau)],
]

it.each(pairs)('gives %s of its transform at every time', (_, transform, original) => {
  for (const tau of [1e-3, 0.1, 1, 30, 1e5]) {
    const found = laplaceContour(tau).reduce((sum, { s, weight }) => sum + multiply(weight, transform(s)).re, 0)
    expect(Math.abs(found - original(tau))).toBeLessThan(1e-11)
  }
})

it('has nodes that are conjugate in pairs, and stretches with the time', () => {
  const [at1, at5] = [laplaceContour(1), laplaceContour(5)]
  at1.forEach(({ s, weight }, k) => {
    const mirror = at1[at1.length - 1 - k]!
    expect(s.re).toBeCloseTo(mirror.s.re, 12)
    expect(s.im).toBeCloseTo(-mirror.s.im, 12)
    expect(scale(5, at5[k]!.s).re).toBeCloseTo(s.re, 10)
    expect(scale(5, at5[k]!.weight).re).toBeCloseTo(weight.re, 10)
  })
})
