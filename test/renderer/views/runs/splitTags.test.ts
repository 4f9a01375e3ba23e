import { expect, it } from 'vitest'
import { splitTags } from '../../../../src/renderer/views/runs/splitTags.ts'

it('splits what is typed at commas, each tag once', () => {
  expect(splitTags(' euler,sweep , ,euler,')).toEqual(['euler', 'sweep'])
  expect(splitTags(' ')).toEqual([])
})

it('leaves known tags with commas whole, the longest first, wherever they stand', () => {
  const known = ['sweep: X', 'sweep: X, from 500', 'sweep: X, from 500, twice', 'a,b']
  for (const own of [...known, 'good']) {
    expect(splitTags(own, [own])).toEqual([own])
    expect(splitTags(own, [], known)).toEqual([own])
    expect(splitTags(`first, ${own}, last`, ['first'], known)).toEqual(['first', own, 'last'])
  }
  expect(splitTags(known.join(', '), known.slice(0, 2), known)).toEqual(known)
  expect(splitTags('a,b,sweep: X, from 500 ,good', [], known)).toEqual(['a,b', 'sweep: X, from 500', 'good'])
})

it('takes no tag out of the middle of another', () => {
  const known = ['X, from 5']
  expect(splitTags('X, from 500', [], known)).toEqual(['X', 'from 500'])
  expect(splitTags('sweep: X, from 5', [], known)).toEqual(['sweep: X', 'from 5'])
})

it('leaves tags apart that read like a known one together', () => {
  const given = ['sweep: X', 'from 500']
  expect(splitTags('sweep: X, from 500, good', given, ['sweep: X, from 500'])).toEqual([...given, 'good'])
})
