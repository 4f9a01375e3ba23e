import { describe, expect, it } from 'vitest'
import {
  neighbourDistance,
  pairedOrder,
  pickTicks,
  spectrumPanel,
  stepScale,
} from '../../../../src/renderer/views/run/fourierPanels.ts'

describe('frequencies', () => {
  it('stand in pairs of Re and Im, each feature once', () => {
    const order = [...pairedOrder(18)]
    expect(order.slice(0, 4)).toEqual([0, 18, 1, 19])
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 36 }, (_, k) => k))
  })

  it.each([1, 2, 5, 18, 56, 254])('are named from 1 to K = %d, not too many of them', (K) => {
    const ticks = pickTicks(K)
    expect([ticks[0], ticks.at(-1)]).toEqual([1, K])
    expect(ticks.length).toBeLessThanOrEqual(8)
  })
})

describe('neighbourDistance', () => {
  it('is the inverse of k modulo p', () => {
    for (let k = 1; k <= 18; k++) expect((neighbourDistance(k, 37)! * k) % 37).toBe(1)
    expect(neighbourDistance(5, 37)).toBe(15)
  })
  it('does not exist where k and p share a factor', () => expect(neighbourDistance(2, 8)).toBeNull())
})

describe('the spectrum over steps', () => {
  const spectrum = {
    steps: Float64Array.of(0, 1, 10, 100),
    power: { rows: 2, columns: 4, data: Float64Array.of(1, 1, 3, 3, 1, 3, 1, 3) },
  }

  it('shows at each pixel the last snapshot at or before it, relative to the mean', () => {
    const { matrix } = spectrumPanel(spectrum, 200)
    const scale = stepScale(spectrum, 200)
    spectrum.steps.forEach((step, t) => {
      const pixel = Math.min(199, Math.ceil(scale.at(step)))
      const [a, b] = [spectrum.power.data[t]!, spectrum.power.data[4 + t]!]
      expect(matrix.data[pixel]).toBeCloseTo(a / ((a + b) / 2) - 1, 12)
      expect(matrix.data[200 + pixel]).toBeCloseTo(b / ((a + b) / 2) - 1, 12)
    })
  })
})
