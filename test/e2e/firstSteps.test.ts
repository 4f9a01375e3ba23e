import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { inspect } from '../support/axeFindings.ts'
import { layoutFaults } from '../support/layoutFaults.ts'
import { goTo, rests, settles } from '../support/browserPage.ts'
import { describeWindow } from './laboratoryWindow.ts'

describeWindow('An empty library', (open) => {
  let page: Page

  beforeAll(async () => {
    ;({ page } = await open())
  })

  it('offers three things to begin with, whole at every size and to everybody', async () => {
    await goTo(page, '/runs')
    for (const [width, height] of sizes) {
      await page.setViewportSize({ width, height })
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        const starts = page.getByRole('button', { name: /^Run / })
        await starts.nth(2).waitFor()
        await rests(page)
        expect(await starts.count()).toBe(3)
        expect([...(await layoutFaults(page)), ...(await inspect(page))]).toEqual([])
      }
    }
  })

  it('leads from the first run to a tour of it, which goes from thing to thing by keyboard', async () => {
    await page.getByRole('button', { name: 'Run two weights' }).focus()
    await page.keyboard.press('Enter')
    const tour = page.getByRole('dialog', { name: /^Tour of the run/ })
    await tour.waitFor()
    const titles: string[] = []
    for (const [width, height] of [...sizes, ...sizes, ...sizes].slice(0, 7)) {
      await page.setViewportSize({ width, height })
      await expect.poll(() => isWithinWindow(page)).toBe(true)
      expect(await inspect(page)).toEqual([])
      titles.push(await tour.getByRole('heading').innerText())
      const next = tour.getByRole('button', { name: /Next|Done/ })
      await expect.poll(() => next.evaluate((button) => button === document.activeElement)).toBe(true)
      await page.keyboard.press('Enter')
    }
    expect(new Set(titles).size).toBe(7)
    await tour.waitFor({ state: 'detached' })
  })

  it('tours once, until it is asked for again, and lets one go at any point', async () => {
    const tour = page.getByRole('dialog', { name: /^Tour of the run/ })
    await page.reload()
    await settles(page)
    expect(await tour.count()).toBe(0)
    await page.keyboard.press('?')
    await page.getByRole('button', { name: 'Tour of a run' }).click()
    await tour.waitFor()
    await page.keyboard.press('Escape')
    await tour.waitFor({ state: 'detached' })
    await goTo(page, '/papers')
    await page.keyboard.press('ControlOrMeta+k')
    await page.keyboard.type('tour')
    await page.keyboard.press('Enter')
    await tour.getByRole('button', { name: 'Next' }).click()
    await tour.getByRole('button', { name: 'Leave' }).click()
    await tour.waitFor({ state: 'detached' })
    await page.reload()
    await settles(page)
    expect(await tour.count()).toBe(0)
  })

  it('says at each run what to look at, and leads to the next', async () => {
    const hints = page.getByRole('region', { name: 'First steps' })
    await hints.getByRole('link', { name: 'See it in Geometry' }).click()
    await expect.poll(() => page.url()).toContain('/geometry')
    await hints.getByRole('button', { name: 'Run the isolated layer' }).click()
    await hints.getByRole('link', { name: 'See them in Fourier' }).waitFor()
    await page.getByText('Finished', { exact: true }).first().waitFor()
    await page
      .getByText(/^grokked at/)
      .or(page.getByText('Grokked'))
      .first()
      .waitFor()
    await hints.getByRole('button', { name: 'Train a network' }).click()
    await hints.getByRole('link', { name: 'See it in Matrices' }).waitFor()
    await page.getByText('Finished', { exact: true }).first().waitFor()
    await hints.getByRole('button', { name: 'Close these hints' }).click()
    await hints.waitFor({ state: 'detached' })
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1)
  })
})

const sizes = [
  [1440, 900],
  [1100, 700],
  [900, 600],
] as const

/** The words of the tour, and what they point at, which is something that can be seen. */
const isWithinWindow = (page: Page) =>
  page.evaluate(() =>
    ['.tour', '.around'].every((selector) => {
      const box = document.querySelector(selector)?.getBoundingClientRect()
      if (!box || box.width < 20 || box.height < 20) return false
      return box.left >= 0 && box.top >= 0 && box.right <= innerWidth + 1 && box.bottom <= innerHeight + 1
    }),
  )
