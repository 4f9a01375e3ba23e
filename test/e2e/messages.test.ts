import type { Page } from 'playwright-core'
import { beforeAll, beforeEach, expect, it } from 'vitest'
import { recordExperiments, smallExperiment } from '../support/browserArchive.ts'
import { goTo, settles } from '../support/browserPage.ts'
import { describeWindow, hide } from './laboratoryWindow.ts'

describeWindow('Messages', (open) => {
  let page: Page

  beforeAll(async () => {
    ;({ page } = await open({ prepare: (path) => recordExperiments(path, [smallExperiment({ seeds: [0, 1, 2] })]) }))
  })

  beforeEach(async () => {
    await goTo(page, '/runs')
    await page.getByRole('grid', { name: 'Runs' }).getByText('seed 2').waitFor()
    // Their time stands still, however slow a step is.
    await hide(page, true)
  })

  it('have a place of their own: neither the view, nor the chosen runs’ bar, nor a dialog lies under them', async () => {
    for (const height of [900, 600]) {
      await page.setViewportSize({ width: 900, height })
      await binOne(page)
      await page.getByRole('checkbox', { name: 'Select all runs shown' }).click()
      await page.getByRole('toolbar', { name: 'Chosen runs' }).waitFor()
      await page.getByRole('button', { name: 'Open archive…' }).click()
      await page.getByRole('dialog').waitFor()
      expect(await coveredByMessages(page)).toEqual([])
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await page.getByRole('button', { name: 'Select none' }).click()
      await page.getByRole('grid', { name: 'Runs' }).focus()
      await page.keyboard.press('ControlOrMeta+z')
      await page.getByRole('grid', { name: 'Runs' }).getByText('seed 2').waitFor()
    }
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  it('come and go while no button is pressed: what one clicks on does not move', async () => {
    await binOne(page)
    await page.getByRole('checkbox', { name: /^Select .*seed 1/ }).click()
    const none = page.getByRole('toolbar', { name: 'Chosen runs' }).getByRole('button', { name: 'Select none' })
    await none.hover()
    const before = await none.boundingBox()
    await page.mouse.down()
    await page.keyboard.press('ControlOrMeta+z')
    await page.getByRole('grid', { name: 'Runs' }).getByText('seed 2').waitFor()
    expect(await page.locator('.toast').count()).toBe(1)
    expect(await none.boundingBox()).toEqual(before)
    await page.mouse.up()
    await none.waitFor({ state: 'detached' })
    await expect.poll(() => page.locator('.toast').count()).toBe(0)
  })

  it('are undone by a key, which leaves texts alone', async () => {
    await binOne(page)
    await page.getByRole('combobox', { name: 'Filter' }).focus()
    await page.keyboard.press('ControlOrMeta+z')
    expect(await page.locator('.toast').count()).toBe(1)
    await page.getByRole('grid', { name: 'Runs' }).focus()
    await page.keyboard.press('ControlOrMeta+z')
    await page.getByRole('grid', { name: 'Runs' }).getByText('seed 2').waitFor()
  })

  it('are gone to by a key, wait there, and give the focus back', async () => {
    await binOne(page)
    await page.getByRole('grid', { name: 'Runs' }).focus()
    await page.keyboard.press('F8')
    expect(await focused(page)).toBe('Undo')
    await page.keyboard.press('Escape')
    expect(await focused(page)).toBe('Runs')
    await page.keyboard.press('F8')
    await page.keyboard.press('Enter')
    await page.getByRole('grid', { name: 'Runs' }).getByText('seed 2').waitFor()
    await expect.poll(() => focused(page)).toBe('Runs')
  })
})

describeWindow('Drawers', (open) => {
  let page: Page

  beforeAll(async () => {
    ;({ page } = await open({ prepare: (path) => recordExperiments(path, [smallExperiment()]) }))
    await page.setViewportSize({ width: 900, height: 700 })
  })

  it('are closed by Escape, which gives the focus back to what opened them', async () => {
    for (const [address, drawer] of Object.entries({
      '/figures': 'Panels',
      '/papers/musat2025/fig6': 'Claims',
      '/machine': 'Details',
    })) {
      await goTo(page, address)
      await settles(page)
      const toggle = page.getByRole('button', { name: drawer, exact: true })
      await toggle.click()
      const side = page.locator(`#${await toggle.getAttribute('aria-controls')}`)
      await side.waitFor()
      const field = side.locator('input, button, a').first()
      if ((await field.count()) > 0) await field.focus()
      await page.keyboard.press('Escape')
      await side.waitFor({ state: 'hidden' })
      expect(await focused(page)).toBe(drawer)
      expect(page.url()).toContain(address)
    }
  })

  it('leave the filter enough room for what it proposes', async () => {
    await goTo(page, '/runs')
    const filter = page.getByRole('combobox', { name: 'Filter' })
    await filter.waitFor()
    const { text, room } = await filter.evaluate((input: HTMLInputElement) => {
      const drawing = document.createElement('canvas').getContext('2d')!
      drawing.font = getComputedStyle(input).font
      return { text: drawing.measureText(input.placeholder).width, room: input.clientWidth }
    })
    expect(text).toBeLessThanOrEqual(room)
  })
})

async function binOne(page: Page) {
  await page.getByRole('checkbox', { name: /^Select .*seed 2/ }).click()
  await page.getByRole('toolbar').getByRole('button', { name: 'Bin' }).click()
  await page.locator('.toast').filter({ hasText: 'in the bin' }).waitFor()
  await page.getByRole('grid', { name: 'Runs' }).getByText('seed 2').waitFor({ state: 'detached' })
}

/** Controls, lines of the table and places of the focus that a message lies over. */
const coveredByMessages = (page: Page) =>
  page.evaluate(() => {
    const messages = [...document.querySelectorAll('.toast')].map((toast) => toast.getBoundingClientRect())
    const others = [...document.querySelectorAll('main :is(button, a, input, [role="row"]), [role="dialog"] *')]
    return others
      .filter((other) => other.checkVisibility())
      .filter((other) => {
        const box = other.getBoundingClientRect()
        const shown = other.closest('[role="grid"], [role="dialog"]')?.getBoundingClientRect() ?? box
        return messages.some(
          (message) =>
            Math.min(box.right, message.right) > Math.max(box.left, message.left) &&
            Math.min(box.bottom, shown.bottom, message.bottom) > Math.max(box.top, message.top),
        )
      })
      .map((other) => other.outerHTML.slice(0, 120))
  })

const focused = (page: Page) =>
  page.evaluate(() => document.activeElement!.getAttribute('aria-label') ?? document.activeElement!.textContent.trim())
