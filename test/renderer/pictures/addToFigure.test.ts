import { beforeEach, describe, expect, it, vi } from 'vitest'
import { readKept } from '../../../src/renderer/composables/useKept.ts'
import { addToFigure, beginFigure } from '../../../src/renderer/pictures/addToFigure.ts'
import { areCompositions, type Composition, type PanelSource } from '../../../src/renderer/pictures/composition.ts'

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
const figures = () => readKept<Composition[]>('figures', [], areCompositions)
const sourcesOf = ({ panels }: Composition) => panels.map(({ source }) => source)

beforeEach(() => {
  const kept = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
  })
})

describe('a figure begun from another view', () => {
  it('has the panels that were looked at, as they were looked at, and lies on top of the others', () => {
    const first = beginFigure([loss])
    const second = beginFigure([accuracy, loss])
    expect(figures().map(({ id }) => id)).toEqual([second.id, first.id])
    expect(figures().map(sourcesOf)).toEqual([[accuracy, loss], [loss]])
    expect(figures().map(({ name }) => name)).toEqual(['Figure 2', 'Figure 1'])
  })

  it('takes the place of one that has no panels yet, and of no other', () => {
    const empty = beginFigure([])
    expect(beginFigure([loss]).id).toBe(empty.id)
    expect(figures()).toHaveLength(1)
    expect(addToFigure(accuracy).id).toBe(empty.id)
    expect(figures().map(sourcesOf)).toEqual([[loss, accuracy]])
  })
})
