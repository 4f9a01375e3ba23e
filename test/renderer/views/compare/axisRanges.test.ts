import fc from 'fast-check'
import { expect, it } from 'vitest'
import { rangesIn, textOfRanges } from '../../../../src/renderer/views/compare/axisRanges.ts'

const column = fc.stringMatching(/^[A-Za-z_][\w.]{0,20}$/).filter((name) => name !== '__proto__')
const end = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)
const range = fc.tuple(end, end).map(([a, b]): [number, number] => (a <= b ? [a, b] : [b, a]))

it('parts of axes are found again from their text', () => {
  fc.assert(
    fc.property(fc.dictionary(column, range, { noNullPrototype: true }), (ranges) => {
      expect(rangesIn(textOfRanges(ranges))).toEqual(ranges)
    }),
  )
})

it('passes over what makes no sense', () => {
  expect(rangesIn('a:1:2,b,c:1,d:x:2,e:3:1,f::2,:1:2,g:1:Infinity,h:0:0')).toEqual({ a: [1, 2], h: [0, 0] })
  fc.assert(fc.property(fc.string(), (text) => void rangesIn(text)))
})
