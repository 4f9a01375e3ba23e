import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { figureById } from '../../src/main/lab/papers/papers.ts'
import { papers } from '../../src/shared/papers/papers.ts'
import { inspect } from '../support/axeFindings.ts'
import { recordExperiments, smallExperiment } from '../support/browserArchive.ts'
import { goTo, rests, settles } from '../support/browserPage.ts'
import { writeKnownSweep } from '../support/knownSweep.ts'
import { describeWindow } from './laboratoryWindow.ts'

const ofRun = ['curves', 'matrices', 'fourier', 'geometry', 'chattering', 'predictions', 'provenance']
const drawn = ['musat2025/fig1', 'musat2025/fig2'] as const
const press = (keys: string) => (page: Page) => page.keyboard.press(keys)
const click = (name: RegExp) => (page: Page) => page.getByRole('button', { name }).first().click()
/** Each with the view that it is opened in; those `ofBrowser` are the system's own on the desktop. */
const dialogs: Record<string, { at: string; open: (page: Page) => Promise<unknown>; ofBrowser?: true }> = {
  commands: { at: 'Runs', open: press('ControlOrMeta+k') },
  keyboard: { at: 'Runs', open: press('?') },
  'open an archive': { at: 'Runs', open: click(/^Open archive…$/), ofBrowser: true },
  import: { at: 'Runs', open: click(/^Import$/), ofBrowser: true },
  'add runs': { at: 'Compare, of nothing', open: click(/^Add runs$/) },
  'add a panel': { at: 'Figures', open: click(/^Add$/) },
  'data as a table': { at: "a run's curves", open: click(/: data as table$/) },
  extend: {
    at: "a run's curves",
    async open(page) {
      await click(/^More$/)(page)
      await page.getByRole('menuitem', { name: /^Extend/ }).click()
    },
  },
}
const ofComparison = ['overlay', 'groups', 'theory', 'events', 'specification']

describeWindow('Every view, for everybody', (open) => {
  let page: Page
  let addresses: Record<string, string>
  let isInBrowser: boolean

  beforeAll(async () => {
    let runIds: string[] = []
    let studied: string[] = []
    let sweep = ''
    const experiments = [
      smallExperiment({ seeds: [0, 1], record: { measureEvery: 10, snapshots: 'log', geometry: { every: 100 } } }),
    ]
    const study = { kind: 'multiScaleFeatures', dimension: 20, samples: 30, fastDirections: 14 } as const
    const window = await open({
      async prepare(path) {
        runIds = await recordExperiments(path, experiments)
        studied = await recordExperiments(path, [{ name: 'scales', study, seeds: [0, 1] }])
        for (const id of drawn) await recordExperiments(path, figureById(id).experiments({}), id)
        sweep = await writeKnownSweep(path)
      },
    })
    page = window.page
    isInBrowser = window.host !== undefined
    addresses = {
      Papers: '/papers',
      ...Object.fromEntries(papers.map(({ id }) => [`the paper ${id}`, `/papers/${id}`])),
      ...Object.fromEntries([...drawn, 'pezeshki2022/scales'].map((id) => [`the figure ${id}`, `/papers/${id}`])),
      'a figure with sliders': '/papers/pezeshki2022/doubleDescent?scaleRatio=30',
      New: '/new',
      'New, a sweep': '/new?sweep=four-phases',
      'New, a branch': `/new?branch=${runIds[0]}&at=0`,
      Runs: '/runs',
      'Compare, of nothing': '/compare',
      Figures: `/figures?runs=${runIds.join(',')}`,
      Machine: '/machine',
      Sweeps: '/sweeps',
      'Live map': '/sweeps/live',
      'a sweep': `/sweeps/${sweep}`,
      ...Object.fromEntries(
        ofComparison.map((lens) => [`the comparison's ${lens}`, `/compare?runs=${runIds.join(',')}&tab=${lens}`]),
      ),
      ...Object.fromEntries(
        ['overlay', 'groups', 'events', 'specification'].map((lens) => [
          `networks and studies, ${lens}`,
          `/compare?runs=${[...runIds, ...studied].join(',')}&tab=${lens}`,
        ]),
      ),
      ...Object.fromEntries(
        ['curves', 'arrays', 'provenance'].map((lens) => [`a study's ${lens}`, `/runs/${studied[0]}/${lens}`]),
      ),
      ...Object.fromEntries(ofRun.map((lens) => [`a run's ${lens}`, `/runs/${runIds[0]}/${lens}`])),
    }
  })

  it('has no serious finding', async () => {
    const findings: string[] = []
    for (const [name, address] of Object.entries(addresses)) {
      await goTo(page, address)
      await settles(page)
      findings.push(...(await inspectThemes(page)).map((finding) => `${name}: ${finding}`))
    }
    expect(findings).toEqual([])
  })

  it('has none in its dialogs either', async () => {
    const findings: string[] = []
    for (const [name, { at, open, ofBrowser = false }] of Object.entries(dialogs)) {
      if (ofBrowser && !isInBrowser) continue
      await goTo(page, addresses[at]!)
      await settles(page)
      await open(page)
      await page.getByRole('dialog').waitFor()
      findings.push(...(await inspectThemes(page)).map((finding) => `${name}: ${finding}`))
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
    expect(findings).toEqual([])
  })
})

async function inspectThemes(page: Page): Promise<string[]> {
  const findings: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await rests(page)
    // Themes differ in colors alone.
    const found = await inspect(page, { colors: colorScheme === 'dark' })
    findings.push(...found.map((finding) => `${colorScheme}: ${finding}`))
  }
  return findings
}
