import { createApp, effectScope } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { deleteFigure, figuresRead, followFigures, readFigures } from '../../../../src/renderer/pictures/keptFigures.ts'
import { useCompositions } from '../../../../src/renderer/views/figures/useCompositions.ts'
import { usePanelsFromRoute } from '../../../../src/renderer/views/figures/usePanelsFromRoute.ts'
import type { Responses } from '../../../../src/shared/contract.ts'
import type { Composition } from '../../../../src/shared/figures/composition.ts'
import { host } from '../../../support/fakeLab.ts'
import { fakeStorage } from '../../../support/fakeStorage.ts'
import { runSummary } from '../../../support/runSummary.ts'

vi.mock('../../../../src/renderer/lab.ts', () => import('../../../support/fakeLab.ts'))

beforeAll(async () => {
  vi.stubGlobal('localStorage', fakeStorage())
  vi.stubGlobal('addEventListener', () => undefined)
  followFigures()
  host.last('figure.list').answer({ archive: '/own.grokscope', figures: [], others: [] })
  await figuresRead
})
beforeEach(() => {
  host.forget()
  for (const { id } of readFigures()) deleteFigure(id)
})

/** The view of figures at an address. */
async function open(address: string) {
  const routes = [{ path: '/figures', name: 'figures', component: {} }]
  const router = createRouter({ history: createMemoryHistory(), routes })
  await router.push(address)
  const app = createApp({})
  app.use(router)
  const scope = effectScope()
  const compositions = app.runWithContext(() =>
    scope.run(() => {
      const own = useCompositions()
      usePanelsFromRoute(own)
      return own
    }),
  )!
  return { ...compositions, leave: () => scope.stop() }
}
const settled = () => new Promise((done) => setTimeout(done))
const namesIn = ({ panels }: Composition) =>
  panels.map(({ source }) => (source.kind === 'runs' ? source.measurement : 'panelId' in source && source.panelId))
const runs = { runs: [runSummary({ id: 'a' })], total: 1 }
const result = { panels: [{ id: 'top' }, { id: 'bottom' }] } as Responses['paper.show']
const ofRuns = ['testAccuracy', 'firstLayerNormSquared']

const sent = [
  { what: 'runs', address: '/figures?runs=a', answer: () => host.last('run.list').answer(runs), panels: ofRuns },
  {
    what: 'a figure of a paper',
    address: '/figures?paper=musat2025/fig6',
    answer: () => host.last('paper.show').answer(result),
    panels: ['top', 'bottom'],
  },
]

it.each(sent)('$what that another view sends are the first panels of a figure', async ({ address, answer, panels }) => {
  const { figure, leave } = await open(address)
  answer()
  await settled()
  expect(namesIn(figure.value)).toEqual(panels)
  leave()
})

it.each(sent)('of $what the figure is kept for who has left before the answer', async ({ address, answer, panels }) => {
  const { leave } = await open(address)
  leave()
  answer()
  await settled()
  expect(readFigures().map(namesIn)).toEqual([panels])
})

it.each(sent)('of $what the figure is on the table of who has come back', async ({ address, answer, panels }) => {
  const { leave } = await open(address)
  leave()
  const again = await open('/figures')
  answer()
  await settled()
  expect(namesIn(again.figure.value)).toEqual(panels)
  again.addPanel({ kind: 'circles', runId: 'a', step: 'last', layer: 'E' })
  await settled()
  expect(readFigures().map((each) => namesIn(each).slice(0, 2))).toContainEqual(panels)
  again.leave()
})

it('of runs of another archive are of its file', async () => {
  const { figure, leave } = await open('/figures?runs=a&archive=archive-2')
  expect(host.last('run.list').input).toMatchObject({ archive: 'archive-2' })
  host.last('run.list').answer(runs)
  await settled()
  const path = '/other.grokscope'
  for (const { answer } of host.requested('archive.list')) answer([{ id: 'archive-2', path, runs: 1, failure: null }])
  await settled()
  const sources = figure.value.panels.map(({ source }) => source)
  expect(sources).toEqual(
    ofRuns.map((measurement) => expect.objectContaining({ measurement, archive: path }) as unknown),
  )
  leave()
})
