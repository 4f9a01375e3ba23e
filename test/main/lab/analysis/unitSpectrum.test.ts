import { describe, expect, it } from 'vitest'
import { unitSpectrum } from '../../../../src/main/lab/analysis/unitSpectrum.ts'
import type { MatrixData } from '../../../../src/shared/matrix.ts'
import { toMatrix } from '../../../support/runs.ts'

const p = 13
const K = 6

/** The layer whose units are these functions of the token. */
function layer(units: readonly ((token: number) => number)[]): MatrixData {
  return toMatrix(Array.from({ length: p }, (_, j) => units.map((unit) => unit(j))))
}

const wave =
  (k: number, phase: number, amplitude = 1) =>
  (j: number) =>
    amplitude * Math.cos((2 * Math.PI * k * j) / p + phase)

describe('the spectrum of a unit', () => {
  it('with one frequency is all there: dominant, phase, share 1, most concentrated', () => {
    const units = [wave(1, 0.3), wave(4, -2.5, 20), wave(6, 3.1, 1e-3)]
    const spectrum = unitSpectrum(layer(units))
    expect([...spectrum.dominant]).toEqual([1, 4, 6])
    for (const [u, phase] of [0.3, -2.5, 3.1].entries()) {
      expect(spectrum.phase[u]).toBeCloseTo(phase, 12)
      expect(spectrum.dominantShare[u]).toBeCloseTo(1, 14)
      expect(spectrum.inverseParticipationRatio[u]).toBeCloseTo(1, 14)
      expect(spectrum.gini[u]).toBeCloseTo(1 - 1 / K, 12)
    }
  })

  it('of a spike is even: shares and participation 1/K, Gini 0', () => {
    const { share, inverseParticipationRatio, gini } = unitSpectrum(layer([(j) => (j === 0 ? 7 : 0)]))
    for (const value of share.data) expect(value).toBeCloseTo(1 / K, 14)
    expect(inverseParticipationRatio[0]).toBeCloseTo(1 / K, 14)
    expect(gini[0]).toBeCloseTo(0, 13)
  })

  it('of two waves divides as their squared amplitudes', () => {
    const sum = (j: number) => wave(2, 1, 3)(j) + wave(5, 0, 1)(j) + 40
    const { share, dominant, dominantShare, inverseParticipationRatio, gini } = unitSpectrum(layer([sum]))
    expect(share.data[1]).toBeCloseTo(0.9, 13)
    expect(share.data[4]).toBeCloseTo(0.1, 13)
    expect(dominant[0]).toBe(2)
    expect(dominantShare[0]).toBeCloseTo(0.9, 13)
    expect(inverseParticipationRatio[0]).toBeCloseTo(0.82, 13)
    // Ascending shares 0, 0, 0, 0, 0.1, 0.9: (3·0.1 + 5·0.9)/6.
    expect(gini[0]).toBeCloseTo(0.8, 12)
  })

  it('has shares that add up to 1', () => {
    const { share } = unitSpectrum(layer([(j) => Math.sin(j * j)]))
    expect([...share.data].reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 14)
  })

  it.each([
    ['zero', () => 0],
    ['constant', () => 0.1],
    ['a mean and rounding', (j: number) => 1e3 + 1e-13 * Math.sin(j)],
    ['rounding beside the others', (j: number) => 1e-14 * Math.sin(j)],
  ])('that is %s has no power: no share, no frequency, no phase', (_, unit) => {
    const { share, dominant, ...lists } = unitSpectrum(layer([(j) => Math.sin(j * j), unit]))
    expect([...share.data.slice(K)].every(Number.isNaN)).toBe(true)
    expect([dominant[0]! > 0, dominant[1]]).toEqual([true, 0])
    for (const name of ['dominantShare', 'phase', 'inverseParticipationRatio', 'gini'] as const) {
      expect([name, lists[name][1], Number.isNaN(lists[name][0])]).toEqual([name, NaN, false])
    }
  })

  it('has no power anywhere in a layer of zeros', () => {
    expect([...unitSpectrum(layer([() => 0])).dominant]).toEqual([0])
  })

  it('counts p/2 once and the others twice: parity waves with a trace of k = 1 (p = 4)', () => {
    const parity = toMatrix(
      [1, -1, 1, -1].map((sign, j) => [1, -2].map((size) => sign * size + 0.1 * Math.cos((Math.PI * j) / 2))),
    )
    const { share, dominant, phase, gini } = unitSpectrum(parity)
    expect([...share.data].map((value) => Number(value.toFixed(4)))).toEqual([0.005, 0.995, 0.0012, 0.9988])
    expect([...dominant]).toEqual([2, 2])
    expect([...phase]).toEqual([0, Math.PI])
    expect(gini[0]).toBeCloseTo((0.995025 - 0.004975) / 2, 6)
  })
})
