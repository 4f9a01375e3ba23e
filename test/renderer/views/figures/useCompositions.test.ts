import { beforeEach, describe, expect, it } from 'vitest'
import { effectScope, nextTick } from 'vue'
import { createComposition, type Composition } from '../../../../src/shared/figures/composition.ts'
import type { PanelSource } from '../../../../src/shared/figures/sources/sources.ts'
import { figurePages, passTime } from '../../../support/figurePages.ts'

const pages = figurePages()
const source = (runId: string): PanelSource => ({ kind: 'circles', runId, step: 'last', layer: 'E' })

let useCompositions: typeof import('../../../../src/renderer/views/figures/useCompositions.ts').useCompositions
let restoreFigure: typeof import('../../../../src/renderer/views/figures/useCompositions.ts').restoreFigure
let addToFigure: typeof import('../../../../src/renderer/pictures/addToFigure.ts').addToFigure
let readFigures: typeof import('../../../../src/renderer/pictures/keptFigures.ts').readFigures

async function openPage() {
  const page = await pages.open()
  ;({ readFigures } = page)
  ;({ useCompositions, restoreFigure } = await import('../../../../src/renderer/views/figures/useCompositions.ts'))
  ;({ addToFigure } = await import('../../../../src/renderer/pictures/addToFigure.ts'))
  return page
}

beforeEach(() => openPage())

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
    expect(readFigures()).toEqual([])
    restoreFigure(removed)
    expect(readFigures().map(({ name }) => name)).toEqual(['the one'])
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
    expect((await addToFigure(source('d'))).id).toBe(id)
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

describe('a figure that is made where there is none', () => {
  it('is kept as long as something is done to it', async () => {
    const { addPanel, undo, redo } = useCompositions()
    await passTime()
    expect(readFigures()).toEqual([])
    addPanel(source('a'))
    await passTime()
    expect(pages.kept()).toHaveLength(1)
    undo()
    await passTime()
    expect([readFigures(), pages.kept()]).toEqual([[], []])
    redo()
    await passTime()
    expect(pages.kept().map((kept) => kept.figure.panels.length)).toEqual([1])
  })
})

describe('what another window does to figures', () => {
  /** As another window does it. */
  async function elsewhere(figure: Composition) {
    const found = pages.kept().find((kept) => kept.figure.id === figure.id)
    await pages.ask('figure.write', { figure: { ...figure }, before: found?.revision ?? null })
  }
  const names = (all: readonly Composition[]) => all.map(({ name }) => name)

  it('appears, and takes the place of a figure to which nothing was done', async () => {
    const { all, figure } = useCompositions()
    expect(names(all.value)).toEqual(['Figure 1'])
    const [one, two] = ['one', 'two'].map((name) => createComposition(name)) as [Composition, Composition]
    await elsewhere(one)
    expect([names(all.value), figure.value]).toEqual([['one'], one])
    await elsewhere(two)
    await elsewhere({ ...one, name: 'renamed' })
    expect([names(all.value), figure.value.name]).toEqual([['two', 'renamed'], 'renamed'])
    await passTime()
    expect(pages.kept()).toHaveLength(2)
  })

  it('to the one on the table leaves nothing of it selected where that is gone', async () => {
    const { figure, selected, start, addPanel } = useCompositions()
    const other = createComposition('other')
    await elsewhere(other)
    start('mine')
    addPanel(source('a'))
    await passTime()
    const [{ revision } = { revision: '' }] = pages.kept()
    await pages.ask('figure.remove', { id: figure.value.id, before: revision })
    expect([figure.value, selected.value]).toEqual([other, null])
  })

  it('is not taken back by what is undone here', async () => {
    const { all, figure, start, undo, redo, canUndo, canRedo, addPanel } = useCompositions()
    const other = createComposition('other')
    await elsewhere(other)
    start('mine')
    addPanel(source('a'))
    await passTime()
    await elsewhere({ ...other, name: 'of another' })
    undo()
    expect([figure.value.panels, names(all.value)]).toEqual([[], ['mine', 'of another']])
    redo()
    undo()
    undo()
    expect([names(all.value), canUndo.value, canRedo.value]).toEqual([['of another'], false, true])
    await passTime()
    expect(names(pages.kept().map((kept) => kept.figure))).toEqual(['of another'])
  })

  it('is undone here neither where it was the same figure', async () => {
    await elsewhere(createComposition('other'))
    const { figure, canUndo, start } = useCompositions()
    start('mine')
    figure.value = { ...figure.value, caption: 'c' }
    await passTime()
    await elsewhere({ ...figure.value, name: 'of another' })
    expect([figure.value.name, canUndo.value]).toEqual(['of another', false])
  })

  it('leaves what is done to the same figure here as a further one on the table, whose steps are undone as before', async () => {
    const { all, figure, selected, start, addPanel, undo } = useCompositions()
    start('mine')
    await passTime()
    for (const runId of 'ab') addPanel(source(runId))
    const [before] = pages.kept()
    await elsewhere({ ...before!.figure, caption: 'there' })
    await passTime()
    expect(names(all.value)).toEqual(['mine (2)', 'mine'])
    expect(figure.value).toMatchObject({ name: 'mine (2)', caption: '', panels: [{}, {}] })
    expect(selected.value).toBe(1)
    undo()
    expect([figure.value.name, figure.value.panels.length, selected.value]).toEqual(['mine (2)', 1, null])
    await passTime()
    expect(pages.kept().map((kept) => kept.figure)).toEqual(all.value)
  })
})
