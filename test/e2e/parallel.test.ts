import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { inspect } from '../support/axeFindings.ts'
import { recordExperiments, smallExperiment } from '../support/browserArchive.ts'
import { goTo, settles } from '../support/browserPage.ts'
import { describeWindow } from './laboratoryWindow.ts'

const widths = [24, 32, 48]

describeWindow('Parallel coordinates of runs', (open) => {
  let page: Page
  let runIds: string[]

  beforeAll(async () => {
    const wide = (hidden: number) =>
      smallExperiment({
        name: `wide ${hidden}`,
        seeds: [0, 1],
        network: { hidden },
        dynamics: { kind: 'isolated', steps: hidden === 48 ? 400 : 300 },
      })
    ;({ page } = await open({
      prepare: async (path) => void (runIds = await recordExperiments(path, widths.map(wide))),
    }))
  })

  const axis = (name: RegExp) => page.locator('[aria-roledescription="axis"]').and(page.getByLabel(name))
  const caption = () => page.getByRole('region', { name: 'Parallel coordinates' }).locator('.caption').innerText()

  it('have parts of axes looked at by keys alone, and go into a figure as they are', async () => {
    await goTo(page, `/compare?runs=${runIds.join()}`)
    await settles(page)
    await page.getByRole('link', { name: 'Parallel' }).focus()
    await page.keyboard.press('Enter')
    const hidden = axis(/^hidden units/)
    await hidden.focus()
    await page.keyboard.press('ArrowUp')
    await expect.poll(caption).toMatch(/^4 of 6 runs in range/)
    await page.keyboard.press('Shift+ArrowDown')
    await expect.poll(caption).toMatch(/^2 of 6 runs in range/)
    expect(await hidden.getAttribute('aria-label')).toBe('hidden units dh: 32')
    // Several parts combine.
    await page.keyboard.press('ArrowLeft')
    await expect.poll(() => page.locator(':focus').getAttribute('aria-label')).toMatch(/^steps: all/)
    await page.keyboard.press('ArrowUp')
    await expect.poll(caption).toMatch(/^0 of 6 runs in range/)
    await page.keyboard.press('Escape')
    await expect.poll(caption).toMatch(/^2 of 6 runs in range/)
    expect(await inspect(page)).toEqual([])
    await page.getByRole('button', { name: 'Make figure' }).click()
    await page.getByText('from 6 runs').waitFor()
    await page.getByText('1 panel', { exact: true }).waitFor()
    expect(await page.locator('.problem').count()).toBe(0)
  })

  it('have a part of an axis drawn by a drag, taken away by a click, and a run opened by a click on its line', async () => {
    await goTo(page, `/compare?runs=${runIds.join()}&tab=parallel`)
    await settles(page)
    const hidden = axis(/^hidden units/)
    await hidden.waitFor()
    const box = (await hidden.boundingBox())!
    const middle = box.x + box.width / 2
    await page.mouse.move(middle, box.y + 2)
    await page.mouse.down()
    await page.mouse.move(middle, box.y + 0.3 * box.height, { steps: 4 })
    await page.mouse.up()
    await expect.poll(caption).toMatch(/^2 of 6 runs in range/)
    await page.mouse.click(middle, box.y + 0.8 * box.height)
    await expect.poll(caption).not.toMatch(/in range/)

    // The highest line begins at the upper end of the first axis.
    await page.getByRole('application', { name: /^Parallel coordinates/ }).focus()
    await page.keyboard.press('ArrowDown')
    const tip = page.locator('.chart-tip')
    const name = await tip.locator('b').innerText()
    expect(name).toMatch(/^48|wide 48/)
    await page.keyboard.press('Enter')
    await expect.poll(() => page.url()).toMatch(new RegExp(`/runs/(${runIds.slice(4).join('|')})`))
  })

  it('have the axes that are chosen', async () => {
    await goTo(page, `/compare?runs=${runIds.join()}&tab=parallel`)
    await settles(page)
    const axes = page.locator('[aria-roledescription="axis"]')
    await axes.first().waitFor()
    const before = await axes.count()
    await page.getByRole('button', { name: 'Axes' }).click()
    await page
      .getByRole('menuitemcheckbox', { name: /dynamics.steps/ })
      .first()
      .click()
    await page
      .getByRole('menuitemcheckbox', { name: /^step of memorization|memorized/ })
      .first()
      .click()
    await page.keyboard.press('Escape')
    await expect.poll(() => axes.count()).toBe(before)
    await expect.poll(() => axis(/^steps/).count()).toBe(0)
    await axis(/^hidden units/).focus()
    await page.keyboard.press('ArrowUp')
    await expect.poll(caption).toMatch(/^4 of 6 runs in range/)
    // One goes to where its neighbor stands, by keys or drawn by its name.
    const order = () => axes.evaluateAll((all) => all.map((each) => each.dataset.column))
    const [field, one, other] = await order()
    await axes.nth(1).focus()
    await page.keyboard.press('Shift+ArrowRight')
    await expect.poll(order).toEqual([field, other, one])
    await expect.poll(() => page.locator(':focus').getAttribute('data-column')).toBe(one)
    const [left, right] = [(await axes.nth(1).boundingBox())!, (await axes.nth(2).boundingBox())!]
    await page.mouse.move(left.x + left.width / 2, left.y - 6)
    await page.mouse.down()
    await page.mouse.move(right.x + right.width / 2 + 6, left.y - 6, { steps: 4 })
    await page.mouse.up()
    await expect.poll(order).toEqual([field, one, other])
    await axes.nth(1).focus()
    // A number stays among numbers.
    await page.keyboard.press('Shift+ArrowLeft')
    await page.keyboard.press('Shift+ArrowRight')
    await expect.poll(order).toEqual([field, other, one])
    // The address keeps them, as they are now.
    await expect
      .poll(() => decodeURIComponent(page.url()))
      .toMatch(new RegExp(`axes=${[field, other, one].join()}.*parts=`))
    await page.reload()
    await expect.poll(caption).toMatch(/^4 of 6 runs in range/)
    await expect.poll(() => axes.count()).toBe(before)
    await expect.poll(() => axis(/^steps/).count()).toBe(0)
    await expect.poll(order).toEqual([field, other, one])
  })
})
