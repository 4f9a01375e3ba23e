import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encode, ExtData } from '@msgpack/msgpack'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import {
  decodeClientMessage,
  decodeServerMessage,
  encodeClientMessage,
  encodeServerMessage,
  type ServerMessage,
} from '../../src/shared/wire.ts'
import { bytesOf, typedArrays } from '../support/anyNumbers.ts'

const roundTrip = (data: unknown) => {
  const message = { id: 1, result: { ok: true, data } } as unknown as ServerMessage
  return (decodeServerMessage(encodeServerMessage(message)) as { result: { data: unknown } }).result.data
}

describe('wire', () => {
  it.each([
    Uint8Array.of(0, 1, 255),
    Int32Array.of(-2147483648, 0, 2147483647),
    Float32Array.of(1.5, -0, Infinity),
    Float64Array.of(Math.PI, 5e-324, -Infinity),
    new Float64Array(0),
  ])('brings back %o with its type', (array) => {
    const back = roundTrip(array)
    expect(back).toStrictEqual(array)
    expect(Object.getPrototypeOf(back)).toBe(Object.getPrototypeOf(array))
  })

  it('keeps the bits of numbers that text would lose', () => {
    const bits = (array: Float64Array) => [...new BigUint64Array(array.buffer, array.byteOffset, array.length)]
    const array = Float64Array.of(NaN, -0, Number.MIN_VALUE, 0.1 + 0.2)
    expect(bits(roundTrip(array) as Float64Array)).toEqual(bits(array))
  })

  it('sends the part of a buffer that an array shows, whatever lies before it in the message', () => {
    const whole = Float64Array.of(1, 2, 3, 4)
    for (let padding = 0; padding < 9; padding++) {
      const back = roundTrip({ text: 'x'.repeat(padding), part: whole.subarray(1, 3) }) as { part: Float64Array }
      expect([...back.part]).toEqual([2, 3])
    }
  })

  it('copies, so that a small array does not keep its whole message alive', () => {
    const { small } = roundTrip({ large: new Float64Array(10_000), small: Uint8Array.of(7) }) as { small: Uint8Array }
    expect(small.buffer.byteLength).toBe(1)
  })

  it('brings back whatever is sent, lists of records and arrays of numbers within it', () => {
    // Of numbers outside of arrays the format knows one zero, as JSON does.
    const number = fc.double().map((value) => value + 0)
    const { value: values } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(null, true, NaN, Infinity, 2 ** 53, 5e-324),
        number,
        fc.integer(),
        fc.string({ unit: 'grapheme' }),
        typedArrays(),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.array(fc.record({ id: tie('value'), tau: number, tags: fc.array(fc.string()) }, { noNullPrototype: true }), {
          maxLength: 12,
        }),
        fc.dictionary(
          fc.string().filter((name) => name !== '__proto__'),
          tie('value'),
          { noNullPrototype: true, maxKeys: 4 },
        ),
      ),
    }))
    fc.assert(
      fc.property(values, (value) => {
        const back = roundTrip(value)
        expect(back).toStrictEqual(value)
        if (ArrayBuffer.isView(value)) expect(bytesOf(back as ArrayBufferView)).toEqual(bytesOf(value))
      }),
      { numRuns: 1000 },
    )
  })

  it('leaves absent fields absent', () => {
    const message = encodeClientMessage({ id: 1, name: 'run.list', input: { archive: undefined } })
    expect(decodeClientMessage(message)).toStrictEqual({ id: 1, name: 'run.list', input: {} })
  })

  const records = Array.from({ length: 20 }, (_, at) => ({ id: `r${at}`, tau: at / 3, tags: ['a', at], step: null }))

  it('brings back a long list of records as it was, and names their fields once', () => {
    expect(roundTrip(records)).toStrictEqual(records)
    const bytes = encodeServerMessage({ id: 1, result: { ok: true, data: records } } as unknown as ServerMessage)
    expect(Buffer.from(bytes).toString('latin1').split('tags')).toHaveLength(2)
  })

  it.each([
    ['of which one has another field', [...records, { id: 'x', tau: 1, tags: [], other: 0 }]],
    ['of which one has a field more', [...records, { ...records[0], more: 0 }]],
    ['of which one has its fields in another order', [...records, { step: 0, tags: [], tau: 1, id: 'x' }]],
    ['with numbers among them', [...records, 7]],
    ['with a list among them', [...records, []]],
    ['without fields', Array.from({ length: 20 }, () => ({}))],
  ])('brings back a list of records %s as it was', (_, list) => {
    expect(roundTrip(list)).toStrictEqual(list)
  })

  it('leaves fields absent in a long list of records', () => {
    const list = [...records, { ...records[0], step: undefined }]
    expect(roundTrip(list)).toStrictEqual([...records, { id: 'r0', tau: 0, tags: ['a', 0] }])
  })

  it('refuses records that would reach into the prototypes of the program', () => {
    const list = Array.from({ length: 20 }, () => JSON.parse('{"__proto__": {"isAdmin": true}}') as object)
    const message = encodeServerMessage({ id: 1, result: { ok: true, data: list } } as never)
    expect(() => decodeServerMessage(message)).toThrow('__proto__')
  })

  it('refuses a message cut short', () => {
    const bytes = encodeServerMessage({ id: 1, result: { ok: true, data: [] } })
    expect(() => decodeServerMessage(bytes.subarray(0, bytes.length - 1))).toThrow()
  })

  const recordList = (content: unknown) => encode(new ExtData(4, encode(content)))
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => i)
  const names = (count: number) => numbers(count).map((i) => `f${i}`)

  it.each([
    ['empty rows', [names(20_000), numbers(20_000).map(() => [])]],
    [
      'a row too short',
      [
        ['a', 'b'],
        [[1, 2], [1]],
      ],
    ],
    ['a row too long', [['a', 'b'], [[1, 2, 3]]]],
    ['a row that is none', [['a', 'b'], [{ length: 2 }]]],
    ['no rows', [['a', 'b'], 7]],
    ['fields that are no names', [[1, 2], [[1, 2]]]],
    ['no fields', [null, [[]]]],
    ['nothing', null],
  ])('refuses a list of records with %s before it builds one', (_, content) => {
    expect(() => decodeServerMessage(recordList(content))).toThrow('a list of records has not a value for each field')
  })

  it.each([
    ['a list of records', recordList([['a'], [[1]]])],
    ['an array of numbers', encode(new ExtData(3, new Uint8Array(8)))],
    ['a time', encode(new Date(0))],
    [
      'such a thing inside',
      encode({ id: 1, name: 'run.list', input: { list: new ExtData(4, encode([['a'], [[1]]])) } }),
    ],
  ])('takes no extension of the format from a browser: %s', (_, bytes) => {
    expect(() => decodeClientMessage(bytes)).toThrow('does not belong')
  })

  const times = (count: number, ...bytes: number[]) =>
    Uint8Array.from({ length: count * bytes.length }, (_, i) => bytes[i % bytes.length]!)

  it.each([
    ['lists that claim more than is there', times(1, 0xdd, 0xff, 0xff, 0xff, 0xff)],
    ['such lists within one another', times(3_000_000, 0xdd, 0x00, 0xff, 0xff, 0xff)],
    ['maps that claim more than is there', times(3_000_000, 0xa1, 0x61, 0xdf, 0x00, 0xff, 0xff, 0xff)],
    ['a text that claims more than is there', times(1, 0xdb, 0xff, 0xff, 0xff, 0xff, 0x61)],
    ['an unknown first byte', times(1, 0xc1)],
    ['two values', times(2, 0x01)],
    ['nothing', times(0, 0)],
  ])('refuses %s, from either side', (_, bytes) => {
    expect(() => decodeClientMessage(bytes)).toThrow(RangeError)
    expect(() => decodeServerMessage(bytes)).toThrow(RangeError)
  })

  it('refuses more values from a browser than any request has, few bytes though they take', () => {
    const bytes = times(500_000, 0x80)
    bytes.set([0xdd, 0x00, 0x07, 0xa1, 0x1b])
    expect(() => decodeClientMessage(bytes)).toThrow('more than 400000 values')
  })

  it('reads each form of the format as its library does', () => {
    const texts = [0, 31, 32, 255, 256, 65_535, 65_536].map((length) => 'x'.repeat(length))
    const lists = [0, 15, 16, 65_535, 65_536].map(numbers)
    const maps = lists.map((list) => Object.fromEntries(list.map((i) => [`k${i}`, i])))
    const bytes = [0, 1, 255, 256, 65_536].map((length) => new Uint8Array(length))
    const plain = [
      0,
      127,
      128,
      255,
      256,
      65_535,
      65_536,
      2 ** 32,
      2 ** 53,
      -1,
      -32,
      -33,
      -129,
      -32_769,
      -(2 ** 40),
      0.5,
      NaN,
    ]
    const input = [...plain, null, true, false, ...texts]
    expect(decodeClientMessage(encode(input))).toStrictEqual(input)
    for (const value of [...lists, ...maps, bytes]) {
      expect(decodeServerMessage(encode(value))).toStrictEqual(value)
      expect(roundTrip(value)).toStrictEqual(value)
    }
    for (const length of [1, 2, 4, 8, 16, 3, 300, 70_000]) {
      expect(decodeServerMessage(encode(new ExtData(9, new Uint8Array(length))))).toBeInstanceOf(ExtData)
    }
  })

  it('makes of any bytes a value that has a byte for each of its parts, or refuses them', () => {
    const random = xoroshiro128plus(7)
    const below = (limit: number) => (random.next() >>> 0) % limit
    const seeds = [
      encodeServerMessage({ id: 1, result: { ok: true, data: records } } as unknown as ServerMessage),
      encodeClientMessage({ id: 3, name: 'run.tag', input: { runIds: ['a', 'b'], add: ['x'], remove: [] } }),
      encode([[[{ a: [1.5, -1, 2 ** 40, null, true, 'text'.repeat(30)] }, new Uint8Array(40)]]]),
    ]
    let accepted = 0
    for (let round = 0; round < 20_000; round++) {
      const bytes = Uint8Array.from(seeds[below(seeds.length)]!)
      for (let change = below(4); change >= 0; change--) bytes[below(bytes.length)] = below(256)
      const message = bytes.subarray(0, below(3) === 0 ? below(bytes.length) : bytes.length)
      for (const decode of [decodeClientMessage, decodeServerMessage]) {
        try {
          expect(partsOf(decode(message))).toBeLessThanOrEqual(message.length)
          accepted += 1
        } catch (error) {
          if (!(error instanceof Error) || error.name === 'AssertionError') throw error
        }
      }
    }
    expect(accepted).toBeGreaterThan(1000)
  })
})

function partsOf(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (ArrayBuffer.isView(value)) return value.byteLength
  if (typeof value !== 'object' || value === null) return 1
  return Object.values(value).reduce((sum: number, inner) => sum + partsOf(inner), 1)
}
