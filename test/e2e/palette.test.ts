import type { Page } from 'playwright-core'
import { beforeAll, beforeEach, expect, it } from 'vitest'
import { inspect } from '../support/axeFindings.ts'
import { recordExperiments, smallExperiment } from '../support/browserArchive.ts'
import { goTo, settles } from '../support/browserPage.ts'
import { describeWindow, type LaboratoryWindow } from './laboratoryWindow.ts'

describeWindow('The palette', (open) => {
  let window: LaboratoryWindow
  let page: Page
  let runIds: string[]

  beforeAll(async () => {
    window = await open({
      prepare: async (path) =>
        void (runIds = await recordExperiments(path, [
          smallExperiment({ name: 'wide net', seeds: [3, 4] }),
          smallExperiment({ name: 'other', task: { kind: 'modularAddition', modulus: 11, trainFraction: 0.7 } }),
          smallExperiment({ name: 'alike', seeds: [1] }),
          smallExperiment({ name: 'alike', seeds: [2] }),
        ])),
    })
    page = window.page
  })

  beforeEach(async () => {
    await page.keyboard.press('Escape')
    await goTo(page, '/machine')
    await page.getByRole('heading', { name: 'Machine', exact: true }).waitFor()
    await page.keyboard.press('ControlOrMeta+k')
    await settled(page)
  })

  it('finds a run by its name, by its id, and by a filter, and goes there', async () => {
    for (const query of ['wide seed 4', runIds[1]!, 'name:wide and seed = 4']) {
      await input(page).fill(query)
      await settled(page)
      expect(await options(page)).toContainEqual(expect.stringMatching(/^Run wide net, seed 4/))
    }
    await page.keyboard.press('Enter')
    await expect.poll(() => page.url()).toContain(`/runs/${runIds[1]}`)
  })

  it('finds an experiment, and shows its runs together', async () => {
    await input(page).fill('experiment wide')
    await chooseFirst(page, 'Experiment wide net')
    await page.getByText('2 seeds', { exact: true }).waitFor()
  })

  it('finds the paper’s figures and claims, and marks the claim', async () => {
    await input(page).fill('fig. 6')
    await settled(page)
    expect(await options(page)).toContainEqual(expect.stringMatching(/^Paper Fig\. 6/))
    expect(await inspect(page)).toEqual([])
    await input(page).fill('claim memorized')
    await chooseFirst(page, 'Claim ')
    await page.locator('li.requested').waitFor()
  })

  it('finds a figure that was composed, and puts it on the table', async () => {
    await page.keyboard.press('Escape')
    await goTo(page, `/figures?runs=${runIds.join(',')}`)
    // A figure without panels is not kept.
    const panels = page.getByRole('complementary', { name: 'Panels, caption, data' }).getByRole('listitem')
    await panels.first().waitFor()
    await page.getByLabel('Name of the figure').fill('Rise of two seeds')
    await settles(page)
    await page.locator('main h1').click()
    await page.keyboard.press('g')
    await page.keyboard.press('m')
    await page.getByRole('heading', { name: 'Machine', exact: true }).waitFor()
    await page.keyboard.press('ControlOrMeta+k')
    await input(page).fill('rise of')
    await chooseFirst(page, 'Figure Rise of two seeds')
    await page.getByRole('heading', { name: 'Rise of two seeds' }).waitFor()
  })

  it('explains a word, with its formula', async () => {
    await input(page).fill('help test accuracy')
    await chooseFirst(page, 'Help test accuracy')
    const dialog = page.getByRole('dialog', { name: 'test accuracy' })
    await dialog.locator('math').waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })

  it('begins with what was looked at last', async () => {
    await page.keyboard.press('Escape')
    await goTo(page, `/runs/${runIds[2]}`)
    await page.getByRole('slider', { name: 'Step' }).waitFor()
    await page.keyboard.press('ControlOrMeta+k')
    await settled(page)
    const found = await options(page)
    expect(found.findIndex((text) => text.startsWith('Run other'))).toBe(
      found.findIndex((text) => text.startsWith('Run ')),
    )
  })

  it('tells what is pointed at, and stays at it while more is found', async () => {
    await settled(page)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    const at = await input(page).getAttribute('aria-activedescendant')
    expect(await page.locator(`[id="${at}"]`).getAttribute('aria-selected')).toBe('true')
    expect(await page.getByRole('option', { selected: true }).count()).toBe(1)
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowUp')
    await expect.poll(() => page.getByRole('option').last().getAttribute('aria-selected')).toBe('true')
  })

  it('goes past entries that read alike, to the one that is meant', async () => {
    await input(page).fill('experiment alike')
    await settled(page)
    expect(await page.getByRole('option').count()).toBe(2)
    const isLast = () => page.getByRole('option').last().getAttribute('aria-selected')
    await page.keyboard.press('ArrowDown')
    await expect.poll(isLast).toBe('true')
    await page.keyboard.press('ArrowUp')
    await expect.poll(isLast).toBe('false')
  })

  it('says that it searches while an answer is on its way, and never stands blank', async () => {
    await page.evaluate(() => {
      const palette = document.querySelector('.palette')!
      const isBlank = () =>
        palette.querySelector('[role="option"]') === null &&
        palette.querySelector('[role="status"]')!.textContent.trim() === ''
      const note = () => isBlank() && (document.body.dataset.blank = 'seen')
      new MutationObserver(note).observe(palette, { childList: true, subtree: true, characterData: true })
    })
    await input(page).pressSequentially('wide net no such run', { delay: 40 })
    await page.getByText(/^Nothing matches “wide net no such run”/).waitFor()
    expect(await page.evaluate(() => document.body.dataset.blank)).toBeUndefined()
  })
})

const input = (page: Page) => page.getByRole('combobox', { name: 'Command' })

/** Every answer to what stands there is there. */
const settled = (page: Page) => page.locator('#palette-list[aria-busy="false"]').waitFor({ state: 'attached' })

async function options(page: Page): Promise<string[]> {
  return (await page.getByRole('option').allInnerTexts()).map((text) => text.replace(/\s+/g, ' '))
}

async function chooseFirst(page: Page, begins: string) {
  await settled(page)
  expect((await options(page))[0]).toMatch(new RegExp(`^${begins}`))
  await page.keyboard.press('Enter')
}
