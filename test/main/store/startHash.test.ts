import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { startHash } from '../../../src/main/store/startHash.ts'

const numbers = (shape: [number, number], ...data: number[]) => ({ shape, data: Float64Array.from(data) })

it('the hash of a given start is the SHA-256 of its arrays by name: kind, shape, and values as float64', () => {
  const [E, W] = [numbers([1, 2], 1, 2), numbers([2, 1], 3, 4)]
  const mask = { shape: [1, 2] as [number, number], data: Uint8Array.of(1, 0) }
  const hash = createHash('sha256')
  hash.update('E numbers 1 2\n').update(new Uint8Array(E.data.buffer))
  hash.update('W numbers 2 1\n').update(new Uint8Array(W.data.buffer))
  hash.update('train mask 1 2\n').update(mask.data)
  expect(startHash({ E, W, train: mask })).toBe(hash.digest('hex'))
})

it('it depends on no order of names and on no width of numbers, and on all else', () => {
  const [E, W] = [numbers([1, 2], 1, 2), numbers([2, 1], 3, 4)]
  const hash = startHash({ E, W })
  expect(startHash({ W, E })).toBe(hash)
  expect(startHash({ E: { ...E, data: Float32Array.of(1, 2) }, W })).toBe(hash)
  const others = [
    { E },
    { E: W, W: E },
    { E, W: { ...W, shape: [1, 2] as [number, number] } },
    { E: numbers([1, 2], 1, -2), W },
    { E, b: W },
  ]
  expect(new Set([hash, ...others.map((arrays) => startHash(arrays))]).size).toBe(others.length + 1)
})
