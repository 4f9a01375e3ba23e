import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cellValue } from '../../../src/shared/map/cellStatistics.ts'
import type { Reading } from '../../../src/shared/map/mapQuantity.ts'

const at = (value: number): Reading => ({ value, isBeyond: false })
const beyond = (value: number): Reading => ({ value, isBeyond: true })

describe('the median of a cell', () => {
  it('is the middle value, of an even number the mean of the two in the middle', () => {
    expect(cellValue('median', [at(3), at(1), at(2)])).toMatchObject({ state: 'value', value: 2 })
    expect(cellValue('median', [at(4), at(1), at(2), at(9)])).toMatchObject({ state: 'value', value: 3 })
  })

  it('counts what did not come in time as the largest', () => {
    expect(cellValue('median', [at(1), at(5), beyond(20)])).toMatchObject({ state: 'value', value: 5 })
    expect(cellValue('median', [at(5), beyond(20), at(1), at(2), beyond(20)])).toMatchObject({ value: 5 })
  })

  it('is censored with more than half beyond, above their bound, and with exactly half the time by which half have come', () => {
    expect(cellValue('median', [at(1), beyond(20), beyond(20)])).toEqual({ state: 'censored', value: NaN, above: 20 })
    expect(cellValue('median', [beyond(20)])).toEqual({ state: 'censored', value: NaN, above: 20 })
    expect(cellValue('median', [at(1), at(3), beyond(20), beyond(20)])).toMatchObject({ state: 'value', value: 3 })
  })

  it('never takes a bound for a value: larger bounds change no median', () => {
    const readings = fc.array(fc.record({ value: fc.integer({ min: 1, max: 100 }), isBeyond: fc.boolean() }), {
      minLength: 1,
      maxLength: 9,
    })
    fc.assert(
      fc.property(readings, (drawn) => {
        const horizon = (bound: number) => drawn.map(({ value, isBeyond }) => (isBeyond ? beyond(bound) : at(value)))
        const [near, far] = [cellValue('median', horizon(100)), cellValue('median', horizon(1e6))]
        expect(far.state).toBe(near.state)
        expect(far.value).toEqual(near.value)
        const isCensored = 2 * drawn.filter(({ isBeyond }) => isBeyond).length > drawn.length
        expect(near.state).toBe(isCensored ? 'censored' : 'value')
        expect(near.above).toEqual(isCensored ? 100 : NaN)
      }),
    )
  })

  it('is what it would be had every run been given enough time, or is not known: runs may end at different times', () => {
    expect(cellValue('median', [at(8900), at(9200), beyond(5000)])).toEqual({
      state: 'censored',
      value: NaN,
      above: 8900,
    })
    const runs = fc.array(fc.record({ time: fc.nat(20), end: fc.nat(20) }), { minLength: 1, maxLength: 9 })
    fc.assert(
      fc.property(runs, (drawn) => {
        fc.pre(drawn.length % 2 === 1)
        const found = cellValue(
          'median',
          drawn.map(({ time, end }) => (time <= end ? at(time) : beyond(end))),
        )
        const median = drawn.map(({ time }) => time).sort((a, b) => a - b)[(drawn.length - 1) / 2]!
        if (found.state === 'value') expect(found.value).toBe(median)
        else expect(found.above).toBeLessThanOrEqual(median)
      }),
    )
  })

  it('says failed where all diverged, or the middle one, and missing where nothing is known', () => {
    expect(cellValue('median', [beyond(Infinity), beyond(Infinity)]).state).toBe('failed')
    expect(cellValue('median', [at(3), beyond(Infinity), beyond(Infinity)]).state).toBe('failed')
    expect(cellValue('median', [beyond(20), beyond(20), beyond(Infinity)])).toMatchObject({
      state: 'censored',
      above: 20,
    })
    expect(cellValue('median', [null, null]).state).toBe('missing')
    expect(cellValue('median', []).state).toBe('missing')
    expect(cellValue('median', [null, at(7)])).toMatchObject({ state: 'value', value: 7 })
  })
})

describe('the spread and the share of a cell', () => {
  it('are the standard deviation of n − 1, and the part in which it came', () => {
    expect(cellValue('spread', [at(1), at(3)]).value).toBeCloseTo(Math.SQRT2, 12)
    expect(cellValue('share', [at(1), beyond(20), beyond(20), at(3)]).value).toBe(0.5)
    expect(cellValue('share', [beyond(20)]).value).toBe(0)
  })

  it('are not known where a value is, or one alone', () => {
    expect(cellValue('spread', [at(1), at(2), beyond(20)]).state).toBe('censored')
    expect(cellValue('spread', [at(1)]).state).toBe('missing')
  })
})
