import { describe, expect, it } from 'vitest'
import { screenWidth } from '../../../../src/renderer/charts/screenText.ts'
import { createScale } from '../../../../src/shared/charts/scale.ts'
import { placeMarks, sparkPath } from '../../../../src/renderer/views/run/scrubberLayout.ts'

const at = (step: number) => 10 + step / 5
const width = 1020

describe('placeMarks', () => {
  it.each([[[0, 1820, 2030]], [[0, 6, 10, 12]], [[0, 100, 200, 300]], [[4990, 5000]]])(
    'sets words for events at %j that do not run into each other or out of the track',
    (steps) => {
      const marks = placeMarks(
        steps.map((step) => ({ step, label: 'half rise' })),
        at,
        width,
      )
      expect(marks).toHaveLength(steps.length)
      const spans = marks
        .filter(({ text }) => text !== '')
        .map(({ x, text, anchor }) => (anchor === 'end' ? [x - screenWidth(text), x] : [x, x + screenWidth(text)]))
        .sort((a, b) => a[0]! - b[0]!)
      expect(spans.length).toBeGreaterThan(0)
      for (let k = 0; k < spans.length; k++) {
        expect(spans[k]![0]!).toBeGreaterThanOrEqual(-2)
        expect(spans[k]![1]!).toBeLessThanOrEqual(width)
        if (k > 0) expect(spans[k]![0]!).toBeGreaterThanOrEqual(spans[k - 1]![1]! - 2)
      }
    },
  )
})

describe('sparkPath', () => {
  const steps = Float64Array.of(0, 1, 2, 3)
  const draw = (...values: number[]) =>
    sparkPath(
      { step: steps, tau: steps, seconds: steps, value: Float64Array.from(values) },
      createScale('linear', [0, 3], [0, 300]),
      10,
      30,
    )

  it('runs from the lower height at 0 to the upper at 1', () => {
    expect(draw(0, 0.5, 0.5, 1)).toBe('M0 30L100 20L200 20L300 10')
  })

  it('begins anew after a gap, also where the curve begins with one', () => {
    expect(draw(NaN, 0, NaN, 1)).toBe('M100 30M300 10')
  })
})
