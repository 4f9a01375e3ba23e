import { describe, expect, it } from 'vitest'
import { decodeMessage, encodeMessage, type ServerMessage } from '../../src/shared/wire.ts'

const roundTrip = (data: unknown) => {
  const message = { id: 1, result: { ok: true, data } } as unknown as ServerMessage
  return (decodeMessage(encodeMessage(message)) as { result: { data: unknown } }).result.data
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

  it('leaves absent fields absent', () => {
    const message = encodeMessage({ id: 1, name: 'run.list', input: { archive: undefined } })
    expect(decodeMessage(message)).toStrictEqual({ id: 1, name: 'run.list', input: {} })
  })

  const records = Array.from({ length: 20 }, (_, at) => ({ id: `r${at}`, tau: at / 3, tags: ['a', at], step: null }))

  it('brings back a long list of records as it was, and names their fields once', () => {
    expect(roundTrip(records)).toStrictEqual(records)
    const bytes = encodeMessage({ id: 1, result: { ok: true, data: records } } as unknown as ServerMessage)
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
    const message = encodeMessage({ id: 1, name: 'run.list', input: list } as never)
    expect(() => decodeMessage(message)).toThrow('__proto__')
  })

  it('refuses a message cut short', () => {
    const bytes = encodeMessage({ id: 1, result: { ok: true, data: [] } })
    expect(() => decodeMessage(bytes.subarray(0, bytes.length - 1))).toThrow()
  })
})
