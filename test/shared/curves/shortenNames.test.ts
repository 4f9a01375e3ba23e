import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shortenNames } from '../../../src/shared/curves/shortenNames.ts'

const long = (middle: string) => `ablation of the warm-up, ${middle}, gradient descent, seed 0`

describe('names beside the lines of a chart', () => {
  it('stay as they are where they are short', () => {
    expect(shortenNames(['training', 'isolated, ridge 0'])).toEqual(['training', 'isolated, ridge 0'])
  })

  it('keep their beginnings and ends where they are long', () => {
    const [name] = shortenNames([long('x')])
    expect(name!.length).toBeLessThanOrEqual(32)
    expect(name).toMatch(/^ablation of .*….*seed 0$/)
  })

  it('keep what tells them apart, where that would be left out', () => {
    expect(shortenNames([long('0.1'), long('0.2')])).toEqual([
      'ab…0.1, gradient descent, seed 0',
      'ab…0.2, gradient descent, seed 0',
    ])
    const cell = (share: number, scale: number) => `initial scale: fs = ${share}, α = ${scale}, seed 0`
    expect(shortenNames([cell(0.95, 8), cell(0.85, 8), cell(0.95, Math.SQRT2), cell(0.75, Math.SQRT2)])).toEqual([
      'initial scal…0.95, α = 8, seed 0',
      'initial scal…0.85, α = 8, seed 0',
      'initial scale…0.95…30951, seed 0',
      'initial scale…0.75…30951, seed 0',
    ])
  })

  it('stay different whatever they are', () => {
    const part = fc.constantFrom('a', '0.1', ', ', ': ', ' = ', 'warm-up', 'x'.repeat(30))
    const name = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.array(name, { maxLength: 8 }), (names) => {
        const short = shortenNames(names)
        expect(new Set(short.map((each, place) => `${each} ${names[place]}`)).size).toBe(short.length)
        for (const [place, each] of short.entries()) {
          const repeats = names.filter((other) => other === names[place]).length > 1 || / \(\d+\)$/.test(each)
          if (!repeats) expect(each.length).toBeLessThanOrEqual(32)
        }
        expect(new Set(short).size).toBe(short.length)
      }),
    )
  })
})
