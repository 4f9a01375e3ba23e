import { describe, expect, it } from 'vitest'
import { markExpectations, markLevels, markMoments, placeLines } from '../../../src/shared/charts/brackets.ts'
import { overlap, takenBy, type Taken } from '../../../src/shared/charts/freeSpot.ts'
import { createScale } from '../../../src/shared/charts/scale.ts'
import { printFace } from '../../../src/shared/charts/textWidth.ts'
import type { Moment, Series } from '../../../src/shared/panel.ts'

const face = printFace(11)
const area = { left: 40, right: 440, top: 20, bottom: 220 }
const layout = {
  area,
  x: createScale('linear', [0, 4000], [area.left, area.right]),
  y: createScale('linear', [0, 1], [area.bottom, area.top]),
  strokes: [],
  nothing: null,
}

describe('markExpectations', () => {
  it('draws a bracket between the bounds at its step', () => {
    const [mark] = markExpectations([{ label: 'expected', fromX: 2000, min: 0.5, max: 1 }], layout, face)
    expect(mark).toMatchObject({ kind: 'bracket', label: 'expected' })
    expect(mark!.kind === 'bracket' && mark!.path).toContain('M235 20h10')
    expect(mark!.kind === 'bracket' && mark!.path).toContain('M235 120h10')
  })

  it('draws a band over a range of steps', () => {
    const [mark] = markExpectations([{ label: '', fromX: 1000, toX: 2000, min: 0.75, max: 0.8 }], layout, face)
    expect(mark).toMatchObject({ kind: 'band', x: 140, width: 100 })
    expect(mark!.kind === 'band' && mark!.height).toBeCloseTo(10, 9)
  })

  it('names a long bracket where no curve runs through its name', () => {
    const series = { name: '', role: 'single' as const, x: new Float64Array(), y: new Float64Array() }
    // A curve that rises to the left of the bracket, through the place to the left of its middle.
    const strokes = [{ series, points: Float32Array.of(0, 190, 130, 150, 180, 20, 400, 0) }]
    const [mark] = markExpectations(
      [{ label: 'expected 0.1–1', fromX: 2000, min: 0.1, max: 1 }],
      {
        ...layout,
        strokes,
      },
      face,
    )
    expect(mark!.kind === 'bracket' && mark!.text.anchor).toBe('start')
  })

  it('names a band within the area where one of its ends leaves room', () => {
    const band = { label: 'half rise of 20 others', fromX: 100, toX: 900, min: 0.48, max: 0.52 }
    const [mark] = markExpectations([band], layout, face)
    const { left } = takenBy(mark!.text, face.widthOf(band.label))
    expect(mark!.text.anchor).toBe('start')
    expect(left).toBeGreaterThanOrEqual(area.left)
    // Where a curve runs through the name there, it still does not go over the axis.
    const series = { name: '', role: 'single' as const, x: new Float64Array(), y: new Float64Array() }
    const strokes = [{ series, points: Float32Array.of(0, 88, 400, 88) }]
    const [beside] = markExpectations([band], { ...layout, strokes }, face)
    expect(takenBy(beside!.text, face.widthOf(band.label)).left).toBeGreaterThanOrEqual(area.left)
  })

  it('names marks that stand together apart from one another', () => {
    const taken: Taken[] = []
    const together = [2000, 2010].map((fromX) => ({ label: 'expected', fromX, min: 0.4, max: 0.5 }))
    markExpectations([...together, { label: 'band', fromX: 1500, toX: 3000, min: 0.2, max: 0.3 }], layout, face, taken)
    markLevels(
      [0.21, 0.22, 0.3].map((at) => ({ at, label: `chance, ${at}` })),
      layout,
      face,
      taken,
    )
    const meet = (a: Taken, b: Taken) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
    const words = taken.filter(({ bottom, top }) => bottom - top === 13)
    expect(words).toHaveLength(6)
    expect(words.flatMap((one, place) => words.slice(place + 1).filter((other) => meet(one, other)))).toEqual([])
  })

  it('leaves out what is not in view', () => {
    expect(markExpectations([{ label: '', fromX: 9000, min: 0, max: 1 }], layout, face)).toEqual([])
    expect(markExpectations([{ label: '', fromX: 5000, toX: 6000, min: 0, max: 1 }], layout, face)).toEqual([])
  })
})

describe('words that find no room', () => {
  it('are left out of a level, whose line stays, and of what is to come', () => {
    const everywhere = (): Taken[] => [{ ...area }]
    const [level] = markLevels([{ at: 0.5, label: 'chance, 1/2' }], layout, face, everywhere())
    expect([level!.y, level!.label]).toEqual([120, ''])
    expect(placeLines(['10 steps to come'], layout, face, everywhere())).toEqual([])
  })

  it('go elsewhere where there is room', () => {
    const low: Taken[] = [{ ...area, top: 140 }]
    const spots = placeLines(['10 steps to come', 'the view widens'], layout, face, low)
    expect(spots).toHaveLength(2)
    expect(Math.max(...spots.map(({ y }) => y))).toBeLessThan(140)
  })
})

