import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import {
  faultsOfDialogs,
  faultsOfOverlays,
  faultsOfViews,
  lostControls,
  type Size,
  type Views,
} from '../support/walkViews.ts'
import { recordWideRuns, type WideRuns } from '../support/wideArchive.ts'
import { describeWindow } from './laboratoryWindow.ts'

const whole: Size = { width: 1440, height: 900 }
const smallest: Size = { width: 900, height: 700 }
const sizes: readonly Size[] = [
  whole,
  { width: 1440, height: 757 },
  { width: 1280, height: 720 },
  { width: 1100, height: 700 },
  // A window of 1440 × 900 enlarged to 150 %.
  { width: 960, height: 600 },
  smallest,
]
const ends = [whole, { width: 960, height: 600 }, smallest]
const lenses = ['curves', 'matrices', 'fourier', 'geometry', 'predictions', 'provenance']
const comparisons = ['overlay', 'groups', 'theory', 'events', 'specification']

describeWindow(
  'A window of any size',
  (open) => {
    let page: Page
    let runs: WideRuns

    beforeAll(async () => {
      ;({ page } = await open({ prepare: async (path) => (runs = await recordWideRuns(path)) }))
    })

    it('shows every view whole, in words and in pictures', async () => {
      expect(await faultsOfViews(page, viewsOf(runs), sizes)).toEqual([])
    })

    // Themes differ in colors; that they differ in nothing else is seen at the ends.
    it('does so in the dark', async () => {
      await page.emulateMedia({ colorScheme: 'dark' })
      expect(await faultsOfViews(page, viewsOf(runs), ends)).toEqual([])
      await page.emulateMedia({ colorScheme: 'light' })
    })

    it('shows every dialog, menu and drawer whole', async () => {
      expect(await faultsOfOverlays(page, viewsOf(runs), [whole, smallest])).toEqual([])
    })

    it('shows what is asked in between whole', async () => {
      expect(await faultsOfDialogs(page, dialogsOf(runs), ends)).toEqual([])
    })

    it('loses no control: each is there, or one action away', async () => {
      expect(await lostControls(page, viewsOf(runs), [whole, ...sizes.slice(3)])).toEqual([])
    })
  },
  { inElectron: false },
)

describeWindow(
  'A window of any size on an empty library',
  (open) => {
    let page: Page

    beforeAll(async () => {
      ;({ page } = await open())
    })

    it('shows every view whole', async () => {
      const places = ['/paper', '/paper/fig1', '/new', '/runs', '/compare', '/figures', '/machine']
      expect(await faultsOfViews(page, new Map(places.map((place) => [place, place])), sizes)).toEqual([])
    })
  },
  { inElectron: false },
)

/** Every view and tab, by its name. */
function viewsOf({ isolated, training, toy, failed }: WideRuns): Views {
  const ofRun = (name: string, id: string, tabs: readonly string[]) =>
    tabs.map((tab): [string, string] => [`${name}, ${tab}`, `/runs/${id}/${tab}`])
  const all = [...isolated, ...training, ...toy, ...failed]
  const compared = (name: string, ids: readonly string[]) =>
    comparisons.map((tab): [string, string] => [`${name}, ${tab}`, `/compare?runs=${ids.join(',')}&tab=${tab}`])
  return new Map([
    ['paper', '/paper'],
    ...['fig1', 'fig2', 'fig3', 'fig6'].map((figure): [string, string] => [`paper, ${figure}`, `/paper/${figure}`]),
    ['new', '/new'],
    ['new, a branch', `/new?branch=${isolated[1]}&at=0`],
    ['runs', '/runs'],
    ...ofRun('isolated', isolated[1]!, lenses),
    ...ofRun('training', training[0]!, ['curves', 'geometry', 'provenance']),
    ...ofRun('toy', toy[0]!, ['curves', 'geometry', 'provenance']),
    ...ofRun('failed', failed[0]!, ['curves', 'geometry']),
    ...compared('five seeds', isolated),
    ...compared('all', all),
    ['compare, none', '/compare'],
    ['figures', `/figures?runs=${isolated.join(',')}`],
    ['machine', '/machine'],
  ])
}

function dialogsOf({ isolated, failed }: WideRuns) {
  const run = `/runs/${isolated[1]}/provenance`
  const press = (keys: string) => (page: Page) => page.keyboard.press(keys)
  const choose = (item: RegExp) => async (page: Page) => {
    await page.getByRole('button', { name: 'More', exact: true }).click()
    await page.getByRole('menuitem', { name: item }).click()
  }
  const click = (name: string) => (page: Page) => page.getByRole('button', { name, exact: true }).click()
  return new Map([
    ['commands', { view: run, open: press('ControlOrMeta+k') }],
    ['keyboard', { view: run, open: press('?') }],
    ['extend', { view: `/runs/${failed[0]}/curves`, open: choose(/^Extend/) }],
    ['open an archive', { view: '/runs', open: click('Open archive…') }],
    ['import', { view: '/runs', open: click('Import') }],
  ])
}
