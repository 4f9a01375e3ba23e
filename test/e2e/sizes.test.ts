import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { goTo, rests } from '../support/browserPage.ts'
import { writeKnownSweep } from '../support/knownSweep.ts'
import { layoutFaults } from '../support/layoutFaults.ts'
import {
  faultsOfDialogs,
  faultsOfOverlays,
  faultsOfViews,
  lostControls,
  type Size,
  type Views,
} from '../support/walkViews.ts'
import { queueWideRuns, recordWideRuns, type WideRuns } from '../support/wideArchive.ts'
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
const lenses = ['curves', 'matrices', 'fourier', 'geometry', 'chattering', 'predictions', 'provenance']
const comparisons = ['overlay', 'groups', 'scatter', 'map', 'parallel', 'theory', 'events', 'specification']

describeWindow(
  'A window of any size',
  (open) => {
    let page: Page
    let runs: WideRuns
    let held: string[]
    let sweep: string

    beforeAll(async () => {
      ;({ page } = await open({
        async prepare(path) {
          runs = await recordWideRuns(path)
          held = queueWideRuns(path)
          sweep = await writeKnownSweep(path)
        },
      }))
      // One that is under way never looks the same twice.
      await goTo(page, `/runs/${held[0]}/curves`)
      await page.getByRole('button', { name: 'Pause 2 seeds' }).click()
      await page.getByText('Paused', { exact: true }).waitFor()
    })

    it('shows every view whole, in words and in pictures', async () => {
      expect(await faultsOfViews(page, viewsOf(runs, held, sweep), sizes)).toEqual([])
    })

    // Themes differ in colors; that they differ in nothing else is seen at the ends.
    it('does so in the dark', async () => {
      await page.emulateMedia({ colorScheme: 'dark' })
      expect(await faultsOfViews(page, viewsOf(runs, held, sweep), ends)).toEqual([])
      await page.emulateMedia({ colorScheme: 'light' })
    })

    it('shows every dialog, menu and drawer whole', async () => {
      expect(await faultsOfOverlays(page, viewsOf(runs, held, sweep), [whole, smallest])).toEqual([])
    })

    it('shows what is asked in between whole', async () => {
      expect(await faultsOfDialogs(page, dialogsOf(runs), ends)).toEqual([])
    })

    it('shows what can be done to chosen runs whole', async () => {
      const found: string[] = []
      await goTo(page, '/runs')
      await page.getByRole('grid', { name: 'Runs' }).getByRole('checkbox').first().waitFor()
      await chooseAll(page)
      await page.getByRole('button', { name: 'Continue 2 paused' }).waitFor()
      for (const size of sizes) {
        await page.setViewportSize(size)
        await rests(page)
        found.push(...(await layoutFaults(page)))
      }
      expect(found).toEqual([])
    })

    it('loses no control: each is there, or one action away', async () => {
      const views = new Map([...viewsOf(runs, held, sweep), ['live map', endlessMap]])
      expect(await lostControls(page, views, [whole, ...sizes.slice(3)])).toEqual([])
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
      const places = [
        '/papers',
        '/papers/musat2025',
        '/papers/musat2025/fig1',
        '/papers/pezeshki2022/doubleDescent?scaleRatio=30',
        '/papers/pezeshki2022/scales?samples=100',
        '/new',
        '/runs',
        '/sweeps',
        '/compare',
        '/figures',
        '/machine',
      ]
      expect(await faultsOfViews(page, new Map(places.map((place) => [place, place])), sizes)).toEqual([])
    })
  },
  { inElectron: false },
)

/** A live map that is computed for as long as it is looked at: what can be done with it stays the same. */
const endlessMap = `/sweeps/live?spec=${encodeURIComponent(
  JSON.stringify({
    name: 'endless',
    base: {
      task: { kind: 'modularAddition', modulus: 13, trainFraction: 0.8 },
      network: { hidden: 64 },
      dynamics: { kind: 'training', optimizer: 'adamw', learningRate: 0.01, weightDecay: 1, steps: 10_000_000 },
    },
    axes: [
      { field: 'task.trainFraction', values: [0.6, 0.9] },
      { field: 'dynamics.weightDecay', values: [0.1, 1] },
    ],
    seeds: 2,
  }),
)}`

