import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { openArchive } from '../../src/main/store/archive.ts'
import { formatNumber } from '../../src/shared/formatting/formatNumber.ts'
import { measurements } from '../../src/shared/measurements.ts'
import { measurementsOf, studies } from '../../src/shared/studies/studies.ts'
import { recordExperiments, smallExperiment } from '../support/browserArchive.ts'
import { goTo, settles } from '../support/browserPage.ts'
import { describeWindow, offered } from './laboratoryWindow.ts'

const seeds = [0, 1, 2, 3, 4]
const { label } = measurements.firstLayerNormSquared

describeWindow('Compare', (open) => {
  let page: Page
  let norms: number[]
  let commonSteps: number

  beforeAll(async () => {
    ;({ page } = await open({
      async prepare(path) {
        await recordExperiments(path, [smallExperiment({ seeds })])
        const archive = openArchive(path, { readOnly: true })
        const runs = archive.runs.listRuns()
        norms = runs.map(({ latest }) => latest.firstLayerNormSquared!)
        commonSteps = archive.curves.readColumn(runs[0]!.id, 'step').length
        archive.close()
      },
    }))
    await page.getByRole('link', { name: 'Runs', exact: true }).click()
    await page.getByRole('checkbox', { name: 'Select small', exact: true }).click()
    await page.getByRole('toolbar', { name: 'Chosen runs' }).getByRole('button', { name: 'Compare' }).click()
    await page.getByText('5 runs', { exact: true }).waitFor()
  })

  it('lays the runs over one another, each with its values', async () => {
    const values = page.getByRole('complementary').getByRole('table').first()
    await expect.poll(() => values.getByRole('link').allInnerTexts()).toEqual(seeds.map((seed) => `seed ${seed}`))
  })

  it('draws a group of five seeds as its mean and a band, and says over how many', async () => {
    await page.getByRole('link', { name: 'Groups' }).click()
    await page.getByRole('button', { name: /^Measurement:/ }).click()
    await page.getByRole('menuitemradio', { name: label, exact: true }).click()
    const mean = norms.reduce((sum, value) => sum + value, 0) / norms.length
    const deviation = Math.sqrt(norms.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (norms.length - 1))
    const row = page.getByRole('complementary', { name: 'Groups' }).getByRole('table').first().getByRole('row').last()
    const band = [mean - deviation, mean + deviation].map((value) => formatNumber(value, 3)).join(' … ')
    await page.getByRole('slider', { name: 'Decay time' }).press('End')
    await expect
      .poll(async () => (await row.getByRole('cell').allInnerTexts()).map((text) => text.trim()))
      .toEqual(['small', '5', formatNumber(mean, 3), band, String(commonSteps)])
  })

  it('keeps one axis in all its lenses, with the cursor on it, and makes of it the figure that one looks at', async () => {
    const horizontal = page.getByLabel('Horizontal axis')
    await horizontal.getByText('step', { exact: true }).click()
    await page.getByRole('slider', { name: 'Step' }).press('End')
    const end = page.getByRole('complementary', { name: 'Groups' }).getByRole('heading').first()
    await expect.poll(() => end.innerText()).toMatch(/ at step \S+$/m)
    await page.getByRole('link', { name: 'Overlay' }).click()
    await page.getByRole('slider', { name: 'Step' }).waitFor()
    await page.getByRole('link', { name: 'Groups' }).click()
    await page.getByRole('button', { name: 'Make figure' }).click()
    const chosen = (name: string) => page.getByRole('button', { name: new RegExp(`^${name}:`) }).innerText()
    await page.getByText('4 panels', { exact: true }).waitFor()
    await page.getByRole('main').getByRole('listitem').first().getByRole('button').first().click()
    await expect.poll(() => chosen('Vertical')).toBe(label)
    await expect.poll(() => chosen('Horizontal')).toBe('step')
    await expect.poll(() => chosen('Spread')).toBe('mean ± std, by experiment')
    await page.goBack()
  })

  it('says in what the specifications differ, a row for each run: in the seed', async () => {
    await page.getByRole('link', { name: 'Specification' }).click()
    const rows = page.getByRole('main').getByRole('table').getByRole('row')
    await expect
      .poll(async () => (await rows.allInnerTexts()).map((text) => text.trim().split(/\s*\t\s*/)))
      .toEqual([['Run', 'seed'], ...seeds.map((seed) => [`seed ${seed}`, String(seed)])])
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'CSV' }).click()
    const lines = readFileSync(await (await download).path(), 'utf8')
      .trim()
      .split('\r\n')
    expect(lines.map((line) => line.split(',').at(-1))).toEqual(['seed', ...seeds.map(String)])
  })

  it('lets a run be taken out', async () => {
    await page.getByRole('link', { name: 'Overlay' }).click()
    await page.getByRole('button', { name: /^Take seed 4/ }).click()
    await page.getByText('4 runs', { exact: true }).waitFor()
    const names = page.getByRole('complementary').getByRole('table').first().getByRole('link')
    await expect.poll(() => names.allInnerTexts()).toEqual(['seed 0', 'seed 1', 'seed 2', 'seed 3'])
  })

  it('takes back a run that was taken out, at its place, by Undo and by the way back', async () => {
    const take = page.getByRole('button', { name: /^Take seed 1/ })
    const undo = await offered(page, 'Undo', 'seed 1', () => take.click())
    await page.getByText('3 runs', { exact: true }).waitFor()
    await undo.click()
    await page.getByText('4 runs', { exact: true }).waitFor()
    const names = page.getByRole('complementary').getByRole('table').first().getByRole('link')
    await expect.poll(() => names.allInnerTexts()).toEqual(['seed 0', 'seed 1', 'seed 2', 'seed 3'])
    await page.goBack()
    await page.getByText('3 runs', { exact: true }).waitFor()
    await page.goBack()
    await page.getByText('4 runs', { exact: true }).waitFor()
  })
})

