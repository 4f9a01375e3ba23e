import { expect, it } from 'vitest'
import { bytes, duration, table } from '../../../src/main/cli/text.ts'

it.each([
  [0, '0.0 s'],
  [9.94, '9.9 s'],
  [9.96, '10 s'],
  [38.2, '38 s'],
  [59.6, '1:00'],
  [66, '1:06'],
  [3599.4, '59:59'],
  [3599.6, '1:00:00'],
  [3600, '1:00:00'],
  [7390, '2:03:10'],
  [360_000, '100:00:00'],
  [NaN, 'unknown'],
  [Infinity, 'unknown'],
])('%d seconds are said as %s', (seconds, said) => {
  expect(duration(seconds)).toBe(said)
})

it.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [1.5 * 2 ** 30, '1.5 GiB'],
  [2 ** 50, '1024.0 TiB'],
])('%d bytes are said as %s', (count, said) => {
  expect(bytes(count)).toBe(said)
})

it('a table has columns of equal width and no space at the ends of lines', () => {
  const lines = table([
    ['run', 'name', ''],
    ['a', 'τ = 1', 'x'],
    ['longer', '', ''],
  ]).split('\n')
  expect(lines).toEqual(['run     name', 'a       τ = 1  x', 'longer'])
})