describe('markMoments', () => {
  const moment = (at: number, label = 'wd 0'): Moment => ({ at, label, tone: 'intervention' })
  const having = (...moments: Moment[]) => ({ moments, series: [] })

  it('draws each at its place, and names it within the area', () => {
    const { marks, beyond } = markMoments(having(moment(1000), moment(4000)), layout, face)
    expect(marks.map(({ x }) => x)).toEqual([140, 440])
    expect(marks.map(({ label, spot }) => [label, spot.anchor])).toEqual([
      ['wd 0', 'start'],
      ['wd 0', 'end'],
    ])
    expect(beyond).toEqual([])
  })

  it('draws those at one place as one, under the names of all', () => {
    const { marks } = markMoments(
      having(moment(1000, 'keep k = 1'), moment(1000, '$E$ × 2'), moment(1000, '$E$ × 2')),
      layout,
      face,
    )
    expect(marks.map(({ label }) => label)).toEqual(['keep k = 1; $E$ × 2'])
    const ofOne = ['wd 0', 'wd 1'].map((label) => ({ ...moment(1000, label), whose: 'seed 1' }))
    expect(markMoments(having(moment(1000, 'wd 2'), ...ofOne), layout, face).marks.map(({ label }) => label)).toEqual([
      'wd 2; wd 0; wd 1 (seed 1)',
    ])
  })

  it('draws one in the color of the series that it is of, however these are dressed: of a group in that of its center', () => {
    const curve = { x: new Float64Array(1), y: new Float64Array(1) }
    const series: Series[] = [
      { ...curve, name: 'a, from', role: 'single', color: 1, of: { group: 'a', statistic: 'low' } },
      { ...curve, name: 'a', role: 'mean', color: 1, ink: '#123456', of: { group: 'a', statistic: 'mean' } },
      { ...curve, name: 'b', role: 'single', color: 4, of: { run: 'b' } },
    ]
    const of = (at: number, series: Record<string, string>): Moment => ({ ...moment(at), series })
    const moments = [of(1000, { group: 'a' }), of(2000, { run: 'b' }), of(3000, { run: 'hidden' }), moment(3500)]
    const lookAt = (...moments: Moment[]) =>
      markMoments({ moments, series }, layout, face).marks.map(({ color, ink }) => [color, ink])
    expect(lookAt(...moments)).toEqual([
      [1, '#123456'],
      [4, undefined],
      [undefined, undefined],
      [undefined, undefined],
    ])
    expect(lookAt(of(1000, { group: 'a' }), of(1000, { run: 'b' }))).toEqual([[undefined, undefined]])
  })

  it('counts what lies beyond the axis at the end beyond which it lies', () => {
    const clockUnknown = { ...moment(NaN), of: { step: 9000 } }
    const { marks, beyond } = markMoments(having(moment(-100), moment(5000), clockUnknown), layout, face)
    expect(marks).toEqual([])
    expect(beyond.map(({ label }) => label)).toEqual(['‹ 1 earlier', '2 later ›'])
  })

  it('has a place for zero on a logarithmic axis that shows zero, else counts it', () => {
    const log = (showsZero: boolean) => ({
      ...layout,
      x: createScale('log', [1, 1000], [area.left, area.right], showsZero),
    })
    expect(markMoments(having(moment(0)), log(true), face).marks.map(({ x }) => x)).toEqual([area.left])
    expect(markMoments(having(moment(0)), log(false), face).beyond.map(({ label }) => label)).toEqual(['‹ 1 earlier'])
  })

  it('names one clear of the lines of others where it can', () => {
    const { marks } = markMoments(having(moment(2000, 'remove 12 frequencies'), moment(2100)), layout, face)
    expect(marks[0]!.spot.anchor).toBe('end')
  })

  it('says it in few words where there is no room for all, and nothing where there is none for these', () => {
    const origin = { ...moment(0, 'from step 5 660 of the run that came before'), short: 'from step 5 660' }
    const labelIn = (width: number) => {
      const right = area.left + width
      const x = createScale('linear', [0, 4000], [area.left, right])
      return markMoments(having(origin), { ...layout, area: { ...area, right }, x }, face).marks[0]!.label
    }
    expect([400, 150, 50].map(labelIn)).toEqual([origin.label, origin.short, ''])
  })

  it('names one clear of the curves where it can', () => {
    const points = Float32Array.of(0, 5, 400, 5)
    const series = { name: '', role: 'single', x: new Float64Array(2), y: new Float64Array(2) } as const
    const { marks } = markMoments(having(moment(1000)), { ...layout, strokes: [{ series, points }] }, face)
    expect(marks[0]!.label).toBe('wd 0')
    expect(marks[0]!.spot.y).toBeGreaterThan(area.top + 5 + 11)
  })

  it('names as many as find room, one never over another, and draws the line of every one', () => {
    const taken: Taken[] = []
    const many = Array.from({ length: 40 }, (_, k) => moment(100 * k, 'remove 12 frequencies'))
    const { marks } = markMoments(having(...many), layout, face, taken)
    expect(marks).toHaveLength(40)
    const named = marks.filter(({ label }) => label !== '')
    expect(named.length).toBeGreaterThan(3)
    expect(named).toHaveLength(taken.length)
    expect(taken.flatMap((one, place) => taken.slice(place + 1).filter((other) => overlap(one, other)))).toEqual([])
  })
})
