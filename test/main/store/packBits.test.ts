import fc from 'fast-check'
import { expect, it } from 'vitest'
import { packBits, unpackBits } from '../../../src/main/store/packBits.ts'

it('flags come out of an eighth of their bytes as they went in', () => {
  const flags = fc.array(fc.constantFrom(0, 1), { maxLength: 100 }).map((each) => Uint8Array.from(each))
  fc.assert(
    fc.property(flags, (given) => {
      const packed = packBits(given)
      expect(packed.byteLength).toBe(Math.ceil(given.length / 8))
      expect(unpackBits(packed, given.length)).toEqual(given)
    }),
  )
})
