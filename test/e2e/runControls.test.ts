import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { queueExperiments, recordExperiments, smallExperiment } from '../support/browserArchive.ts'
import { describeWindow, offered, type LaboratoryWindow } from './laboratoryWindow.ts'

const endless = smallExperiment({ name: 'endless', dynamics: { kind: 'isolated', steps: 50_000_000 } })

describeWindow('A run', (open) => {
  let window: LaboratoryWindow
  let page: Page

  beforeAll(async () => {
    window = await open({ prepare: (path) => queueExperiments(path, [endless]) })
    page = window.page
    await openRun(page)
  })

  it('is paused, and goes on from where it stood', async () => {
    await goesBeyond(page, 0)
    await page.getByRole('button', { name: 'Pause', exact: true }).click()
    await isShownAs(page, 'Paused')
    const paused = await reached(page)
    await page.getByRole('button', { name: 'Continue' }).click()
    await isShownAs(page, 'Running')
    await goesBeyond(page, paused)
  })

  it('is cancelled, keeps what it measured, and is resumed', async () => {
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Cancel' }).click()
    const resume = await offered(page, 'Resume', 'Cancelled')
    await isShownAs(page, 'Cancelled')
    const kept = await reached(page)
    expect(kept).toBeGreaterThan(0)
    await resume.click()
    await isShownAs(page, 'Running')
    await goesBeyond(page, kept)
  })

  it('shows that its worker died, and is resumed', async ({ skip }) => {
    if (!window.host || process.platform !== 'linux') return skip('its worker cannot be found')
    for (const worker of window.host.workers()) process.kill(worker, 'SIGKILL')
    await isShownAs(page, 'Interrupted')
    const kept = await reached(page)
    await page.getByRole('button', { name: 'Resume', exact: true }).click()
    await isShownAs(page, 'Running')
    await goesBeyond(page, kept)
  })
})

describeWindow('A finished run', (open) => {
  let page: Page

  beforeAll(async () => {
    ;({ page } = await open({ prepare: (path) => recordExperiments(path, [smallExperiment()]) }))
    await openRun(page)
  })

  it('is branched at the snapshot that is shown', async () => {
    await page.keyboard.press('Home')
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight')
    // Where its snapshots stand is known a moment after the run is shown; the keys wait for that.
    await expect.poll(() => position(page)).toBeGreaterThan(0)
    const step = await position(page)
    await page.getByRole('link', { name: /^Branch from step/ }).click()
    await page.getByText(`at step ${step}`).waitFor()
    await page.getByRole('button', { name: 'Add an intervention' }).click()
    await page.getByRole('button', { name: 'Frequency 2', exact: true }).click()
    const frequencies = page.getByRole('textbox', { name: 'Frequencies' })
    await expect.poll(() => frequencies.inputValue()).toBe('1, 2')
    await page.getByRole('navigation', { name: 'Steps' }).getByRole('button', { name: /Task/ }).click()
    const modulus = page.getByRole('textbox', { name: 'Modulus' })
    const before = await modulus.inputValue()
    await modulus.fill('13')
    await page.getByText(/a branch keeps the \d+ inputs and \d+ outputs of the run it begins from/).waitFor()
    // What was written stays, whatever happens to the page.
    await page.reload()
    await page.getByRole('navigation', { name: 'Steps' }).getByRole('button', { name: /Task/ }).click()
    expect(await modulus.inputValue()).toBe('13')
    await page.getByRole('button', { name: `Set ${before}`, exact: true }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('branched')
    await page.getByRole('button', { name: 'Start 1 run' }).click()
    await page.getByText('branched', { exact: true }).waitFor()
    await isShownAs(page, 'Finished')
    await page.getByRole('link', { name: 'Provenance' }).click()
    await page
      .getByRole('link', { name: new RegExp(`at step ${step}$`) })
      .first()
      .waitFor()
  })

  it('is extended', async () => {
    await page.goBack()
    await isShownAs(page, 'Finished')
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Extend…' }).click()
    const dialog = page.getByRole('dialog', { name: /^Extend/ })
    await dialog.getByRole('textbox').fill('500')
    await dialog.getByRole('button', { name: 'Extend' }).click()
    await expect.poll(() => reached(page)).toBeGreaterThanOrEqual(500)
    await isShownAs(page, 'Finished')
  })
})

async function openRun(page: Page) {
  await page.getByRole('link', { name: 'Runs', exact: true }).click()
  await page.getByRole('grid', { name: 'Runs' }).getByRole('link', { name: 'seed 0' }).click()
}

const isShownAs = (page: Page, status: string) => page.getByText(status, { exact: true }).first().waitFor()
const clock = (page: Page) => page.getByRole('slider', { name: 'Step' })
const reached = async (page: Page) => Number(await clock(page).getAttribute('aria-valuemax'))
const position = async (page: Page) => Number(await clock(page).getAttribute('aria-valuenow'))
const goesBeyond = (page: Page, step: number) => expect.poll(() => reached(page)).toBeGreaterThan(step)
