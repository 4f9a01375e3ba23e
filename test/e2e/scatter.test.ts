import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { inspect } from '../support/axeFindings.ts'
import { recordExperiments, smallExperiment } from '../support/browserArchive.ts'
import { goTo, settles } from '../support/browserPage.ts'
import { describeWindow } from './laboratoryWindow.ts'

describeWindow('A scatter of runs', (open) => {
  let page: Page
  let runIds: string[]

  beforeAll(async () => {
    const wide = (hidden: number) => smallExperiment({ name: `wide ${hidden}`, seeds: [0, 1], network: { hidden } })
    ;({ page } = await open({
      prepare: async (path) => void (runIds = await recordExperiments(path, [wide(48), wide(64), wide(80)])),
    }))
  })

  it('stands where something differs, by keyboard alone, and goes into a figure as it is', async () => {
    await goTo(page, `/compare?runs=${runIds.join()}`)
    await settles(page)
    await page.getByRole('link', { name: 'Scatter' }).focus()
    await page.keyboard.press('Enter')
    const number = page.getByRole('button', { name: /^Number:/ })
    await number.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menu').waitFor()
    await page.keyboard.type('first-layer')
    await page.keyboard.press('Enter')
    await expect.poll(() => number.innerText()).toMatch(/first-layer squared norm/i)
    expect(await page.getByRole('button', { name: /^Horizontal field/ }).innerText()).toMatch(/d/)
    expect(await page.locator('.legend text').allTextContents()).toEqual(['wide 48', 'wide 64', 'wide 80'])
    expect(await inspect(page)).toEqual([])
    await page.getByRole('button', { name: 'Make figure' }).click()
    await page.getByText('from 6 runs').waitFor()
    await page.getByText('1 panel', { exact: true }).waitFor()
    expect(await page.locator('.problem').count()).toBe(0)
  })

  it('is not offered where the runs differ in nothing', async () => {
    await goTo(page, `/compare?runs=${runIds.slice(0, 2).join()}&tab=scatter`)
    await settles(page)
    await page.getByText('2 runs', { exact: true }).waitFor()
    expect(await page.getByRole('link', { name: 'Scatter' }).count()).toBe(0)
  })
})
