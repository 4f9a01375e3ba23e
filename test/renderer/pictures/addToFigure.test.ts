import { beforeEach, describe, expect, it } from 'vitest'
import type { Composition } from '../../../src/shared/figures/composition.ts'
import type { PanelSource } from '../../../src/shared/figures/sources/sources.ts'
import { figurePages } from '../../support/figurePages.ts'

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

const pages = figurePages()
let addToFigure: typeof import('../../../src/renderer/pictures/addToFigure.ts').addToFigure
let beginFigure: typeof import('../../../src/renderer/pictures/addToFigure.ts').beginFigure
let keepFigure: typeof import('../../../src/renderer/pictures/keptFigures.ts').keepFigure
let deleteFigure: typeof import('../../../src/renderer/pictures/keptFigures.ts').deleteFigure
let readFigures: typeof import('../../../src/renderer/pictures/keptFigures.ts').readFigures

beforeEach(async () => {
  ;({ readFigures, keepFigure, deleteFigure } = await pages.open())
  ;({ addToFigure, beginFigure } = await import('../../../src/renderer/pictures/addToFigure.ts'))
})

describe('a figure begun from another view', () => {
  it('has the panels that were looked at, as they were looked at, and lies on top of the others', async () => {
    const first = await beginFigure([{ source: loss }])
    const second = await beginFigure([
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

  it('is put on the table again where nothing was done to it since, and no other', async () => {
    const first = await beginFigure([{ source: loss }])
    const second = await beginFigure([{ source: accuracy }])
    expect((await beginFigure([{ source: loss }])).id).toBe(first.id)
    expect(readFigures().map(({ id }) => id)).toEqual([first.id, second.id])
    for (const change of [
      { caption: 'Mine' },
      { name: 'Mine' },
      { columns: 3 },
      { panels: [{ ...first.panels[0]!, look: { title: 'Mine' } }] },
    ]) {
      keepFigure({ ...first, ...change })
      const other = await beginFigure([{ source: loss }])
      expect([change, other.id === first.id]).toEqual([change, false])
      deleteFigure(other.id)
    }
  })

  it('is begun whatever the host refuses of another', async () => {
    const first = await beginFigure([{ source: loss }])
    keepFigure({ ...first, panels: [{ ...first.panels[0]!, look: { title: 'a mark of direction \u200e' } }] })
    expect((await beginFigure([{ source: loss }])).id).not.toBe(first.id)
  })

  it('shares the limits of its panels where it is to, whatever figure it takes the place of', async () => {
    const empty = await beginFigure([])
    expect(await beginFigure([{ source: loss }], 'both')).toMatchObject({ id: empty.id, share: 'both' })
    expect((await beginFigure([{ source: loss }])).share).toBeUndefined()
  })

  it('takes the place of one that has no panels yet, and of no other', async () => {
    const empty = await beginFigure([])
    expect((await beginFigure([{ source: loss }])).id).toBe(empty.id)
    expect(readFigures()).toHaveLength(1)
    expect((await addToFigure(accuracy)).id).toBe(empty.id)
    expect(readFigures().map(sourcesOf)).toEqual([[loss, accuracy]])
  })
})

it('keeps the files of other archives, whose ids others have once these are closed', async () => {
  const [path, other] = ['/other.grokscope', '/another.grokscope']
  const { ask } = pages
  const open = [other, path].map((each, place) => ({ id: `archive-${place + 2}`, path: each, runs: 2, failure: null }))
  pages.ask = ((name, input) => (name === 'archive.list' ? Promise.resolve(open) : ask(name, input))) as typeof ask
  await beginFigure([{ source: { ...loss, archive: 'archive-3' } }, { source: loss }])
  await addToFigure({ ...accuracy, archive: 'archive-2' })
  await addToFigure({ ...accuracy, archive: path })
  const kept = [{ ...loss, archive: path }, loss, { ...accuracy, archive: other }, { ...accuracy, archive: path }]
  expect(sourcesOf(readFigures()[0]!)).toEqual(kept)
})
