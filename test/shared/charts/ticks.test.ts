import { describe, expect, it } from 'vitest'
import { createScale } from '../../../src/shared/charts/scale.ts'
import { makeTicks, niceDomain, niceStep, ticksOfAxis } from '../../../src/shared/charts/ticks.ts'
import { parseNumeral } from '../../support/parseNumeral.ts'

const labels = (kind: 'linear' | 'log', domain: [number, number], width = 600, zero = false) =>
  makeTicks(createScale(kind, domain, [0, width], zero), 60).major.map(({ label }) => label)

describe('ticks', () => {
  it('stand at round numbers with as many decimals as they need', () => {
    expect(labels('linear', [0, 1], 350)).toEqual(['0.0', '0.2', '0.4', '0.6', '0.8', '1.0'])
    expect(labels('linear', [0, 5000])).toContain('2\u2009500')
    expect(labels('linear', [-0.4, 0.4], 200)).toContain('\u22120.4')
  })

  it.each([
    [0, 1],
    [0, 37],
    [-0.3, 0.45],
    [1234, 9876],
    [-1e-9, 3e-9],
  ])('are at least two and never crowd, on %d … %d', (low, high) => {
    for (const width of [120, 300, 900]) {
      const { major } = makeTicks(createScale('linear', [low, high], [0, width]), 60)
      expect(major.length).toBeGreaterThanOrEqual(2)
      for (const { at } of major) {
        expect(at).toBeGreaterThanOrEqual(low - 1e-9 * (high - low))
        expect(at).toBeLessThanOrEqual(high + 1e-9 * (high - low))
      }
    }
  })

  it('at values that were chosen are labeled where these find room, first and last before others, else marked', () => {
    const scale = createScale('linear', [0, 100], [200, 0])
    const { major, minor } = ticksOfAxis(scale, { chosen: [1, 2, 50, 99, 100] }, 40)
    expect(major).toEqual([1, 50, 100].map((at) => ({ at, label: String(at) })))
    expect(minor).toEqual([2, 99])
  })

  it('of a log axis are powers of ten, plain near 1 and raised far from it', () => {
    expect(labels('log', [0.01, 1])).toEqual(['0.01', '0.1', '1'])
    expect(labels('log', [1e-26, 1e-18], 240)).toEqual(['10⁻²⁶', '10⁻²⁴', '10⁻²²', '10⁻²⁰', '10⁻¹⁸'])
    expect(labels('log', [1, 1000], 600, true)).toEqual(['0', '1', '10', '100', '1\u2009000'])
  })

  it.each([
    [-3, 17, ['1', '10⁵', '10¹⁰', '10¹⁵']],
    [0, 37, ['1', '10¹⁰', '10²⁰', '10³⁰']],
    [-60, 20, ['10⁻⁶⁰', '10⁻⁴⁰', '10⁻²⁰', '1', '10²⁰']],
    [-150, 150, ['10⁻¹⁰⁰', '1', '10¹⁰⁰']],
    [-300, 300, ['10⁻²⁰⁰', '1', '10²⁰⁰']],
    [31, 38, ['10³²', '10³⁴', '10³⁶', '10³⁸']],
  ])('of a log axis of very many powers of ten have round exponents: from %d to %d', (low, high, expected) => {
    expect(labels('log', [10 ** low, 10 ** high], 240)).toEqual(expected)
  })

  it('of a log axis never repeat nor crowd, however wide it is', () => {
    for (let low = -300; low < 300; low += 7) {
      for (const span of [2, 9, 20, 41, 80, 150, 299]) {
        for (const width of [120, 240, 600]) {
          const found = labels('log', [10 ** low, 10 ** Math.min(300, low + span)], width)
          expect(new Set(found).size).toBe(found.length)
          expect(found.length).toBeGreaterThanOrEqual(2)
          expect(found.length).toBeLessThanOrEqual(1 + width / 60)
        }
      }
    }
  })

  it('of a log axis with one power of ten name twos and fives too', () => {
    expect(labels('log', [2, 60])).toEqual(['2', '5', '10', '20', '50'])
  })

  it('of a log axis with one power of ten stand apart in a low chart', () => {
    for (const height of [30, 60, 100, 300]) {
      const scale = createScale('log', [2e-149, 5e-148], [height, 0])
      const { major } = makeTicks(scale, 30)
      expect(major.length).toBeLessThanOrEqual(Math.max(3, 1 + height / 30))
      expect(major.length).toBeGreaterThanOrEqual(2)
    }
  })

  it('of what is counted are whole numbers, however few there are', () => {
    const counted = (kind: 'linear' | 'log', domain: [number, number], zero = false) =>
      makeTicks(createScale(kind, domain, [0, 600], zero), 60, true)
    const words = (...[kind, domain, zero]: Parameters<typeof counted>) =>
      counted(kind, domain, zero).major.map(({ label }) => label)
    expect(words('linear', [0, 1])).toEqual(['0', '1'])
    expect(words('linear', [-0.1, 2.1])).toEqual(['0', '1', '2'])
    expect(words('linear', [3.2, 4.1])).toEqual(['4'])
    expect(words('linear', [3.2, 3.8])).toEqual([])
    expect(words('linear', [0, 5000])).toEqual(labels('linear', [0, 5000]))
    expect(words('log', [0.5, 1], true)).toEqual(['0', '1'])
    expect(words('log', [1, 2], true)).toEqual(['0', '1', '2'])
    expect(words('log', [0.1, 1])).toEqual(['1'])
    expect(words('log', [0.05, 300])).toEqual(['1', '10', '100'])
    expect(counted('log', [0.05, 300]).minor.filter((at) => !Number.isInteger(at))).toEqual([])
    expect(words('log', [0.2, 0.9])).toEqual([])
  })

  it('divide a span by 1, 2 or 5', () => {
    expect(niceStep(10, 10)).toBe(1)
    expect(niceStep(10, 6)).toBe(2)
    expect(niceStep(10, 3)).toBe(5)
    expect(niceStep(0.7, 6)).toBeCloseTo(0.2, 12)
  })
})

