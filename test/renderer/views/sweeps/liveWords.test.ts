import { expect, it } from 'vitest'
import { describeReading } from '../../../../src/renderer/views/sweeps/live/liveWords.ts'
import type { LiveMapReading } from '../../../../src/shared/contract/liveMaps.ts'

const [at, along] = [Float64Array.of(1, 2), 'y' as const]
const boundary = { label: '', along, at, middle: at, from: at, to: at }
const reading: LiveMapReading = {
  ...{ revision: 3, runs: [], wanted: 99, ended: 40, failed: 0, seeds: 1, isDone: false, gpu: null, boundary: null },
  ...{ rows: 0, wideRows: 0 },
}

it('tells how far a live map is, how long it takes, and how well its boundary is known', () => {
  expect(describeReading(reading, null)).toBe('40 of 99 runs ended')
  expect(describeReading({ ...reading, failed: 2 }, 47)).toBe('40 of 99 runs ended; 2 failed; 47 s left')
  expect(describeReading(reading, 'paused')).toBe('40 of 99 runs ended; paused')
  const seeded = { ...reading, ended: 99, boundary, rows: 2, wideRows: 1, seeds: 6, isDone: true }
  expect(describeReading(seeded, 0)).toBe('99 of 99 runs ended; boundary within a cell in 1 of 2 columns with 6 seeds')
  const known = 'boundary within a cell in all 2 rows'
  expect(describeReading({ ...seeded, wideRows: 0, boundary: { ...boundary, along: 'x' } }, 0)).toMatch(known)
  expect(describeReading({ ...seeded, rows: 0, wideRows: 0 }, 0)).toMatch(/no boundary in this plane$/)
})
