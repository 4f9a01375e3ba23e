import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { goTo, rests } from '../support/browserPage.ts'
import { writeKnownSweep } from '../support/knownSweep.ts'
import { layoutFaults } from '../support/layoutFaults.ts'
import { faultsOfDialogs, faultsOfView, type Size } from '../support/walkViews.ts'
import { queueWideRuns, recordWideRuns, type WideRuns } from '../support/wideArchive.ts'
import { describeWindow } from './laboratoryWindow.ts'

const whole: Size = { width: 1440, height: 900 }
/** A window of 1440 × 900 at 150 %. */
const enlarged: Size = { width: 960, height: 600 }
const smallest: Size = { width: 900, height: 700 }
const sizes: readonly Size[] = [
  whole,
  { width: 1440, height: 757 },
  { width: 1280, height: 720 },
  { width: 1100, height: 700 },
  enlarged,
  smallest,
]
const ends = [whole, enlarged, smallest]
const lenses = ['curves', 'matrices', 'fourier', 'geometry', 'chattering', 'predictions', 'provenance']
const comparisons = ['overlay', 'groups', 'scatter', 'map', 'parallel', 'theory', 'events', 'specification']

interface Shown {
  runs: WideRuns
  held: readonly string[]
  sweep: string
}

type AddressOf = (shown: Shown) => string

/** Every view and tab, by its name. */
const views: Record<string, AddressOf> = {
  papers: () => '/papers',
  paper: () => '/papers/musat2025',
  ...byName(['fig1', 'fig2', 'fig3', 'fig6'], 'paper', (figure) => () => `/papers/musat2025/${figure}`),
  new: () => '/new',
  'new, a branch': ({ runs }) => `/new?branch=${runs.isolated[1]}&at=0`,
  runs: () => '/runs',
  ...lensesOf('isolated', lenses, ({ runs }) => runs.isolated[1]!),
  ...lensesOf('training', ['curves', 'geometry', 'provenance'], ({ runs }) => runs.training[0]!),
  ...lensesOf('toy', ['curves', 'geometry', 'provenance'], ({ runs }) => runs.toy[0]!),
  ...lensesOf('failed', ['curves', 'geometry'], ({ runs }) => runs.failed[0]!),
  ...lensesOf('held', ['curves', 'provenance'], ({ held }) => held[0]!),
  ...comparisonsOf('five seeds', ({ runs }) => runs.isolated),
  ...comparisonsOf('all', ({ runs: { isolated, training, toy, failed } }) => [
    ...isolated,
    ...training,
    ...toy,
    ...failed,
  ]),
  'compare, none': () => '/compare',
  figures: ({ runs }) => `/figures?runs=${runs.isolated.join(',')}`,
  machine: () => '/machine',
  sweeps: () => '/sweeps',
  'live map': () => '/sweeps/live',
  sweep: ({ sweep }) => `/sweeps/${sweep}`,
  // The draft of the wizard keeps it.
  'new, a sweep': () => '/new?sweep=four-phases',
}

function byName(names: readonly string[], prefix: string, addressOf: (name: string) => AddressOf) {
  return Object.fromEntries(names.map((name) => [`${prefix}, ${name}`, addressOf(name)]))
}

function lensesOf(prefix: string, tabs: readonly string[], run: AddressOf) {
  return byName(tabs, prefix, (tab) => (shown) => `/runs/${run(shown)}/${tab}`)
}

function comparisonsOf(prefix: string, runs: (shown: Shown) => readonly string[]) {
  return byName(comparisons, prefix, (tab) => (shown) => `/compare?runs=${runs(shown).join(',')}&tab=${tab}`)
}

describeWindow(
  'A window of any size',
  (open) => {
    let page: Page
    let shown: Shown
    const opened = new Set<string>()

    beforeAll(async () => {
      ;({ page } = await open({
        async prepare(path) {
          const runs = await recordWideRuns(path)
          shown = { runs, held: queueWideRuns(path), sweep: await writeKnownSweep(path) }
        },
      }))
      // One that is under way never looks the same twice.
      await goTo(page, `/runs/${shown.held[0]}/curves`)
      await page.getByRole('button', { name: 'Pause 2 seeds' }).click()
      await page.getByText('Paused', { exact: true }).waitFor()
    })

    it.each(Object.entries(views))(
      'shows it whole, in both themes, with all that opens in it, and loses no control: %s',
      async (name, addressOf) => {
        const looks = {
          sizes,
          dark: [smallest],
          overlays: { sizes: [smallest, whole], opened },
          controls: sizes.slice(3),
        }
        expect(await faultsOfView(page, name, addressOf(shown), looks)).toEqual([])
      },
    )

    it('loses no control of a live map that is computed', async () => {
      const looks = { sizes: [whole, ...sizes.slice(3)], controls: sizes.slice(3) }
      expect(await faultsOfView(page, 'live map, computed', endlessMap, looks)).toEqual([])
    })

    it('shows what is asked in between whole', async () => {
      expect(await faultsOfDialogs(page, dialogsOf(shown.runs), ends)).toEqual([])
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

    it.each([
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
    ])('shows it whole: %s', async (address) => {
      expect(await faultsOfView(page, address, address, { sizes })).toEqual([])
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

function dialogsOf({ isolated }: WideRuns) {
  const run = `/runs/${isolated[1]}/provenance`
  const press = (keys: string) => (page: Page) => page.keyboard.press(keys)
  const choose = (item: RegExp) => async (page: Page) => {
    await page.getByRole('button', { name: 'More', exact: true }).click()
    await page.getByRole('menuitem', { name: item }).click()
  }
  const ofChosen = (verb: RegExp) => async (page: Page) => {
    await chooseAll(page)
    await page.getByRole('toolbar', { name: 'Chosen runs' }).getByRole('button', { name: verb }).click()
  }
  const click = (name: string) => (page: Page) => page.getByRole('button', { name, exact: true }).click()
  return new Map([
    ['commands', { view: run, open: press('ControlOrMeta+k') }],
    ['keyboard', { view: run, open: press('?') }],
    ['extend', { view: run, open: choose(/^Extend/) }],
    ['tags of chosen runs', { view: '/runs', open: ofChosen(/^Tag/) }],
    ['extend chosen runs', { view: '/runs', open: ofChosen(/^Extend/) }],
    ['open an archive', { view: '/runs', open: click('Open archive…') }],
    ['import', { view: '/runs', open: click('Import') }],
    ['open a folder', { view: '/sweeps', open: click('Open folder…') }],
    ['write a folder', { view: '/new?sweep=four-phases', open: click('Write a folder…') }],
  ])
}
