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
      'ablation of the warm-up, 0.1…',
      'ablation of the warm-up, 0.2…',
    ])
    const plain = (seed: number) => `a name without any commas at all that goes on, seed ${seed}`
    expect(shortenNames([plain(0), plain(1)])).toEqual([
      'a name without any commas…seed 0',
      'a name without any commas…seed 1',
    ])
    expect(shortenNames(['a', 'b'].map((end) => `experiment_2026_very_long_name_of_a_file_${end}`))).toEqual([
      'experiment_2026_ver…_of_a_file_a',
      'experiment_2026_ver…_of_a_file_b',
    ])
  })

  it('cut no number or word that they can leave out whole, and say where decimals are left out', () => {
    const cell = (share: number, scale: number) => `initial scale: fs = ${share}, α = ${scale}, seed 0`
    expect(shortenNames([cell(0.95, 8), cell(0.85, 8), cell(0.95, Math.SQRT2), cell(0.75, Math.SQRT2)])).toEqual([
      'initial scale: fs = 0.95, α = 8…',
      'initial scale: fs = 0.85, α = 8…',
      '…fs = 0.95, α = 1.414…, seed 0',
      '…fs = 0.75, α = 1.414…, seed 0',
    ])
    // Decimals in which alone they differ are kept.
    expect(shortenNames([cell(0.95, 1.4142135), cell(0.95, 1.4142136)])).toEqual([
      'initial scale…α = 1.4142135…',
      'initial scale…α = 1.4142136…',
    ])
    const task = (optimizer: string, seed: number) => `${optimizer}, modularSubtraction, p = 97, seed ${seed}`
    expect(shortenNames([task('momentum', 0), task('momentum', 1), task('adamW', 0)], 26)).toEqual([
      'momentum…p = 97, seed 0',
      'momentum…p = 97, seed 1',
      'adamW…p = 97, seed 0',
    ])
    const seeds = (task: string) => `momentum, seeds of the task ${task} with a long name that goes on`
    expect(shortenNames(['modularDivision', 'modularMultiplication', 'modularSubtraction'].map(seeds))).toEqual([
      'momentum, seeds…modularDivision…',
      'momentum…modularMultiplication…',
      'momentum…modularSubtraction…',
    ])
    expect(shortenNames(['0.00000000012', '12.000000012'].map((x) => `x ${x}, a very long name, seed 0`))).toEqual([
      'x 0.00000000012…seed 0',
      'x 12.00…seed 0',
    ])
  })

  it('stay different whatever they are', () => {
    const part = fc.constantFrom('a', '0.1', ', ', ': ', ' = ', 'warm-up', 'x'.repeat(30), ' '.repeat(40))
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
