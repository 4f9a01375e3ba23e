import { beforeEach, describe, expect, it, vi } from 'vitest'
import { keep } from '../../../src/renderer/composables/useKept.ts'
import { addToFigure, beginFigure } from '../../../src/renderer/pictures/addToFigure.ts'
import { readFigures } from '../../../src/renderer/pictures/keptFigures.ts'
import { createComposition, type Composition } from '../../../src/shared/figures/composition.ts'
import type { PanelSource } from '../../../src/shared/figures/sources/sources.ts'

const loss: PanelSource = {
  kind: 'runs',
  runIds: ['a', 'b'],
  measurement: 'testMse',
  axis: 'logStep',
  vertical: 'log',
  spread: 'error',
  groupBy: 'wd',
}
const accuracy: PanelSource = { ...loss, measurement: 'testAccuracy', vertical: 'linear' }
const sourcesOf = ({ panels }: Composition) => panels.map(({ source }) => source)

beforeEach(() => {
  const kept = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
  })
})

describe('figures that this browser keeps', () => {
  it('are read with the axis of computing time by its former name too', () => {
    const [named, former] = ['computeTime', 'clock'].map((axis) => ({
      ...createComposition('kept'),
      panels: [{ id: 'p', source: { ...loss, axis } }],
    }))
    keep('figures', [former])
    expect(readFigures()).toEqual([{ ...named, id: former!.id }])
  })

  it('are none where something else was kept, which stays', () => {
    keep('figures', [{ name: 3 }])
    expect(readFigures()).toEqual([])
    beginFigure([{ source: loss }])
    expect(readFigures()).toHaveLength(1)
    expect(JSON.parse(localStorage.getItem('grokscope.figures')!)).toContainEqual({ name: 3 })
  })
})

describe('a figure begun from another view', () => {
  it('has the panels that were looked at, as they were looked at, and lies on top of the others', () => {
    const first = beginFigure([{ source: loss }])
    const second = beginFigure([
      { source: accuracy },
      { source: loss, look: { curves: { 'seed 1': { strong: true } } } },
    ])
    expect(readFigures().map(({ id }) => id)).toEqual([second.id, first.id])
    expect(readFigures().map(sourcesOf)).toEqual([[accuracy, loss], [loss]])
    expect(readFigures()[0]!.panels.map(({ look }) => look)).toEqual([
      undefined,
      { curves: { 'seed 1': { strong: true } } },
    ])
    expect(readFigures().map(({ name }) => name)).toEqual(['Figure 2', 'Figure 1'])
  })

  it('takes the place of one that has no panels yet, and of no other', () => {
    const empty = beginFigure([])
    expect(beginFigure([{ source: loss }]).id).toBe(empty.id)
    expect(readFigures()).toHaveLength(1)
    expect(addToFigure(accuracy).id).toBe(empty.id)
    expect(readFigures().map(sourcesOf)).toEqual([[loss, accuracy]])
  })
})