const study = { kind: 'multiScaleFeatures', dimension: 20, samples: 30, fastDirections: 14, scaleRatio: 10 } as const

describeWindow('Names in a legend', (open) => {
  it('stand clear of one another in the faces of this machine', async () => {
    // Narrow letters, by which faces differ most.
    const names = ['little tilt, first trial', 'little tilt, third trial', 'still a little tilt', 'fit it still']
    let runIds: string[] = []
    const { page } = await open({
      prepare: async (path) => {
        const experiments = names.map((name, seed) => smallExperiment({ name, seeds: [seed] }))
        runIds = await recordExperiments(path, experiments)
      },
    })
    await goTo(page, `/compare?runs=${runIds.join(',')}`)
    await settles(page)
    const entries = page.locator('.panel').nth(1).locator('.legend > g')
    await expect.poll(() => entries.count()).toBe(names.length)
    const boxes = await entries.evaluateAll((all) =>
      all.map((entry) => {
        const [swatch, words] = ['line', 'text'].map((part) => entry.querySelector(part)!.getBoundingClientRect())
        return { from: swatch!.left, words: words!.left, to: words!.right, top: words!.top }
      }),
    )
    expect(boxes.filter(({ words, from }) => words <= from)).toEqual([])
    const meeting = boxes.flatMap((box, place) =>
      boxes.slice(place + 1).filter((next) => Math.abs(next.top - box.top) < 1 && next.from < box.to + 2),
    )
    expect(meeting).toEqual([])
  })
})

describeWindow('Compare of networks and studies', (open) => {
  let page: Page
  let address: string

  beforeAll(async () => {
    let runIds: string[] = []
    ;({ page } = await open({
      prepare: async (path) =>
        (runIds = await recordExperiments(path, [{ name: 'scales', study, seeds: [0, 1] }, smallExperiment()])),
    }))
    address = `/compare?runs=${runIds.join(',')}`
    await goTo(page, address)
    await page.getByText('3 runs', { exact: true }).waitFor()
  })

  it('stands on what they share, and says what they do not', async () => {
    await page.getByText(/^flow time and decay time are different clocks; compare the runs by steps/).waitFor()
    const beside = page.getByRole('complementary')
    await beside.getByText('modular addition').first().waitFor()
    expect(await beside.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0)
    expect(await page.getByLabel('Horizontal axis').innerText()).not.toContain('τ')
    await page.getByRole('slider', { name: 'step' }).waitFor()
  })

  it('shows of each kind what it measures, and how many of the runs do', async () => {
    const panel = (name: string) => page.getByRole('region', { name })
    await panel('Generalization error').getByText('1 of 3 runs have not measured it').waitFor()
    await panel('Test error').getByText('2 of 3 runs have not measured it').waitFor()
    const events = page.getByRole('complementary').getByRole('table').nth(1)
    expect(await events.getByRole('row').count()).toBe(2)
  })

  it('leaves studies out of what is of networks, in words', async () => {
    await goTo(page, `${address}&tab=events`)
    await page.getByText('2 runs have no place in this view', { exact: true }).waitFor()
    const rows = page.getByRole('main').getByRole('table').locator('tbody').getByRole('row')
    expect(await rows.count()).toBe(1)
    await goTo(page, `${address}&tab=theory`)
    await page.getByRole('slider', { name: 'decay time' }).waitFor()
    await page.getByRole('main').locator('.line-label').first().waitFor({ state: 'attached' })
    await settles(page)
    expect(await page.getByText(/has no matrix/).count()).toBe(0)
  })

  it('makes a figure of what is looked at, on an axis that they share', async () => {
    await goTo(page, address)
    await page.getByRole('button', { name: 'Make figure' }).click()
    await page.getByText('4 panels', { exact: true }).waitFor()
    await page.getByRole('main').getByRole('listitem').first().getByRole('button').first().click()
    // It says so once the runs are read.
    await expect.poll(() => page.getByRole('button', { name: /^Horizontal:/ }).innerText()).toBe('step')
  })
})

