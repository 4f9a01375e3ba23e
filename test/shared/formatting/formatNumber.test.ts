import { describe, expect, it } from 'vitest'
import {
  formatBytes,
  formatCount,
  formatFixed,
  formatGiven,
  formatLabel,
  formatNumber,
  formatPower,
  formatShare,
  formatShort,
  roundBound,
} from '../../../src/shared/formatting/formatNumber.ts'
import { parseNumeral } from '../../support/parseNumeral.ts'

const parse = (text: string) => parseNumeral(text).value

describe('numbers', () => {
  it('group thousands by thin spaces and have a true minus', () => {
    expect(formatCount(1234567)).toBe('1\u2009234\u2009567')
    expect(formatCount(-1000)).toBe('\u22121\u2009000')
    expect(formatCount(999)).toBe('999')
    expect(formatFixed(-0.1562, 3)).toBe('\u22120.156')
  })

  it('have no minus before a zero', () => {
    expect(formatFixed(-0.0001, 2)).toBe('0.00')
    expect(formatCount(-0.2)).toBe('0')
  })

  it.each([0.02345, 123.456, 1e-5, 6.02e23, -3.2e-12, 0.9999, 5000, 1e6, 99999.9])(
    'read back to four digits: %d',
    (value) => {
      expect(Math.abs(parse(formatNumber(value)) - value)).toBeLessThanOrEqual(Math.abs(value) * 5e-4)
    },
  )

  it('take powers of ten far from 1', () => {
    expect(formatNumber(5e-20)).toBe('5\u2009×\u200910⁻²⁰')
    expect(formatNumber(1e-6)).toBe('10⁻⁶')
    expect(formatPower(1, -18)).toBe('10⁻¹⁸')
    expect(formatPower(2, -5)).toBe('2\u2009×\u200910⁻⁵')
    expect([0, 1].map((exponent) => formatPower(1, exponent))).toEqual(['1', '10'])
  })

  it('leave given values as short as they were', () => {
    expect([0.001, 0.5, 512, 0.05].map(formatGiven)).toEqual(['0.001', '0.5', '512', '0.05'])
  })

  it.each([
    [1e-6, '10⁻⁶'],
    [0.1 + 0.2, '0.3'],
    [2e-9, '2\u2009×\u200910⁻⁹'],
    [1200, '1\u2009200'],
    [NaN, 'not a number'],
  ])('have no noise and no zeros that say nothing where they were given: %d', (value, text) => {
    expect(formatGiven(value)).toBe(text)
  })

  it('have six digits where they label something', () => {
    expect([0.353553390593, 1e-3, 512, 1234567, 0.1 + 0.2].map(formatLabel)).toEqual([
      '0.353553',
      '0.001',
      '512',
      '1\u2009234\u2009567',
      '0.3',
    ])
  })

  it('are short where there is little room', () => {
    expect([0.55, 1 / 3, 1.1, 1234.5, 0.7000000000000001, 1e-12 / 3].map((value) => formatShort(value, 3))).toEqual([
      '0.55',
      '0.333',
      '1.1',
      '1\u2009230',
      '0.7',
      '3.33\u2009×\u200910⁻¹³',
    ])
  })

  it('of as many significant digits as asked for, and no more, whatever they are rounded to', () => {
    expect([0.99996, 9.99996, 0.000099999, 99999.96, 999999.6].map((value) => formatNumber(value))).toEqual([
      '1.000',
      '10.00',
      '0.0001000',
      '100\u2009000',
      '10⁶',
    ])
  })

  it('read back to half a unit of their last digit, in few letters, over every power of ten', () => {
    for (let exponent = -300; exponent <= 300; exponent++) {
      for (const mantissa of [1, 1.5, 3.14159, 9.9999, -2.5]) {
        const value = Number(`${mantissa}e${exponent}`)
        for (const count of [1, 2, 3, 4, 6]) {
          const text = formatNumber(value, count)
          const read = parseNumeral(text)
          expect([text, Math.abs(read.value - value) <= 0.5001 * read.lastDigit]).toEqual([text, true])
          expect([text, text.length <= 14 + Math.max(0, count - 2)]).toEqual([text, true])
        }
      }
    }
  })

  it('as bounds are kept by who enters them, and no further off than their last digit', () => {
    for (let value = 1.23456e-12; value < 1e12; value *= 1.2345678) {
      const [below, above] = (['below', 'above'] as const).map((side) => roundBound(value, 4, side)) as [number, number]
      expect(below).toBeLessThanOrEqual(value)
      expect(above).toBeGreaterThanOrEqual(value)
      expect(above - below).toBeLessThan(1.001e-3 * value)
      for (const bound of [below, above]) expect(bound).toBe(Number(bound.toPrecision(4)))
    }
    expect([roundBound(9.9996, 4, 'below'), roundBound(9.9996, 4, 'above'), roundBound(0.5, 4, 'below')]).toEqual([
      9.999, 10, 0.5,
    ])
  })

  it('say what is not finite', () => {
    expect([NaN, Infinity, -Infinity].map((value) => formatNumber(value))).toEqual(['not a number', '∞', '\u2212∞'])
  })

  it('have shares and bytes with their units', () => {
    expect(formatShare(0.066)).toBe('6.6\u2009%')
    expect([0, 512, 1023, 9.04 * 2 ** 20, 45e6, 1.2 * 2 ** 30, 2 ** 50].map(formatBytes)).toEqual([
      '0\u2009B',
      '512\u2009B',
      '1.0\u2009KiB',
      '9.0\u2009MiB',
      '42.9\u2009MiB',
      '1.2\u2009GiB',
      '1\u2009024\u2009TiB',
    ])
  })
})
