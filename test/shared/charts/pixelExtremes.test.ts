import { describe, expect, it } from 'vitest'
import { pixelExtremes } from '../../../src/shared/charts/pixelExtremes.ts'
import { createScale } from '../../../src/shared/charts/scale.ts'

/** A repeatable sequence of numbers in [0, 1). */
function* noise(seed = 1) {
  for (let state = seed; ;) yield (state = (state * 16807) % 2147483647) / 2147483647
}

function noisyCurve(length: number) {
  const next = noise()
  return {
    x: Float64Array.from({ length }, (_, step) => step),
    y: Float64Array.from({ length }, () => next.next().value!),
  }
}

describe('decimate', () => {
  it('keeps all points that stand at the left border', () => {
    const x = Float64Array.of(1, 1, 1, 2, 3, 3)
    expect([...pixelExtremes(x, Float64Array.of(5, 4, 6, 1, 2, 9), createScale('linear', [1, 3], [0, 300]))]).toEqual([
      0, 1, 2, 3, 4, 5,
    ])
  })

  it.each(['linear', 'log'] as const)('keeps the extremes of every pixel column of a %s axis', (kind) => {
    const { x, y } = noisyCurve(20_000)
    const scale = createScale(kind, [kind === 'log' ? 1 : 0, x.length - 1], [0, 300], kind === 'log')
    const kept = pixelExtremes(x, y, scale)
    const columnOf = (place: number) => Math.floor(scale.at(x[place]!))
    const extremes = (places: Iterable<number>) => {
      const found = new Map<number, [number, number]>()
      for (const place of places) {
        const [low, high] = found.get(columnOf(place)) ?? [Infinity, -Infinity]
        found.set(columnOf(place), [Math.min(low, y[place]!), Math.max(high, y[place]!)])
      }
      return found
    }
    expect(kept.length).toBeLessThanOrEqual(5 * 302)
    expect(extremes(kept)).toEqual(extremes(x.keys()))
  })

  it('keeps order, the first and the last point', () => {
    const { x, y } = noisyCurve(5_000)
    const kept = [...pixelExtremes(x, y, createScale('linear', [0, 4_999], [0, 100]))]
    expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b))
    expect([kept[0], kept.at(-1)]).toEqual([0, 4_999])
  })

  it('keeps every point where there is room for all', () => {
    const { x, y } = noisyCurve(50)
    expect([...pixelExtremes(x, y, createScale('linear', [0, 49], [0, 100]))]).toEqual([...x.keys()])
  })

  it('reaches one point beyond a window, so that lines run out of the picture', () => {
    const { x, y } = noisyCurve(1_000)
    const kept = pixelExtremes(x, y, createScale('linear', [400.5, 450.5], [0, 200]))
    expect([kept[0], kept.at(-1)]).toEqual([400, 451])
  })

  it('keeps a gap as a gap, and does not take it for an extreme', () => {
    const { x, y } = noisyCurve(10_000)
    y.fill(NaN, 4_000, 4_500)
    const kept = [...pixelExtremes(x, y, createScale('linear', [0, 9_999], [0, 100]))]
    expect(kept.some((place) => Number.isNaN(y[place]!))).toBe(true)
    const before = kept.filter((place) => place < 4_000)
    const after = kept.filter((place) => place >= 4_500)
    expect(before.length + after.length).toBeGreaterThan(300)
  })

  it('gives nothing for nothing', () => {
    expect(pixelExtremes(new Float64Array(), new Float64Array(), createScale('linear', [0, 1], [0, 100]))).toHaveLength(
      0,
    )
  })
})
