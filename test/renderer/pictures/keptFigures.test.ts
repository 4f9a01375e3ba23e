import { beforeEach, describe, expect, it, vi } from 'vitest'
import { LabError } from '../../../src/shared/errors.ts'
import { createComposition, type Composition } from '../../../src/shared/figures/composition.ts'
import { fakeStorage } from '../../support/fakeStorage.ts'
import { figurePages, passTime } from '../../support/figurePages.ts'

const pages = figurePages()
const [one, two] = ['one', 'two'].map((name) => createComposition(name)) as [Composition, Composition]

const stored = () => pages.kept().map(({ figure }) => figure)
const namesStored = () => stored().map(({ name }) => name)
const inBrowser = () => Array.from({ length: localStorage.length }, (_, i) => localStorage.key(i)!).toSorted()
const drafts = () => inBrowser().filter((name) => name.startsWith('grokscope.figure.'))
const rename = (figure: Composition, name: string) => ({ ...figure, name })

/** As another window does it. */
async function elsewhere(id: string, figure: Composition | null): Promise<void> {
  const before = pages.kept().find((kept) => kept.figure.id === id)?.revision ?? null
  await (figure
    ? pages.ask('figure.write', { figure: { ...figure }, before })
    : pages.ask('figure.remove', { id, before }))
}

