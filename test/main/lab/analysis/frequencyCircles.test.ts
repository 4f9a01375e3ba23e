import { describe, expect, it } from 'vitest'
import { fourierFeatures } from '../../../../src/main/lab/analysis/fourierFeatures.ts'
import { frequencyCircles } from '../../../../src/main/lab/analysis/frequencyCircles.ts'
import { randomStream } from '../../../../src/main/lab/network/randomStream.ts'

const p = 7

function pureFrequency(k: number, radius: number) {
  const width = 4
  const u = [0.5, 0.5, 0.5, 0.5]
  const v = [0.5, -0.5, 0.5, -0.5]
  const data = new Float64Array(p * width)
  for (let j = 0; j < p; j++) {
    const angle = (2 * Math.PI * k * j) / p + 0.4
    for (let i = 0; i < width; i++) data[j * width + i] = radius * (Math.cos(angle) * u[i]! + Math.sin(angle) * v[i]!)
  }
  return { rows: p, columns: width, data }
}

function randomMatrix() {
  const stream = randomStream(5, 'firstLayer')
  return { rows: p, columns: 9, data: Float64Array.from({ length: p * 9 }, () => stream.normal()) }
}

describe('the circle of a frequency', () => {
  it.each([1, 2, 3])('of a pure frequency %i is a circle with the tokens at 2πkj/p', (k) => {
    const { data } = frequencyCircles(pureFrequency(k, 3))
    const at = (k - 1) * 2 * p
    for (let j = 0; j < p; j++) {
      expect(data[at + j]).toBeCloseTo(3 * Math.cos((2 * Math.PI * k * j) / p), 12)
      expect(data[at + p + j]).toBeCloseTo(3 * Math.sin((2 * Math.PI * k * j) / p), 12)
    }
  })

  it('is a projection: token 0 on the positive axis, lengths at most those of the embeddings', () => {
    const E = randomMatrix()
    const circles = frequencyCircles(E)
    for (let k = 0; k < circles.rows; k++) {
      const row = circles.data.subarray(k * 2 * p, (k + 1) * 2 * p)
      expect(row[0]).toBeGreaterThan(0)
      expect(row[p]).toBeCloseTo(0, 12)
      for (let j = 0; j < p; j++) {
        expect(Math.hypot(row[j]!, row[p + j]!)).toBeLessThanOrEqual(
          Math.hypot(...E.data.subarray(j * 9, (j + 1) * 9)) + 1e-12,
        )
      }
    }
  })

  it('carries the feature: the transform of its points has the norms of Re F_k and Im F_k (Parseval in the plane)', () => {
    const E = randomMatrix()
    const { norms, frequencies } = fourierFeatures(E)
    const circles = frequencyCircles(E)
    for (let k = 1; k <= frequencies; k++) {
      const row = circles.data.subarray((k - 1) * 2 * p, k * 2 * p)
      const transform = (wave: (angle: number) => number, shift: number) =>
        Array.from({ length: p }, (_, j) => row[shift + j]! * wave((2 * Math.PI * k * j) / p)).reduce((a, b) => a + b) /
        p
      expect(Math.hypot(transform(Math.cos, 0), transform(Math.cos, p))).toBeCloseTo(norms[k - 1]!, 12)
      expect(Math.hypot(transform(Math.sin, 0), transform(Math.sin, p))).toBeCloseTo(norms[frequencies + k - 1]!, 12)
    }
  })
})
