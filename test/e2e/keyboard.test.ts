import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { recordExperiments, smallExperiment } from '../support/browserArchive.ts'
import { settles } from '../support/browserPage.ts'
import { describeWindow, offered } from './laboratoryWindow.ts'

describeWindow('Without a pointer', (open) => {
  let page: Page

  beforeAll(async () => {
    ;({ page } = await open({ prepare: (path) => recordExperiments(path, [smallExperiment({ seeds: [0, 1] })]) }))
    await page.getByRole('navigation', { name: 'Places' }).waitFor()
  })

  it('one goes to every view', async () => {
    for (const [key, name] of Object.entries(places)) {
      await press(page, 'g', key)
      await expect.poll(() => currentPlace(page)).toBe(name)
    }
  })

  it('one finds every command in the palette, and the keys in their map', async () => {
    await page.keyboard.press('ControlOrMeta+k')
    await page.keyboard.type('machine')
    await page.keyboard.press('Enter')
    await expect.poll(() => currentPlace(page)).toBe('Machine')
    await page.keyboard.press('?')
    const map = page.getByRole('dialog', { name: 'Keyboard' })
    await map.getByText('Runs', { exact: true }).waitFor()
    await page.keyboard.press('Escape')
    await map.waitFor({ state: 'detached' })
  })

  it('one filters, chooses and opens a run, and moves its clock', async () => {
    await press(page, 'g', 'r')
    await page.getByRole('grid', { name: 'Runs' }).getByText('seed 1').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('seed = 1')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    // A person goes to what the filter has found, not to what stood there before.
    await page.getByRole('grid', { name: 'Runs' }).getByText('seed 0').waitFor({ state: 'detached' })
    await page.getByRole('grid', { name: 'Runs' }).focus()
    await press(page, 'ArrowDown', 'ArrowDown', 'Space')
    await page.getByRole('toolbar', { name: 'Chosen runs' }).getByText('1 run selected').waitFor()
    await press(page, 'Escape', 'Enter')
    await page.getByRole('slider', { name: 'Step' }).waitFor()
    await press(page, 'Home', 'ArrowRight')
    await expect.poll(() => clock(page)).toBeGreaterThan(0)
    await press(page, 'End')
    await expect.poll(() => clock(page)).toBe(400)
  })

  it('one reads a chart from point to point, goes to the step, looks closer, and copies what stands there', async () => {
    // A browser without a window has no clipboard to be read.
    await page.evaluate(() => {
      navigator.clipboard.writeText = async (text) => void (document.body.dataset.clipboard = text)
    })
    const chart = page.getByRole('application', { name: /^Accuracy/ })
    await chart.focus()
    await press(page, 'Home')
    // It is there as soon as the curves are.
    await page.locator('.chart-tip').first().waitFor()
    await press(page, 'ArrowRight', 'ArrowRight', 'ControlOrMeta+c')
    await expect.poll(() => clipboard(page)).toMatch(/^step\t.+\n\d+\t[\d.]+/)
    const [head, values] = (await clipboard(page)).split('\n').map((line) => line.split('\t'))
    expect(values).toHaveLength(head!.length)
    const step = Number(values![0])
    expect(step).toBeGreaterThan(0)
    await press(page, 'Enter')
    await expect.poll(() => clock(page)).toBe(step)
    await press(page, '+')
    await page.getByRole('button', { name: 'Show all' }).waitFor()
    await press(page, '0')
    await page.getByRole('button', { name: 'Show all' }).waitFor({ state: 'detached' })
    await press(page, 'Escape', '?')
    const map = page.getByRole('dialog', { name: 'Keyboard' })
    // However many charts there are, their keys stand there once.
    expect(await map.getByText('Copy what is read there').count()).toBe(1)
    await press(page, 'Escape')
    await map.waitFor({ state: 'detached' })
  })

  it('one goes from cell to cell of a matrix, and from circle to circle', async () => {
    await page.getByRole('link', { name: 'Matrices' }).click()
    await page.evaluate(() => delete document.body.dataset.clipboard)
    const matrix = page.locator('.charts').getByRole('application').first()
    await matrix.focus()
    await press(page, 'ArrowRight', 'ArrowRight', 'ArrowDown', 'ControlOrMeta+c')
    await expect.poll(() => clipboard(page)).toMatch(/\t-?\d/)
    const first = await clipboard(page)
    await press(page, 'ArrowDown', 'ControlOrMeta+c')
    await expect.poll(() => clipboard(page)).not.toBe(first)
    await page.getByRole('link', { name: 'Fourier' }).click()
    // A button within a chart keeps its keys.
    const cosines = page.getByRole('region', { name: 'Cosine', exact: true })
    await cosines.getByRole('button', { name: 'fit' }).focus()
    await press(page, 'Enter')
    await cosines.getByRole('button', { name: 'lock' }).waitFor()
    const chosen = page.getByRole('radiogroup', { name: 'Frequency' }).getByRole('radio', { checked: true })
    await chosen.focus()
    await press(page, 'End')
    const last = await chosen.getAttribute('aria-label')
    await press(page, 'Home')
    await expect.poll(() => chosen.getAttribute('aria-label')).not.toBe(last)
    await press(page, 'ArrowRight')
    await expect.poll(() => chosen.getAttribute('aria-label')).toMatch(/^Frequency 2/)
    await page.getByRole('link', { name: 'Curves' }).click()
  })

  it('a text keeps the keys that it has', async () => {
    await press(page, 'g', 'r')
    await page.getByRole('grid', { name: 'Runs' }).getByText('seed 1').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('small')
    await page.keyboard.press('ControlOrMeta+a')
    const filter = page.getByRole('combobox', { name: 'Filter' })
    expect(await filter.evaluate((input: HTMLInputElement) => input.selectionEnd! - input.selectionStart!)).toBe(5)
    // What is chosen is shown once the host has answered.
    await settles(page)
    expect(await page.getByRole('toolbar', { name: 'Chosen runs' }).count()).toBe(0)
    await press(page, 'Backspace', 'Escape')
  })

  it('the focus is to be seen wherever the tabulator goes, and comes round', async () => {
    await press(page, 'g', 'p')
    await page.getByRole('article').first().waitFor()
    const seen = new Set<string>()
    for (let i = 0; i < 30; i++) {
      await page.keyboard.press('Tab')
      const focus = await page.evaluate(() => {
        const focused = document.activeElement!
        const { outlineStyle, boxShadow } = getComputedStyle(focused)
        const isMarked = outlineStyle !== 'none' || boxShadow !== 'none'
        return { name: focused.textContent.trim(), isBody: focused === document.body, isMarked }
      })
      if (!focus.isBody) expect(focus).toMatchObject({ isMarked: true })
      seen.add(focus.name)
    }
    for (const name of Object.values(places)) expect(seen).toContain(name)
  })

  it('one goes from the filter to the first run with the arrow, and bins what is chosen with Delete', async () => {
    await press(page, 'g', 'r')
    const grid = page.getByRole('grid', { name: 'Runs' })
    await grid.getByText('seed 0').or(grid.getByText('seed 1')).first().waitFor()
    await press(page, '/', 'Escape', 'Escape', 'Escape', '/')
    await page.keyboard.type('seed = 1')
    await press(page, 'Enter')
    await grid.getByText('seed 0').waitFor({ state: 'detached' })
    await press(page, 'ArrowDown', 'ArrowDown', 'Space')
    await page.getByRole('toolbar', { name: 'Chosen runs' }).getByText('1 run selected').waitFor()
    const undo = await offered(page, 'Undo', '1 run in the bin', () => press(page, 'Delete'))
    // The line goes as soon as the list was read again: until then it is the former one that is there.
    await grid.getByText('seed 1').waitFor({ state: 'detached' })
    await undo.click()
    await grid.getByText('seed 1').waitFor()
    await press(page, '/', 'ArrowDown', 'ArrowDown', 'Enter')
    await expect.poll(() => page.getByRole('slider', { name: 'Step' }).count()).toBe(1)
  })
})

const places = { p: 'Papers', n: 'New', r: 'Runs', s: 'Sweeps', c: 'Compare', f: 'Figures', m: 'Machine' }

async function press(page: Page, ...keys: string[]) {
  for (const key of keys) await page.keyboard.press(key)
}

const currentPlace = (page: Page) =>
  page.getByRole('navigation', { name: 'Places' }).locator('[aria-current=page]').innerText()

const clipboard = (page: Page) => page.evaluate(() => document.body.dataset.clipboard ?? '')

const clock = async (page: Page) =>
  Number(await page.getByRole('slider', { name: 'Step' }).getAttribute('aria-valuenow'))
