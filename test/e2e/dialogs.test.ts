import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { recordExperiments, smallExperiment } from '../support/browserArchive.ts'
import { goTo, settles } from '../support/browserPage.ts'
import { describeWindow, hide } from './laboratoryWindow.ts'

describeWindow(
  'Dialogs',
  (open) => {
    let page: Page
    let runIds: string[]

    beforeAll(async () => {
      ;({ page } = await open({
        prepare: async (path) => void (runIds = await recordExperiments(path, [smallExperiment({ seeds: [0, 1] })])),
      }))
    })

    it('that ask for a text have it under the hands: selected, and taken by Enter', async () => {
      await goTo(page, `/runs/${runIds[0]}/curves`)
      await settles(page)
      const more = page.getByRole('button', { name: 'More', exact: true })
      await more.click()
      await page.getByRole('menuitem', { name: /^Extend/ }).click()
      await page.getByRole('dialog').waitFor()
      expect(await focused(page)).toEqual({ name: 'Further steps', selected: '1000' })
      await page.keyboard.type('nothing')
      await page.keyboard.press('Escape')
      await expect.poll(() => focused(page)).toMatchObject({ name: 'More' })
    })

    it('and menus lie above the messages that they reach down to', async () => {
      const size = page.viewportSize()!
      await page.setViewportSize({ width: 1000, height: 300 })
      await goTo(page, '/new')
      await hide(page, true)
      await page.getByRole('button', { name: 'Discard', exact: true }).click()
      await page.getByText('Draft discarded', { exact: true }).waitFor()
      await goTo(page, `/runs/${runIds[0]}/curves`)
      await settles(page)
      await page.getByRole('button', { name: 'More', exact: true }).focus()
      await page.keyboard.press('Enter')
      const lines = page.getByRole('menu').getByRole('menuitem')
      await lines.first().waitFor()
      const message = (await page.getByText('Draft discarded', { exact: true }).boundingBox())!
      const boxes = await Promise.all((await lines.all()).map((line) => line.boundingBox()))
      expect(Math.max(...boxes.map((box) => box!.y + box!.height))).toBeGreaterThan(message.y)
      for (const line of await lines.all()) await line.click({ trial: true })
      await hide(page, false)
      await page.keyboard.press('Escape')
      await page.setViewportSize(size)
    })

    it('give the focus back to what they were opened from: a menu of a row to that row', async () => {
      await goTo(page, '/runs')
      const grid = page.getByRole('grid', { name: 'Runs' })
      const row = grid.locator('.row:not(.head)').filter({ has: page.getByText('seed 1', { exact: true }) })
      await row.hover()
      await row.getByRole('button', { name: 'Actions' }).click()
      await page.getByRole('menuitem', { name: 'Rename…' }).click()
      await page.getByRole('dialog').waitFor()
      expect(await focused(page)).toEqual({ name: 'Name', selected: 'small, seed 1' })
      await page.keyboard.type('the one to remember')
      await page.keyboard.press('Enter')
      await grid.getByText('the one to remember').waitFor()
      await expect
        .poll(() => page.evaluate(() => document.activeElement!.closest('[role=row]')?.textContent))
        .toContain('the one to remember')
    })

    it('without a field have the focus on what they are for', async () => {
      await page.keyboard.press('?')
      await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
      expect(await focused(page)).toMatchObject({ name: 'Keys' })
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Import' }).click()
      await page.getByRole('dialog').waitFor()
      expect(await focused(page)).toMatchObject({ name: 'Path of the file on the machine that runs the laboratory' })
      await page.keyboard.press('Escape')
      await expect.poll(() => focused(page)).toMatchObject({ name: 'Import' })
    })
  },
  { inElectron: false },
)

/** What has the focus, by its name, and what of its text is selected. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement
    const { labels = null, value = '', selectionStart = 0, selectionEnd = 0 } = element as Partial<HTMLInputElement>
    const name = element.getAttribute('aria-label') ?? labels?.[0]?.textContent ?? element.textContent.trim()
    return { name, selected: value.slice(selectionStart ?? 0, selectionEnd ?? 0) }
  })
