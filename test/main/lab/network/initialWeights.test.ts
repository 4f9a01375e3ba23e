import { describe, expect, it } from 'vitest'
import { plainBackend } from '../../../../src/main/lab/backend/plain.ts'
import { drawInitialWeights } from '../../../../src/main/lab/network/initialWeights.ts'
import type { InitializationSpec } from '../../../../src/shared/experiment.ts'
import { entriesOf } from '../../../support/entries.ts'

const p = 37

function draw(spec: InitializationSpec, seed = 0, hidden = 256) {
  const backend = plainBackend('float64')
  const [E, W] = [backend.matrix(p, hidden), backend.matrix(hidden, p)]
  drawInitialWeights(backend, spec, seed, E, W)
  return { E: entriesOf(E), W: entriesOf(W) }
}

/** Root mean square over what is wanted; its own standard deviation is about 1/√(2N), and N = 9472. */
function ratio(values: ArrayLike<number>, deviation: number): number {
  return Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0) / values.length) / deviation
}

describe('initial weights', () => {
  it.each([
    { standardDeviation: 'p^-1/2', deviation: p ** -0.5 },
    { standardDeviation: 'p^-1/4', deviation: p ** -0.25 },
    { standardDeviation: 0.3, deviation: 0.3 },
  ] as const)('normal, $standardDeviation', ({ standardDeviation, deviation }) => {
    const { E, W } = draw({ kind: 'normal', standardDeviation })
    expect(Math.abs(ratio(E, deviation) - 1)).toBeLessThan(0.03)
    expect(Math.abs(ratio(W, 256 ** -0.5) - 1)).toBeLessThan(0.03)
    // Among so many normal draws some lie beyond three deviations; among uniform ones none.
    expect(Math.max(...E)).toBeGreaterThan(3 * deviation)
  })

  it('uniform on ±1/√fan_in: within it, reaching to it, of variance 1/(3·fan_in)', () => {
    const { E, W } = draw({ kind: 'uniform' })
    for (const [values, fanIn] of [
      [E, p],
      [W, 256],
    ] as const) {
      const bound = fanIn ** -0.5
      expect(Math.max(...values)).toBeLessThanOrEqual(bound)
      expect(Math.min(...values)).toBeGreaterThanOrEqual(-bound)
      expect(Math.max(...values)).toBeGreaterThan(0.99 * bound)
      expect(Math.min(...values)).toBeLessThan(-0.99 * bound)
      expect(Math.abs(ratio(values, bound / Math.sqrt(3)) - 1)).toBeLessThan(0.03)
    }
  })

  it('are the same bits for a seed, and others for another', () => {
    const spec = { kind: 'normal', standardDeviation: 'p^-1/2' } as const
    expect(draw(spec, 5)).toEqual(draw(spec, 5))
    expect(draw(spec, 5).E).not.toEqual(draw(spec, 6).E)
  })

  it('draws each layer from a stream of its own: more hidden units begin with the same numbers in W', () => {
    const spec = { kind: 'normal', standardDeviation: 1 } as const
    const [narrow, wide] = [draw(spec, 0, 16), draw(spec, 0, 64)]
    // Entries of W are scaled by d_h^(−1/2).
    narrow.W.forEach((value, at) => expect(value / 2).toBeCloseTo(wide.W[at]!, 15))
  })
})
