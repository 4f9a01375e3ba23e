import type { Locator, Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { inspect } from '../support/axeFindings.ts'
import { recordExperiments, smallExperiment } from '../support/browserArchive.ts'
import { goTo, rests, rightClickAt, settles, slowHost, type SlowHost } from '../support/browserPage.ts'
import { describeWindow, offered, whileMessagesStay } from './laboratoryWindow.ts'

describeWindow('Context menus', (open) => {
  let page: Page
  let runIds: string[]
  let host: SlowHost

  beforeAll(async () => {
    ;({ page } = await open({
      prepare: async (path) => void (runIds = await recordExperiments(path, [smallExperiment({ seeds: [0, 1] })])),
    }))
    host = await slowHost(page)
    await page.reload()
    await stubClipboard(page)
  })

  it('of a run and of a group offer what their buttons offer, to the pointer and to the keyboard', async () => {
    await goTo(page, '/runs')
    const grid = page.getByRole('grid', { name: 'Runs' })
    await grid.getByText('seed 1').waitFor()
    for (const [name, below] of [
      ['seed 1', 2],
      ['small', 0],
    ] as const) {
      const row = grid.locator('.row:not(.head)').filter({ has: page.getByText(name, { exact: true }) })
      await row.hover()
      await row.getByRole('button', { name: 'Actions' }).click()
      const offered = await items(page)
      await page.keyboard.press('Escape')
      await row.getByText(name, { exact: true }).click({ button: 'right' })
      expect(await items(page)).toEqual(offered)
      expect(await inspect(page)).toEqual([])
      await page.keyboard.press('Escape')
      await grid.focus()
      await page.keyboard.press('PageUp')
      for (let k = 0; k < below; k++) await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Shift+F10')
      expect(await items(page)).toEqual(offered)
      await page.keyboard.press('Escape')
      await expect.poll(() => grid.evaluate((element) => element === document.activeElement)).toBe(true)
    }
  })

  it('stay while the pointer goes to what they say', async () => {
    await goTo(page, '/runs')
    await settles(page)
    const grid = page.getByRole('grid', { name: 'Runs' })
    await grid.getByText('seed 1').click({ button: 'right' })
    await page.mouse.move(1200, 800, { steps: 8 })
    await page.getByRole('menuitem', { name: 'New from this specification' }).click()
    await expect.poll(() => page.url()).toContain('/new')
  })

  it('bring nobody back who leaves before the run has come that is begun from', async () => {
    await goTo(page, '/compare')
    await whileMessagesStay(page, async () => {
      host.hold()
      try {
        await goTo(page, `/new?from=${runIds[0]}`)
        await page.getByRole('main').getByText('New experiment').waitFor()
        await goTo(page, '/runs')
        await page.getByRole('main').getByRole('heading', { name: 'Runs', exact: true }).waitFor()
      } finally {
        host.release()
      }
      // The test before has left a message of the other run.
      await page.getByText(/^Started from small, seed 0/).waitFor()
    })
    await settles(page)
    expect(page.url()).toContain('/runs')
  })

  it('carry out what they say: a group is compared, from the keyboard alone', async () => {
    await goTo(page, '/runs')
    const grid = page.getByRole('grid', { name: 'Runs' })
    await grid.getByText('seed 1').waitFor()
    await grid.focus()
    await page.keyboard.press('PageUp')
    await page.keyboard.press('Shift+F10')
    await page.getByRole('menuitem', { name: 'Compare' }).waitFor()
    await typeTo(page, 'compare')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.url()).toContain('/compare')
    await page.getByRole('main').getByText('2 runs', { exact: true }).waitFor()
  })

  it('of a panel save, copy and add what it shows', async () => {
    await goTo(page, `/runs/${runIds[0]}/curves`)
    await settles(page)
    await page.locator('.panel').first().locator('.chart').click({ button: 'right' })
    const ofPanel = await items(page)
    expect(ofPanel).toEqual(expect.arrayContaining(['PictureSVG', 'DataCSV', 'Data as table', 'Copy values']))
    await page.getByRole('menuitem', { name: 'Copy values' }).click()
    await expect.poll(() => clipboard(page)).toMatch(/step,tau/)
    await page
      .locator('.panel')
      .first()
      .getByRole('button', { name: /: export$/ })
      .focus()
    await page.keyboard.press('Shift+F10')
    expect(await items(page)).toEqual(ofPanel)
    const add = page.getByRole('menuitem', { name: 'Add to a figure' })
    await (await offered(page, 'Open', 'is added to', () => add.click())).click()
    await page.getByText('1 panel', { exact: true }).waitFor()
  })

  it('of a curve hide it, leave it alone and copy it, on the curve, its name and its entry in the legend', async () => {
    await goTo(page, `/compare?runs=${runIds.join(',')}`)
    await settles(page)
    const [main, lower] = [page.locator('.panel').first(), page.locator('.panel').nth(1)]
    const name = (seed: number) => main.locator('.line-label').filter({ hasText: `seed ${seed}` })
    await rightClickAt(name(1))
    expect((await items(page)).slice(0, 5)).toEqual([
      ...['Hide seed 1', 'Only seed 1', 'Strengthen seed 1', 'Another color for seed 1', 'Copy values of seed 1'],
    ])
    expect(await inspect(page)).toEqual([])
    await page.getByRole('menuitem', { name: 'Copy values of seed 1' }).click()
    await expect.poll(() => clipboard(page)).toMatch(/seed 1/)
    expect(await clipboard(page)).not.toMatch(/seed 0/)
    await rightClickAt(name(1))
    await page.getByRole('menuitem', { name: 'Hide seed 1' }).click()
    await expect.poll(() => name(1).count()).toBe(0)
    // What is seen is what is copied; the other panels are as they were.
    await main.getByRole('button', { name: /: export$/ }).click()
    await page.getByRole('menuitem', { name: 'Copy values' }).click()
    await expect.poll(() => clipboard(page)).toMatch(/seed 0/)
    expect(await clipboard(page)).not.toMatch(/seed 1/)
    await rightClickAt(lower.locator('.legend text').first())
    await page.getByRole('menuitem', { name: 'Only seed 0' }).click()
    await lower.getByRole('button', { name: 'Show 1 hidden' }).click()
    await expect.poll(() => lower.locator('.legend text').allTextContents()).toEqual(['seed 0', 'seed 1'])
    await main.getByRole('button', { name: 'Show 1 hidden' }).click()
    await name(1).waitFor()
  })

  it('of a curve strengthen and color it, and take that into a figure, with a way back in both', async () => {
    await goTo(page, `/compare?runs=${runIds.join(',')}`)
    await settles(page)
    const panel = page.locator('.panel').first()
    const label = panel.locator('.line-label').filter({ hasText: 'seed 1' })
    const choose = async (name: string) => {
      await rightClickAt(label)
      await page.getByRole('menuitem', { name, exact: true }).click()
    }
    const colorOf = () => label.evaluate((text) => getComputedStyle(text.querySelector('text') ?? text).fill)
    const before = await colorOf()
    await choose('Another color for seed 1')
    await expect.poll(colorOf).not.toBe(before)
    await choose('Strengthen seed 1')
    await choose('seed 1 no longer strong')
    await choose('Strengthen seed 1')
    await panel.getByRole('button', { name: /: export$/ }).click()
    await whileMessagesStay(page, async () => {
      await page.getByRole('menuitem', { name: 'Add to a figure' }).click()
      // The charts make room for what is said of that.
      await page.getByText(/is added to Figure/).waitFor()
      await settles(page)
      await choose('seed 1 as it was')
      await expect.poll(colorOf).toBe(before)
      await page.getByRole('button', { name: 'Open', exact: true }).click()
    })
    await page.getByRole('complementary', { name: 'Panels, caption, data' }).locator('li .name').last().click()
    const settings = page.getByRole('complementary', { name: 'Venue, axes, checks' })
    const field = (name: string) => settings.getByRole('button', { name, exact: true })
    await field('Curve: seed 1, changed').waitFor()
    await field('Curve: drawn: strong').waitFor()
    await settings.getByRole('button', { name: /^Curve: color: color [1-6]$/ }).waitFor()
    await field('Curve: drawn: strong').click()
    await page.getByRole('menuitemradio', { name: 'hidden' }).click()
    await field('Curve: drawn: hidden').waitFor()
    await settings.getByRole('button', { name: 'As they were' }).click()
    await field('Curve: drawn: as its data have it').waitFor()
    expect(await settings.getByRole('button', { name: 'As they were' }).count()).toBe(0)
  })

  it('stay open where they are asked for while another menu closes', async () => {
    await goTo(page, `/compare?runs=${runIds.join(',')}`)
    await settles(page)
    const exports = page
      .locator('.panel')
      .first()
      .getByRole('button', { name: /: export$/ })
    const smoothing = page.getByRole('button', { name: /^Smoothing/ })
    for (const button of [exports, smoothing]) {
      for (const delay of [0, 1, 4, 16]) {
        await button.click()
        await page.getByRole('menu').waitFor()
        await page.evaluate(async (milliseconds) => {
          const closing = document.querySelector('[role="menu"]')!
          const lines = [...closing.querySelectorAll<HTMLElement>('.item')]
          const pass = (time: number) => new Promise((resolve) => setTimeout(resolve, time))
          const isHarmless = ({ textContent }: HTMLElement) => /Copy values|as measured/.test(textContent)
          lines.find(isHarmless)!.click()
          await pass(milliseconds)
          const chart = document.querySelectorAll('.panel')[1]!.querySelector('.chart')!
          for (const type of ['pointerdown', 'contextmenu']) {
            chart.dispatchEvent(
              new PointerEvent(type, {
                bubbles: true,
                cancelable: true,
                button: 2,
                clientX: 200,
                pointerType: 'mouse',
              }),
            )
          }
          while (closing.isConnected) await pass(10)
        }, delay)
        // What closing does comes before the next frames: it would take the other with it.
        await rests(page)
        expect(await items(page), `after ${delay} ms`).toContain('Copy values')
        await page.keyboard.press('Escape')
        await expect.poll(() => page.getByRole('menu').count()).toBe(0)
      }
    }
  })

  it('of a curve come by the keyboard to the one that the cursor of the chart is on', async () => {
    const main = page.locator('.panel').first()
    await main.getByRole('application').focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowDown')
    const on = await main.locator('.chart-tip .pointed > span').innerText()
    await page.keyboard.press('Shift+F10')
    expect((await items(page))[0]).toBe(`Hide ${on}`)
    await typeTo(page, 'hide')
    await page.keyboard.press('Enter')
    await main.getByRole('button', { name: 'Show 1 hidden' }).waitFor()
    await expect.poll(() => main.locator('.line-label').filter({ hasText: on }).count()).toBe(0)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await main.locator('.line-label').filter({ hasText: on }).waitFor()
  })

  it('of a panel show its data as a table that the keyboard takes to the clipboard', async () => {
    await goTo(page, `/runs/${runIds[0]}/curves`)
    await settles(page)
    await page
      .getByRole('button', { name: /: data as table$/ })
      .first()
      .click()
    const table = page.getByRole('table', { name: 'Plotted data' })
    // At the end of the first of the curves, where the cursor is.
    await table.locator('.here').waitFor()
    expect(await table.evaluate((element) => element.scrollTop)).toBeGreaterThan(0)
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.press('ControlOrMeta+c')
    const heads = await table.getByRole('columnheader').allInnerTexts()
    await expect.poll(async () => (await clipboard(page)).split('\n')[0]!.split('\t')).toEqual(heads)
    await page.keyboard.press('Escape')
  })

  it('of a matrix copy the value that is pointed at, and sort', async () => {
    await goTo(page, `/runs/${runIds[0]}/matrices`)
    await settles(page)
    const chart = page.locator('.panel .chart').first()
    await rightClickAt(chart)
    await page.getByRole('menuitem', { name: 'Copy the value' }).click()
    await expect.poll(() => clipboard(page)).toMatch(/^-?[\d.e-]+$/)
    await chart.click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Rows by norm' }).click()
    await page.getByRole('button', { name: 'Order of rows: norm' }).waitFor()
  })

  it('of a figure’s panel move it and take it out', async () => {
    await goTo(page, `/figures?runs=${runIds.join(',')}`)
    const panels = page.getByRole('complementary', { name: 'Panels, caption, data' }).getByRole('listitem')
    await expect.poll(() => panels.count()).toBe(2)
    await settles(page)
    await panels.first().click({ button: 'right' })
    expect(await items(page)).toEqual(['Panel a up', 'Panel a down', 'Take panel a out'])
    await page.getByRole('menuitem', { name: 'Take panel a out' }).click()
    await expect.poll(() => panels.count()).toBe(1)
  })

  it('leave texts theirs', async () => {
    await goTo(page, '/runs')
    await page.getByRole('combobox', { name: 'Filter' }).click({ button: 'right' })
    await page.getByRole('combobox', { name: 'Filter' }).press('Shift+F10')
    expect(await page.getByRole('menu').count()).toBe(0)
    await goTo(page, `/runs/${runIds[0]}/curves`)
    await settles(page)
    const title = page.locator('.panel h2').first()
    await title.selectText()
    await title.click({ button: 'right', noWaitAfter: true })
    expect(await page.getByRole('menu').count()).toBe(0)
  })
})

async function items(page: Page): Promise<string[]> {
  const menu: Locator = page.getByRole('menu')
  await menu.waitFor()
  return (await menu.getByRole('menuitem').allInnerTexts()).map((text) => text.replace(/\s*\n\s*/g, ''))
}

/** A browser without a window has no clipboard to be read. */
async function stubClipboard(page: Page) {
  await page.evaluate(() => {
    navigator.clipboard.writeText = async (text) => void (document.body.dataset.clipboard = text)
  })
}

const clipboard = (page: Page) => page.evaluate(() => document.body.dataset.clipboard ?? '')

/** Goes to a line of a menu by its first letters, which the menu forgets in a second: typed again where that has passed between two. */
async function typeTo(page: Page, letters: string) {
  const text = () => page.evaluate(() => document.activeElement?.textContent.trim().toLowerCase() ?? '')
  const isThere = async () => {
    await page.keyboard.type(letters)
    return (await text()).startsWith(letters)
  }
  await expect.poll(isThere, { interval: 1100 }).toBe(true)
}