describe('what is done to figures', () => {
  it('is in the archive soon, in order, once for all that is done at once, and in the browser until then', async () => {
    const page = await pages.open()
    page.keepFigure(one)
    page.keepFigure(two)
    for (const name of ['o', 'on', 'only']) page.keepFigure(rename(one, name))
    expect(page.names()).toEqual(['two', 'only'])
    expect(drafts()).toHaveLength(2)
    expect(stored()).toEqual([])
    await passTime()
    expect(stored()).toEqual([two, rename(one, 'only')])
    expect(pages.asked.filter((name) => name === 'figure.write')).toHaveLength(2)
    expect(drafts()).toEqual([])
    page.deleteFigure(one.id)
    page.keepFigure(two)
    await passTime()
    expect(namesStored()).toEqual(['two'])
    expect(pages.asked.filter((name) => name !== 'figure.list')).toEqual([
      'figure.write',
      'figure.write',
      'figure.remove',
    ])
    expect([page.names(), page.toasts()]).toEqual([['two'], []])
  })

  it('while it is being written is written after that', async () => {
    const page = await pages.open()
    page.keepFigure(one)
    const { promise, resolve } = Promise.withResolvers<void>()
    pages.onTheWay = () => promise
    const sent = page.sendFigures()
    page.keepFigure(rename(one, 'more'))
    page.keepFigure(two)
    resolve()
    await sent
    expect(namesStored()).toEqual(['one'])
    expect(drafts()).toHaveLength(2)
    await passTime()
    expect(namesStored()).toEqual(['two', 'more'])
    expect([page.names(), page.toasts(), drafts()]).toEqual([['two', 'more'], [], []])
  })

  it('is written at once when the page is left', async () => {
    const page = await pages.open()
    page.keepFigure(one)
    page.leave()
    await vi.advanceTimersByTimeAsync(0)
    expect(stored()).toEqual([one])
  })

  it('is written by a later page where its own did not come to it, and is shown there', async () => {
    const page = await pages.open()
    page.keepFigure(one)
    await passTime()
    pages.onTheWay = () => new Promise(() => undefined)
    page.keepFigure(rename(one, 'changed'))
    page.keepFigure(two)
    await passTime()
    pages.endAll()
    pages.onTheWay = () => undefined
    const later = await pages.open()
    expect(later.names()).toEqual(['two', 'changed'])
    await passTime()
    expect(namesStored()).toEqual(['two', 'changed'])
    expect([later.toasts(), drafts()]).toEqual([[], []])
  })

  it('stays in the browser as long as it cannot be written, which is told once', async () => {
    const page = await pages.open()
    pages.onTheWay = (name) => {
      if (name === 'figure.write') throw new LabError('DISK_FULL', 'the disk is full')
    }
    page.keepFigure(one)
    await passTime()
    expect(pages.asked.filter((name) => name === 'figure.write').length).toBeGreaterThan(2)
    expect(page.toasts()).toEqual([expect.stringMatching(/^the disk is full\. /)])
    expect([page.figuresProblem.value, page.figuresWaiting.value]).toEqual(['the disk is full', 1])
    expect([page.names(), drafts().length]).toEqual([['one'], 1])
    pages.onTheWay = () => undefined
    await passTime()
    expect([stored(), drafts()]).toEqual([[one], []])
    expect([page.figuresProblem.value, page.figuresWaiting.value]).toEqual([null, 0])
  })

  it('keeps nothing else from being written where the host refuses it', async () => {
    const page = await pages.open()
    page.keepFigure({ ...one, width: '-1mm' })
    page.keepFigure(two)
    await passTime()
    expect(stored()).toEqual([two])
    expect(page.toasts()).toEqual([expect.stringContaining('figure.write: width')])
  })

  it('to an archive that is read only stays in the browser, over what the archive has', async () => {
    pages.archive.figures.write(one.id, JSON.stringify(one), null)
    pages.archive.figures.write(two.id, JSON.stringify(two), null)
    const page = await pages.open({ readOnly: true })
    page.keepFigure(rename(one, 'changed'))
    page.deleteFigure(two.id)
    await passTime()
    page.leave()
    expect(pages.asked).toEqual(['figure.list'])
    expect(page.names()).toEqual(['changed'])
    expect((await pages.open({ readOnly: true })).names()).toEqual(['changed'])
    expect(namesStored()).toEqual(['two', 'one'])
    const writable = await pages.open()
    await passTime()
    expect([writable.names(), namesStored()]).toEqual([['changed'], ['changed']])
    expect(drafts()).toEqual([])
  })

  it('stays where it is a deletion, whatever becomes of the figure elsewhere', async () => {
    pages.archive.figures.write(one.id, JSON.stringify(one), null)
    const page = await pages.open({ readOnly: true })
    page.keepFigure(rename(one, 'changed'))
    await elsewhere(one.id, null)
    page.deleteFigure(one.id)
    await elsewhere(one.id, one)
    expect(page.names()).toEqual([])
  })

  it('is seen in other windows, which are told of each change', async () => {
    const page = await pages.open()
    const changes: unknown[] = []
    page.onFigureChange((change) => changes.push(change))
    await elsewhere(one.id, one)
    await elsewhere(one.id, rename(one, 'changed'))
    expect(page.names()).toEqual(['changed'])
    await elsewhere(one.id, null)
    expect(page.names()).toEqual([])
    expect(changes).toEqual([one, rename(one, 'changed'), null].map((figure) => ({ id: one.id, figure })))
    pages.archive.figures.write(two.id, JSON.stringify(two), null)
    page.reconnect()
    await passTime()
    expect(changes.at(-1)).toEqual({ id: two.id, figure: two })
  })
})

describe('what a browser has no room for', () => {
  let isFull = false
  beforeEach(() => {
    isFull = false
    vi.stubGlobal(
      'localStorage',
      fakeStorage(() => isFull),
    )
  })

  it('comes to the archive, and nothing older of it comes back', async () => {
    const page = await pages.open()
    page.keepFigure(rename(one, 'first'))
    isFull = true
    page.keepFigure(one)
    page.putOnTable(one.id)
    expect([drafts(), page.areFiguresAtRisk.value]).toEqual([[], true])
    await passTime()
    expect([stored(), page.toasts(), page.areFiguresAtRisk.value]).toEqual([[one], [], false])
    pages.endAll()
    expect((await pages.open()).readFigures()).toEqual([one])
  })

  it('is on the table all the same', async () => {
    const page = await pages.open()
    page.keepFigure(one)
    page.putOnTable(one.id)
    page.keepFigure(two)
    isFull = true
    page.putOnTable(two.id)
    expect(page.names()).toEqual(['two', 'one'])
    page.putOnTable(one.id)
    expect(page.names()).toEqual(['one', 'two'])
  })

  it('is told, once, where the archive cannot take it', async () => {
    pages.archive.figures.write(one.id, JSON.stringify(one), null)
    const page = await pages.open({ readOnly: true })
    page.keepFigure(rename(one, 'kept'))
    expect(page.areFiguresAtRisk.value).toBe(false)
    isFull = true
    for (const name of ['n', 'no']) page.keepFigure(rename(one, name))
    expect([page.toasts(), page.areFiguresAtRisk.value]).toEqual([['the quota has been exceeded'], true])
    expect(page.names()).toEqual(['no'])
    isFull = false
    page.keepFigure(rename(one, 'kept again'))
    expect([drafts().length, page.areFiguresAtRisk.value]).toEqual([1, false])
  })
})