async function chooseAll(page: Page) {
  const bar = page.getByRole('toolbar', { name: 'Chosen runs' })
  if (!(await bar.isVisible())) await page.keyboard.press('ControlOrMeta+a')
  await bar.waitFor()
}

/** Every view and tab, by its name. */
function viewsOf({ isolated, training, toy, failed }: WideRuns, held: readonly string[], sweep: string): Views {
  const ofRun = (name: string, id: string, tabs: readonly string[]) =>
    tabs.map((tab): [string, string] => [`${name}, ${tab}`, `/runs/${id}/${tab}`])
  const all = [...isolated, ...training, ...toy, ...failed]
  const compared = (name: string, ids: readonly string[]) =>
    comparisons.map((tab): [string, string] => [`${name}, ${tab}`, `/compare?runs=${ids.join(',')}&tab=${tab}`])
  return new Map([
    ['papers', '/papers'],
    ['paper', '/papers/musat2025'],
    ...['fig1', 'fig2', 'fig3', 'fig6'].map((figure): [string, string] => [
      `paper, ${figure}`,
      `/papers/musat2025/${figure}`,
    ]),
    ['new', '/new'],
    ['new, a branch', `/new?branch=${isolated[1]}&at=0`],
    ['runs', '/runs'],
    ...ofRun('isolated', isolated[1]!, lenses),
    ...ofRun('training', training[0]!, ['curves', 'geometry', 'provenance']),
    ...ofRun('toy', toy[0]!, ['curves', 'geometry', 'provenance']),
    ...ofRun('failed', failed[0]!, ['curves', 'geometry']),
    ...ofRun('held', held[0]!, ['curves', 'provenance']),
    ...compared('five seeds', isolated),
    ...compared('all', all),
    ['compare, none', '/compare'],
    ['figures', `/figures?runs=${isolated.join(',')}`],
    ['machine', '/machine'],
    ['sweeps', '/sweeps'],
    ['live map', '/sweeps/live'],
    ['sweep', `/sweeps/${sweep}`],
    // The draft of the wizard keeps it.
    ['new, a sweep', '/new?sweep=four-phases'],
  ])
}

function dialogsOf({ isolated, failed }: WideRuns) {
  const run = `/runs/${isolated[1]}/provenance`
  const press = (keys: string) => (page: Page) => page.keyboard.press(keys)
  const choose = (item: RegExp) => async (page: Page) => {
    await page.getByRole('button', { name: 'More', exact: true }).click()
    await page.getByRole('menuitem', { name: item }).click()
  }
  const ofChosen = (verb: string) => async (page: Page) => {
    await chooseAll(page)
    await page.getByRole('toolbar', { name: 'Chosen runs' }).getByRole('button', { name: verb, exact: true }).click()
  }
  const click = (name: string) => (page: Page) => page.getByRole('button', { name, exact: true }).click()
  return new Map([
    ['commands', { view: run, open: press('ControlOrMeta+k') }],
    ['keyboard', { view: run, open: press('?') }],
    ['extend', { view: `/runs/${failed[0]}/curves`, open: choose(/^Extend/) }],
    ['tags of chosen runs', { view: '/runs', open: ofChosen('Tag…') }],
    ['extend chosen runs', { view: '/runs', open: ofChosen('Extend…') }],
    ['open an archive', { view: '/runs', open: click('Open archive…') }],
    ['import', { view: '/runs', open: click('Import') }],
    ['open a folder', { view: '/sweeps', open: click('Open folder…') }],
    ['write a folder', { view: '/new?sweep=four-phases', open: click('Write a folder…') }],
  ])
}
