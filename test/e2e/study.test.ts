import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { recordExperiments } from '../support/browserArchive.ts'
import { goTo, settles } from '../support/browserPage.ts'
import { describeWindow } from './laboratoryWindow.ts'

const study = { kind: 'multiScaleFeatures', dimension: 20, samples: 30, fastDirections: 14, scaleRatio: 10 } as const

describeWindow('A study', (open) => {
  let page: Page
  let runIds: string[]

  beforeAll(async () => {
    ;({ page } = await open({
      prepare: async (path) => (runIds = await recordExperiments(path, [{ name: 'scales', study, seeds: [0, 1] }])),
    }))
  })

  it('is scrubbed along its own clock, in places and not in steps', async () => {
    await goTo(page, `/runs/${runIds[0]}/curves`)
    await settles(page)
    const track = page.getByRole('slider', { name: 'flow time' })
    await track.press('Home')
    await expect.poll(() => track.getAttribute('aria-valuetext')).toBe('place 0, τ = 0.01000')
    await track.press('ArrowRight')
    await expect.poll(() => track.getAttribute('aria-valuetext')).toMatch(/^place 1, τ = /)
    expect(await page.getByRole('main').innerText()).not.toMatch(/\bsteps?\b/)
    await goTo(page, `/runs/${runIds[0]}/provenance`)
    await page.getByText('Places', { exact: true }).waitFor()
  })

  it('is added to a figure by what it measures, on its clock', async () => {
    await goTo(page, '/figures')
    await page.getByRole('button', { name: 'Add a panel' }).click()
    await page.getByRole('button', { name: 'Curves of runs' }).click()
    const dialog = page.getByRole('dialog', { name: 'Runs to compare' })
    for (const seed of [0, 1]) await dialog.getByText(`scales, seed ${seed}`).click()
    await dialog.getByRole('button', { name: 'Done' }).click()
    await page.getByText('1 panel', { exact: true }).waitFor()
    await page.getByRole('main').getByRole('listitem').first().getByRole('button').first().click()
    const chosen = (name: string) => page.getByRole('button', { name: new RegExp(`^${name}:`) })
    await expect.poll(() => chosen('Vertical').innerText()).toBe('generalization error')
    await expect.poll(() => chosen('Horizontal').innerText()).toBe('flow time, log')
    await chosen('Vertical').click()
    await page.getByRole('menuitemradio', { name: 'overlap with the teacher', exact: true }).waitFor()
    expect(await page.getByRole('menuitemradio', { name: 'test accuracy' }).count()).toBe(0)
    await page.keyboard.press('Escape')
  })
})
