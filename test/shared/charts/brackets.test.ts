import { describe, expect, it } from 'vitest'
import { markExpectations, markLevels } from '../../../src/shared/charts/brackets.ts'
import type { Taken } from '../../../src/shared/charts/freeSpot.ts'
import { createScale } from '../../../src/shared/charts/scale.ts'

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
    const [mark] = markExpectations([{ label: 'expected', fromX: 2000, least: 0.5, most: 1 }], layout)
    expect(mark).toMatchObject({ kind: 'bracket', label: 'expected' })
    expect(mark!.kind === 'bracket' && mark!.path).toContain('M235 20h10')
    expect(mark!.kind === 'bracket' && mark!.path).toContain('M235 120h10')
  })

  it('draws a band over a range of steps', () => {
    const [mark] = markExpectations([{ label: '', fromX: 1000, toX: 2000, least: 0.75, most: 0.8 }], layout)
    expect(mark).toMatchObject({ kind: 'band', x: 140, width: 100 })
    expect(mark!.kind === 'band' && mark!.height).toBeCloseTo(10, 9)
  })

  it('names a long bracket where no curve runs through its name', () => {
    const series = { name: '', role: 'single' as const, x: new Float64Array(), y: new Float64Array() }
    // A curve that rises to the left of the bracket, through the place to the left of its middle.
    const strokes = [{ series, points: Float32Array.of(0, 190, 130, 150, 180, 20, 400, 0) }]
    const [mark] = markExpectations([{ label: 'expected 0.1–1', fromX: 2000, least: 0.1, most: 1 }], {
      ...layout,
      strokes,
    })
    expect(mark!.kind === 'bracket' && mark!.text.anchor).toBe('start')
  })

  it('names marks that stand together apart from one another', () => {
    const taken: Taken[] = []
    const together = [2000, 2010].map((fromX) => ({ label: 'expected', fromX, least: 0.4, most: 0.5 }))
    markExpectations([...together, { label: 'band', fromX: 1500, toX: 3000, least: 0.2, most: 0.3 }], layout, taken)
    markLevels(
      [0.21, 0.22, 0.3].map((at) => ({ at, label: `chance, ${at}` })),
      layout,
      taken,
    )
    const meet = (a: Taken, b: Taken) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
    const words = taken.filter(({ bottom, top }) => bottom - top === 13)
    expect(words).toHaveLength(6)
    expect(words.flatMap((one, place) => words.slice(place + 1).filter((other) => meet(one, other)))).toEqual([])
  })

  it('leaves out what is not in view', () => {
    expect(markExpectations([{ label: '', fromX: 9000, least: 0, most: 1 }], layout)).toEqual([])
    expect(markExpectations([{ label: '', fromX: 5000, toX: 6000, least: 0, most: 1 }], layout)).toEqual([])
  })
})
