import type { Locator, Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { recordExperiments, smallExperiment } from '../support/browserArchive.ts'
import { settles } from '../support/browserPage.ts'
import { describeWindow } from './laboratoryWindow.ts'

describeWindow('A chart that is dragged across', (open) => {
  let page: Page

  beforeAll(async () => {
    ;({ page } = await open({ prepare: (path) => recordExperiments(path, [smallExperiment({ seeds: [0, 1] })]) }))
    await page.getByRole('link', { name: 'Runs', exact: true }).click()
  })

  it.each(['Curves', 'Geometry'])('shows a middle part of a run’s %s over its whole width', async (view) => {
    await page.getByRole('grid', { name: 'Runs' }).getByRole('link', { name: 'seed 0' }).click()
    await page.getByRole('link', { name: view, exact: true }).click()
    await keepsItsWidth(page.locator('.chart:has(.strokes)').first())
    await page.getByRole('link', { name: 'Runs', exact: true }).click()
  })

  it('does so where runs are compared', async () => {
    await page.getByRole('checkbox', { name: 'Select small', exact: true }).click()
    await page.getByRole('toolbar', { name: 'Chosen runs' }).getByRole('button', { name: 'Compare' }).click()
    await keepsItsWidth(page.locator('.chart:has(.strokes)').first())
  })

  async function keepsItsWidth(chart: Locator) {
    // Before its curves have come there are no names beside them that take room.
    await chart.locator('.line-label').first().waitFor({ state: 'attached' })
    await settles(page)
    const axis = async () => Math.max(...(await widths(chart.locator('.axis-base'))))
    const [whole, box] = [await axis(), (await chart.boundingBox())!]
    const [left, right] = [0.4, 0.6].map((share) => box.x + share * box.width) as [number, number]
    await page.mouse.move(left, box.y + box.height / 2)
    await page.mouse.down()
    await page.mouse.move(right, box.y + box.height / 2, { steps: 4 })
    await page.mouse.up()
    const showAll = chart.getByRole('button', { name: 'Show all' })
    await showAll.waitFor()
    expect(await axis()).toBeGreaterThan(whole / 2)
    await showAll.click()
    await expect.poll(axis).toBe(whole)
  }
})

async function widths(lines: Locator): Promise<number[]> {
  return lines.evaluateAll((all) => all.map((line) => line.getBoundingClientRect().width))
}
