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

  it('stay different where the difference is left out', () => {
    expect(new Set(shortenNames([long('0.1'), long('0.2'), long('0.3')])).size).toBe(3)
  })
})