describeWindow('Compare of studies', (open) => {
  it('stands on their clock, measures what they measure, and makes a figure of it', async () => {
    let runIds: string[] = []
    const { page } = await open({
      prepare: async (path) => (runIds = await recordExperiments(path, [{ name: 'scales', study, seeds: [0, 1] }])),
    })
    await page.getByRole('link', { name: 'Runs', exact: true }).click()
    await page.getByRole('checkbox', { name: 'Select scales', exact: true }).click()
    await page.getByRole('toolbar', { name: 'Chosen runs' }).getByRole('button', { name: 'Compare' }).click()
    await page.getByText(`${runIds.length} runs`, { exact: true }).waitFor()
    const tabs = page.getByRole('navigation', { name: 'Views of the comparison' }).getByRole('link')
    expect(await tabs.allInnerTexts()).toEqual(['Overlay', 'Groups', 'Specification'])
    const horizontal = page.getByLabel('Horizontal axis')
    await horizontal.getByText('place', { exact: true }).click()
    await page.getByRole('slider', { name: 'place', exact: true }).waitFor()
    await page.getByText(/^At the cursor, place \d+$/).waitFor()
    await horizontal.getByText('log τ', { exact: true }).click()
    await page.getByRole('slider', { name: 'flow time, log' }).press('Home')
    const values = page.getByRole('complementary').getByRole('table').first()
    await expect.poll(() => values.getByRole('cell').allInnerTexts()).not.toContain('–')
    await page.getByRole('button', { name: 'Make figure' }).click()
    await page.getByText('4 panels', { exact: true }).waitFor()
    await page.getByRole('main').getByRole('listitem').first().getByRole('button').first().click()
    const chosen = (name: string) => page.getByRole('button', { name: new RegExp(`^${name}:`) }).innerText()
    await expect.poll(() => chosen('Vertical')).toBe(measurements[measurementsOf(studies.multiScaleFeatures)[0]!].label)
    await expect.poll(() => chosen('Horizontal')).toBe('flow time, log')
  })
})

describeWindow(
  'Long names beside a comparison',
  (open) => {
    let runIds: string[] = []

    it('go on in a second line, with what tells them apart, at every size of the window', async () => {
      const names = ['momentum', 'AdamW'].map(
        (optimizer) => `the same learning rate, and then ${optimizer}, for long enough`,
      )
      const { page } = await open({
        prepare: async (path) => {
          runIds = await recordExperiments(
            path,
            names.map((name, place) => smallExperiment({ name, seeds: [place] })),
          )
        },
      })
      for (const tab of ['overlay', 'groups']) {
        await goTo(page, `/compare?runs=${runIds.join(',')}&tab=${tab}`)
        for (const [width, height] of [
          [1440, 900],
          [1100, 700],
          [900, 600],
        ] as const) {
          await page.setViewportSize({ width, height })
          await settles(page)
          const side = page.locator('.side')
          if (!(await side.isVisible())) await page.getByRole('button', { name: 'Details' }).click()
          const cells = side.locator('td.name')
          await expect.poll(() => cells.count()).toBeGreaterThanOrEqual(2)
          const found = await cells.evaluateAll((all) =>
            all.map((cell) => ({
              words: (cell as HTMLElement).innerText,
              title: (cell as HTMLElement).title,
              isWhole: cell.scrollWidth <= cell.clientWidth + 1,
            })),
          )
          for (const [place, each] of found.entries()) {
            const own = expect.stringContaining(place % 2 === 0 ? 'momentum' : 'AdamW') as string
            expect(each).toEqual({ words: own, title: own, isWhole: true })
          }
        }
      }
    })
  },
  { inElectron: false },
)