describe('a list of figures that cannot be read', () => {
  it('is asked for by one clock, however often the host tells that it changed, until it is read', async () => {
    const page = await pages.open()
    pages.onTheWay = (name) => {
      if (name === 'figure.list') throw new LabError('ARCHIVE_MOVED', 'the archive is gone')
    }
    for (let k = 0; k < 5; k++) page.reconnect()
    for (let k = 0; k < 5; k++) {
      pages.tell('figure.changed', null)
      await vi.advanceTimersByTimeAsync(0)
    }
    pages.asked.length = 0
    await passTime()
    expect(pages.asked.length).toBeLessThanOrEqual(6)
    expect(page.figuresProblem.value).toBe('the archive is gone')
    pages.onTheWay = () => undefined
    await passTime()
    expect(page.figuresProblem.value).toBeNull()
    pages.asked.length = 0
    await passTime()
    expect(pages.asked).toEqual([])
  })
})

describe('what was done to figures of one archive', () => {
  const fill = () => [one, two].forEach((each) => pages.archive.figures.write(each.id, JSON.stringify(each), null))

  it('is neither shown in another one at the same address, nor sent to it', async () => {
    const { path } = pages.archive
    fill()
    const page = await pages.open({ readOnly: true })
    page.keepFigure(rename(one, 'changed'))
    page.deleteFigure(two.id)
    pages.endAll()
    // With the same figures, as a copy has them.
    pages.serve()
    fill()
    const there = await pages.open()
    await passTime()
    expect([there.names(), stored(), there.toasts()]).toEqual([['two', 'one'], [two, one], []])
    there.keepFigure(rename(one, 'there'))
    pages.endAll()
    pages.serve(path)
    const again = await pages.open()
    expect(again.names()).toEqual(['changed'])
    await passTime()
    expect(namesStored()).toEqual(['changed'])
    expect(drafts()).toHaveLength(1)
  })

  it('waits for it where another host comes with another archive', async () => {
    const { path } = pages.archive
    fill()
    const page = await pages.open()
    const changes: unknown[] = []
    page.onFigureChange((change) => changes.push(change))
    const { promise, resolve } = Promise.withResolvers<void>()
    pages.onTheWay = () => promise
    page.keepFigure(rename(one, 'changed'))
    page.deleteFigure(two.id)
    const sent = page.sendFigures()
    pages.serve()
    fill()
    resolve()
    await sent
    await passTime()
    expect([page.names(), stored(), page.toasts()]).toEqual([['two', 'one'], [two, one], []])
    expect(changes).toEqual([
      { id: two.id, figure: two },
      { id: one.id, figure: one },
    ])
    expect(drafts()).toHaveLength(2)
    pages.serve(path)
    page.reconnect()
    await passTime()
    expect([page.names(), namesStored(), drafts()]).toEqual([['changed'], ['changed'], []])
  })
})

