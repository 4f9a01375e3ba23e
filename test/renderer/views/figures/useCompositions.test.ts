import { beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick } from 'vue'
import { addToFigure } from '../../../../src/renderer/pictures/addToFigure.ts'
import { readFigures } from '../../../../src/renderer/pictures/keptFigures.ts'
import { restoreFigure, useCompositions } from '../../../../src/renderer/views/figures/useCompositions.ts'
import type { PanelSource } from '../../../../src/shared/figures/sources/sources.ts'

const source = (runId: string): PanelSource => ({ kind: 'circles', runId, step: 'last', layer: 'E' })

beforeEach(() => {
  const kept = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
  })
})

function figures() {
  const compositions = useCompositions()
  const { figure } = compositions
  const runs = () => figure.value.panels.map(({ source: from }) => ('runId' in from ? from.runId : '')).join('')
  for (const runId of 'abc') compositions.addPanel(source(runId))
  return { ...compositions, runs }
}

describe('a figure that was deleted', () => {
  const inView = () => {
    const scope = effectScope()
    return { ...scope.run(() => figures())!, leave: () => scope.stop() }
  }

  it('comes back also when its view has gone, among those that came since, and into the view that is shown then', async () => {
    const { remove, leave, figure } = inView()
    figure.value = { ...figure.value, name: 'the one' }
    const removed = remove()
    await nextTick()
    leave()
    expect(readFigures().map(({ name }) => name)).toEqual(['Figure 1'])
    restoreFigure(removed)
    expect(readFigures().map(({ name }) => name)).toEqual(['the one', 'Figure 1'])
    const again = inView()
    const [{ id }] = [again.figure.value]
    expect(id).toBe(removed.id)
    again.remove()
    restoreFigure(removed)
    expect(again.figure.value).toEqual(removed)
    await nextTick()
    again.leave()
    expect(readFigures().map(({ name }) => name)).toContain('the one')
  })

  it('takes the place that it had where it is still there', () => {
    const { start, figure, all, leave } = inView()
    const [first] = [figure.value]
    start('second')
    restoreFigure({ ...first, name: 'as before' })
    expect(all.value.map(({ name }) => name)).toEqual(['second', 'as before'])
    expect(figure.value.name).toBe('as before')
    leave()
  })
})

describe('a figure that was opened', () => {
  it('is the one that panels from other views go into', async () => {
    const { start, open, figure } = figures()
    const [{ id }] = [figure.value]
    start('second')
    open(id)
    await nextTick()
    expect(readFigures().map(({ name }) => name)).toEqual(['Figure 1', 'second'])
    expect(addToFigure(source('d')).id).toBe(id)
  })

  it('has texts of its own: one undo takes back what was written in it alone', () => {
    const { start, open, figure, undo } = figures()
    const write = (caption: string) => (figure.value = { ...figure.value, caption })
    const [{ id }] = [figure.value]
    start('second')
    write('of the second')
    open(id)
    write('of the first')
    undo()
    expect([figure.value.name, figure.value.caption]).toEqual(['Figure 1', ''])
    open('')
    undo()
    expect([figure.value.name, figure.value.caption]).toEqual(['second', ''])
  })
})

describe('changes of figures', () => {
  it('are undone one by one, and done again', () => {
    const { runs, movePanel, removePanel, undo, redo, canUndo, canRedo } = figures()
    movePanel(2, -2)
    removePanel(1)
    expect(runs()).toBe('cb')
    undo()
    expect(runs()).toBe('cab')
    undo()
    expect(runs()).toBe('abc')
    redo()
    expect(runs()).toBe('cab')
    for (let k = 0; k < 20; k++) undo()
    expect([runs(), canUndo.value, canRedo.value]).toEqual(['', false, true])
  })

  it('are forgotten where something else was done after undoing', () => {
    const { runs, undo, redo, addPanel, canRedo } = figures()
    undo()
    addPanel(source('d'))
    expect(canRedo.value).toBe(false)
    redo()
    expect(runs()).toBe('abd')
  })

  it('of one text are one change, however many letters it has', () => {
    const { figure, undo } = figures()
    const write = (name: string) => (figure.value = { ...figure.value, name })
    for (const name of ['D', 'De', 'Del']) write(name)
    figure.value = { ...figure.value, caption: 'c' }
    figure.value = { ...figure.value, columns: 3 }
    undo()
    expect(figure.value).toMatchObject({ name: 'Del', caption: 'c', columns: 2 })
    undo()
    expect(figure.value).toMatchObject({ name: 'Del', caption: '' })
    undo()
    expect(figure.value.name).toBe('Figure 1')
  })

  it('bring a deleted figure back, and are kept as they are then', async () => {
    const { all, figure, remove, start, undo } = figures()
    start('second')
    remove()
    expect(all.value.map(({ name }) => name)).toEqual(['Figure 1'])
    undo()
    expect(figure.value.name).toBe('second')
    await nextTick()
    expect(readFigures().map(({ name }) => name)).toEqual(['second', 'Figure 1'])
  })

  it('of places beyond the ends go to the ends', () => {
    const { runs, movePanel } = figures()
    movePanel(0, 9)
    movePanel(0, -5)
    expect(runs()).toBe('bca')
  })
})
