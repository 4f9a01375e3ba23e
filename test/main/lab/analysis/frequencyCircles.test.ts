import { describe, expect, it } from 'vitest'
import { fourierFeatures } from '../../../../src/main/lab/analysis/fourierFeatures.ts'
import { frequencyCircles } from '../../../../src/main/lab/analysis/frequencyCircles.ts'
import { randomStream } from '../../../../src/main/lab/network/randomStream.ts'
import type { MatrixData } from '../../../../src/shared/matrix.ts'

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

function randomMatrix(seed = 5) {
  const stream = randomStream(seed, 'firstLayer')
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

  it('has the tokens run counter-clockwise', () => {
    for (let seed = 0; seed < 20; seed++) {
      const circles = frequencyCircles(randomMatrix(seed))
      for (let k = 1; k <= circles.rows; k++) {
        const y = circles.data.subarray((k - 1) * 2 * p + p, k * 2 * p)
        const sense = Float64Array.from(y, (at, j) => at * Math.sin((2 * Math.PI * k * j) / p)).reduce((a, b) => a + b)
        expect(sense).toBeGreaterThan(0)
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

  const shapeOf = (E: MatrixData, k: number) => {
    const { columns, data } = frequencyCircles(E)
    const row = data.subarray((k - 1) * columns, k * columns)
    const [x, y] = [row.subarray(0, columns / 2), row.subarray(columns / 2)]
    return { x, y, isLine: y.every((value) => value === 0), isNothing: row.every((value) => value === 0) }
  }

  it.each([1, 3])('of a frequency %i that is rounding is no circle: radius 0', (k) => {
    expect(shapeOf(pureFrequency(2, 3), k).isNothing).toBe(true)
    expect(shapeOf(pureFrequency(2, 3), 2).isLine).toBe(false)
  })

  it.each([2, 4, 12])('of the alternating frequency p/2 is a line, its tokens in turn on both sides (p = %i)', (p) => {
    const width = 3
    const data = Float64Array.from({ length: p * width }, (_, at) => (Math.floor(at / width) % 2 === 0 ? 2 : -2))
    const { x, isLine } = shapeOf({ rows: p, columns: width, data }, p / 2)
    expect(isLine).toBe(true)
    x.forEach((value, j) => expect(value).toBeCloseTo((j % 2 === 0 ? 2 : -2) * Math.sqrt(width), 13))
  })

  it.each([0, 1e-11, 0.7, Math.PI / 2 - 1e-11, Math.PI / 2])('of parallel features is a line (phase %d)', (phase) => {
    const directions = [1.1, 2.3, -0.7]
    const data = Float64Array.from(
      { length: 11 * 3 },
      (_, at) => directions[at % 3]! * Math.cos((2 * Math.PI * 4 * Math.floor(at / 3)) / 11 + phase),
    )
    const { x, isLine } = shapeOf({ rows: 11, columns: 3, data }, 4)
    expect(isLine).toBe(true)
    const radius = Math.hypot(...directions)
    const sign = Math.cos(phase) < 1e-12 ? Math.sign(x[1]! * data[3]!) : 1
    x.forEach((value, j) => {
      expect(value).toBeCloseTo(sign * radius * Math.cos((2 * Math.PI * 4 * j) / 11 + phase), 12)
    })
  })
})