describe('a figure that another window changed meanwhile', () => {
  it('stays as it is there, and is here a further one with what was done here', async () => {
    const page = await pages.open()
    page.keepFigure(one)
    await passTime()
    page.putOnTable(one.id)
    const changes: unknown[] = []
    page.onFigureChange((change) => changes.push(change))
    const taken = createComposition('one (2)')
    await elsewhere(taken.id, taken)
    changes.length = 0
    page.keepFigure({ ...one, caption: 'here' })
    await elsewhere(one.id, { ...one, caption: 'there' })
    expect(changes).toEqual([])
    await passTime()
    const mine = { ...one, id: expect.any(String) as string, name: 'one (3)', caption: 'here' }
    expect(stored()).toEqual([mine, taken, { ...one, caption: 'there' }])
    expect(changes).toEqual([{ id: one.id, figure: { ...one, caption: 'there' }, mine }])
    expect(page.names()[0]).toBe('one (3)')
    expect(page.toasts()).toEqual(['one was changed in another window; your version is kept as one (3).'])
    expect(drafts()).toEqual([])
  })

  it('is not deleted', async () => {
    const page = await pages.open()
    page.keepFigure(one)
    await passTime()
    page.deleteFigure(one.id)
    await elsewhere(one.id, rename(one, 'there'))
    await passTime()
    expect([page.names(), namesStored()]).toEqual([['there'], ['there']])
    expect(page.toasts()).toEqual(['there was changed in another window, and is not deleted.'])
  })

  it('or deleted, stays with what was done here', async () => {
    const page = await pages.open()
    page.keepFigure(one)
    await passTime()
    page.keepFigure(rename(one, 'here'))
    await elsewhere(one.id, null)
    await passTime()
    expect([page.names(), namesStored()]).toEqual([['here'], ['here']])
    expect(page.toasts()).toEqual(['here was deleted in another window; your version is kept.'])
  })

  it('is no other than here where both made the same of it', async () => {
    const page = await pages.open()
    page.keepFigure(one)
    await passTime()
    page.keepFigure(rename(one, 'same'))
    await elsewhere(one.id, rename(one, 'same'))
    await passTime()
    expect([namesStored(), page.toasts()]).toEqual([['same'], []])
  })

  it('is left to the page of this browser that is at work on it', async () => {
    const page = await pages.open()
    page.keepFigure(one)
    await passTime()
    page.keepFigure(rename(one, 'half'))
    const other = await pages.open()
    page.keepFigure(rename(one, 'whole'))
    await page.sendFigures()
    await other.sendFigures()
    await passTime()
    expect([namesStored(), other.names(), page.names()]).toEqual([['whole'], ['whole'], ['whole']])
    expect([...page.toasts(), ...other.toasts()]).toEqual([])
  })
})

describe('figures that the browser kept before archives did', () => {
  const former = (entries: unknown[]) => localStorage.setItem('grokscope.figures', JSON.stringify(entries))

  it('come into the archive as they are, once, also where two pages open at the same time', async () => {
    former([one, two])
    const both = [await pages.open(), await pages.open()]
    for (const page of both) expect(page.names()).toEqual(['one', 'two'])
    await passTime()
    expect(stored()).toEqual([one, two])
    expect(inBrowser()).toEqual(['grokscope.figureOnTable'])
    for (const page of both) expect([page.names(), page.toasts()]).toEqual([['one', 'two'], []])
    expect((await pages.open()).names()).toEqual(['one', 'two'])
  })

  it('stay in the browser until then, and come to an archive that can be written', async () => {
    former([one, two])
    await pages.open({ readOnly: true })
    await passTime()
    expect([stored(), drafts().length]).toEqual([[], 2])
    await pages.open()
    await passTime()
    expect([stored(), drafts()]).toEqual([[one, two], []])
  })

  it('are read by former names; what is none of this version stays', async () => {
    const newer = { ...two, dimension: 3 }
    const source = { kind: 'runs', runIds: ['a'], measurement: 'testMse', vertical: 'log', spread: 'runs' }
    former([{ ...one, panels: [{ id: 'p', source: { ...source, axis: 'clock' } }] }, newer, { name: 3 }])
    localStorage.setItem('grokscope.figure.x', JSON.stringify({ id: 'x', figure: newer, before: null, at: 1 }))
    await pages.open()
    await passTime()
    expect(stored()).toEqual([{ ...one, panels: [{ id: 'p', source: { ...source, axis: 'computeTime' } }] }])
    expect(JSON.parse(localStorage.getItem('grokscope.figures')!)).toEqual([newer, { name: 3 }])
    expect(drafts()).toEqual(['grokscope.figure.x'])
  })
})
