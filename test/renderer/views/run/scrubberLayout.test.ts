import { describe, expect, it } from 'vitest'
import { placeMarks } from '../../../../src/renderer/views/run/scrubberLayout.ts'

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
        .map(({ x, text, anchor }) => (anchor === 'end' ? [x - 6.2 * text.length, x] : [x, x + 6.2 * text.length]))
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