/** Ranges of every size, around zero and far from it, turned round, and narrower than numbers can tell. */
const ranges = [-300, -12, -9, -6, -3, -1, 0, 1, 3, 6, 7, 9, 12, 300].flatMap((exponent) => {
  const unit = Number(`1e${exponent}`)
  const spans: [number, number][] = [
    [0, unit],
    [0, 3.7 * unit],
    [-0.45 * unit, 0.3 * unit],
    [-9.99 * unit, -1.01 * unit],
    [unit, 0],
    ...[1e-1, 1e-3, 1e-6, 1e-9, 1e-12, 1e-15, 0].map((share): [number, number] => [7 * unit, 7 * unit * (1 + share)]),
    ...[1e-2, 1e-7, 1e-11].map((share): [number, number] => [-3 * unit, -3 * unit * (1 - share)]),
  ]
  return spans
})
const positive = ranges.filter(([low, high]) => low > 0 && high > low)
const wide: [number, number][] = [
  [1e-26, 1e-18],
  [2e-7, 9e-7],
  [3e-7, 4e-5],
  [1e-300, 1e300],
  [0.002, 300],
  [1, 7e6],
  [5e8, 3e9],
]
/** "−7.0000000001 × 10⁻³⁰⁰": ten decimals where the axis is a thousand million times further from zero than it is long. */
const maxLetters = 22

describe('the labels of an axis', () => {
  const axes = [
    ...ranges.map((domain) => ['linear', domain] as const),
    ...[...positive, ...wide].map((domain) => ['log', domain] as const),
  ]

  it.each(axes)('differ, are what they stand at, and are short: %s, %j', (kind, domain) => {
    for (const [from, to] of [
      [0, 110],
      [300, 0],
      [40, 1400],
    ] as const) {
      // prettier-ignore
      const scale = createScale(kind, domain, [from, to])
      const { major } = makeTicks(scale, 50)
      expect(major.length).toBeGreaterThanOrEqual(2)
      expect(new Set(major.map(({ label }) => label)).size).toBe(major.length)
      for (const { at, label } of major) {
        const { value, lastDigit } = parseNumeral(label)
        expect([label, Math.abs(value - at) <= 0.5 * lastDigit]).toEqual([label, true])
        expect([label, label.length <= maxLetters]).toEqual([label, true])
        const pixel = scale.at(at)
        expect([label, pixel >= Math.min(from, to) - 0.5 && pixel <= Math.max(from, to) + 0.5]).toEqual([label, true])
      }
    }
  })

  it.each(ranges)('share their decimals and their power of ten on a linear axis: %d … %d', (...domain) => {
    const { major } = makeTicks(createScale('linear', domain, [0, 600]), 60)
    const shapes = major
      .filter(({ label }) => label !== '0')
      .map(({ label }) =>
        label.replace(/^[\u2212\d\u2009]+?(?=\.|\u2009×|$)/, '').replace(/\.\d+/, (all) => `.${all.length}`),
      )
    expect([...new Set(shapes)]).toHaveLength(1)
  })
})

describe('niceDomain', () => {
  it.each([
    ['linear', [0.013, 0.97]],
    ['linear', [-7, 1234]],
    ['log', [0.0072, 0.83]],
    ['log', [287, 10580]],
  ] as const)('covers the data of a %s axis, %j, without much room', (kind, [low, high]) => {
    const [from, to] = niceDomain(kind, [low, high])
    expect(from).toBeLessThanOrEqual(low)
    expect(to).toBeGreaterThanOrEqual(high)
    if (kind === 'log') expect(to / from).toBeLessThanOrEqual((high / low) * 6.25)
    else expect(to - from).toBeLessThanOrEqual(2 * (high - low))
  })

  it('takes what differs by rounding alone for a single value', () => {
    expect(niceDomain('linear', [1 - 1e-11, 1 + 1e-10])).toEqual(
      [0.9, 1.1].map((end) => expect.closeTo(end, 9) as number),
    )
    expect(niceDomain('linear', [1, 1.0001])[1]).toBeLessThan(1.001)
  })

  it('has a width for a single value', () => {
    for (const value of [0, 3, -2]) expect(niceDomain('linear', [value, value])[0]).toBeLessThan(value)
    expect(niceDomain('log', [5, 5])).toEqual([2.5, 10])
  })
})
