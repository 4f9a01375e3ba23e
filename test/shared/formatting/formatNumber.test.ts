import { describe, expect, it } from 'vitest'
import {
  formatBytes,
  formatCount,
  formatFixed,
  formatGiven,
  formatNumber,
  formatPowerOfTen,
  formatShare,
} from '../../../src/shared/formatting/formatNumber.ts'

const parse = (text: string) =>
  Number(
    text
      .replaceAll('\u2009', '')
      .replace('\u2212', '-')
      .replace(/(?:×)?10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)$/, (_, power: string) =>
        `e${[...power].map((digit) => (digit === '⁻' ? '-' : '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(digit))).join('')}`.replace(
          /^e/,
          'e',
        ),
      )
      .replace(/^e/, '1e'),
  )

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
    expect(formatPowerOfTen(-18)).toBe('10⁻¹⁸')
    expect([0, 1].map(formatPowerOfTen)).toEqual(['1', '10'])
  })

  it('leave given values as short as they were', () => {
    expect([0.001, 0.5, 512, 0.05].map(formatGiven)).toEqual(['0.001', '0.5', '512', '0.05'])
  })

  it('say what is not finite', () => {
    expect([NaN, Infinity, -Infinity].map((value) => formatNumber(value))).toEqual(['not a number', '∞', '\u2212∞'])
  })

  it('have shares and bytes with their units', () => {
    expect(formatShare(0.066)).toBe('6.6\u2009%')
    expect([0, 512, 9.04e6, 45e6, 1.2e9].map(formatBytes)).toEqual([
      '0\u2009B',
      '512\u2009B',
      '9.0\u2009MB',
      '45\u2009MB',
      '1.2\u2009GB',
    ])
  })
})
