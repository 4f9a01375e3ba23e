import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { recordExperiments, smallExperiment } from '../support/browserArchive.ts'
import { goTo, rightClickAt, settles } from '../support/browserPage.ts'
import { figuresIn } from '../support/figuresIn.ts'
import { describeWindow } from './laboratoryWindow.ts'

/** With seed 0 hidden and seed 1 strong in another color, what each way out of a chart brings: those curves, so. */
const looks = { 'seed 0': { hidden: true }, 'seed 1': { strong: true, color: 2 } }
const inAddress = ['overlay.1:hidden:seed 0', 'overlay.1:strong+2:seed 1']

/** All ways that lead from a chart to paper or to another person. Pictures as PDF and PNG are made of the drawing of the SVG. */
const ways: Record<string, (page: Page, archivePath: string) => Promise<void>> = {
  async 'the address, opened anew'(page) {
    const address = page.url()
    await page.goto('about:blank')
    await page.goto(address)
    await settles(page)
    await expect.poll(() => labels(page)).toEqual(['seed 1'])
    expect(page.url()).toBe(address)
  },
  async 'a picture'(page) {
    const svg = await saved(page, /^Picture\s*SVG$/)
    // Of the palette the third color, and not the first, which is that of seed 0.
    expect(svg).toContain('stroke="#228833"')
    expect(svg).not.toContain('#4477aa')
  },
  async 'its data as a file'(page) {
    const csv = await saved(page, /^Data\s*CSV$/)
    expect(csv).toContain('seed 1')
    expect(csv).not.toContain('seed 0')
  },
  async 'its data as a table'(page) {
    await choose(page, 'Data as table')
    const table = page.getByRole('dialog')
    await expect.poll(() => table.textContent()).toContain('seed 1')
    expect(await table.textContent()).not.toContain('seed 0')
    await page.keyboard.press('Escape')
  },
  async 'its values on the clipboard'(page) {
    await page.evaluate(() => {
      navigator.clipboard.writeText = async (text) => void (document.body.dataset['clipboard'] = text)
    })
    await choose(page, 'Copy values')
    await expect.poll(() => page.evaluate(() => document.body.dataset['clipboard'] ?? '')).toContain('seed 1')
    expect(await page.evaluate(() => document.body.dataset['clipboard'])).not.toContain('seed 0')
  },
  async 'a panel added to a figure'(page, archivePath) {
    await choose(page, 'Add to a figure')
    await expect.poll(() => newestPanels(archivePath).at(-1)?.look).toEqual({ curves: looks })
  },
  async 'a figure made of the view'(page, archivePath) {
    await page.getByRole('button', { name: 'Make figure' }).click()
    await expect.poll(() => page.url()).toContain('/figures')
    await expect.poll(() => newestPanels(archivePath).length).toBeGreaterThan(1)
    const panels = newestPanels(archivePath)
    expect(panels.map(({ look }) => look)).toEqual([{ curves: looks }, ...panels.slice(1).map(() => undefined)])
  },
}

describeWindow(
  'The look of a curve',
  (open) => {
    let page: Page
    let archivePath: string
    let runIds: string[]

    beforeAll(async () => {
      ;({ page, archivePath } = await open({
        prepare: async (path) => void (runIds = await recordExperiments(path, [smallExperiment({ seeds: [0, 1] })])),
      }))
    })

    it('that is chosen from its menu stands in the address, and is taken out of it again', async () => {
      await goTo(page, `/compare?runs=${runIds.join(',')}`)
      await settles(page)
      await onCurve(page, 'seed 1', 'Strengthen seed 1')
      await expect.poll(() => looksInAddress(page)).toEqual(['overlay.1:strong:seed 1'])
      await onCurve(page, 'seed 1', 'seed 1 as it was')
      await expect.poll(() => looksInAddress(page)).toEqual([])
    })

    it.each(Object.keys(ways))('is that of %s', async (way) => {
      const address = new URLSearchParams({ runs: runIds.join(',') })
      for (const entry of inAddress) address.append('look', entry)
      await goTo(page, `/compare?${address.toString()}`)
      await settles(page)
      await expect.poll(() => labels(page)).toEqual(['seed 1'])
      await ways[way]!(page, archivePath)
    })
  },
  // The desktop's own dialog asks where a file goes.
  { inElectron: false },
)

const first = (page: Page) => page.locator('.panel').first()
/** Each label ends with the last value. */
const labels = async (page: Page) =>
  (await first(page).locator('.line-label').allTextContents()).map((text) => /seed \d/.exec(text)?.[0])

async function onCurve(page: Page, curve: string, item: string): Promise<void> {
  await rightClickAt(first(page).locator('.line-label').filter({ hasText: curve }))
  await page.getByRole('menuitem', { name: item, exact: true }).click()
}

async function choose(page: Page, item: string | RegExp): Promise<void> {
  await first(page)
    .getByRole('button', { name: /: export$/ })
    .click()
  await page.getByRole('menuitem', { name: item, exact: true }).click()
}

async function saved(page: Page, item: RegExp): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), choose(page, item)])
  return readFile(await download.path(), 'utf8')
}

async function looksInAddress(page: Page): Promise<string[]> {
  return new URLSearchParams(page.url().split('?')[1] ?? '').getAll('look')
}

const newestPanels = (archivePath: string) => figuresIn(archivePath)[0]?.panels ?? []
