import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { queueExperiments, recordExperiments, smallExperiment } from '../support/browserArchive.ts'
import { chooseFrom, goTo, isResult, slowHost, type SlowHost } from '../support/browserPage.ts'
import { formatCount } from '../../src/shared/formatting/formatNumber.ts'
import { describeWindow, offered, whileMessagesStay, type LaboratoryWindow } from './laboratoryWindow.ts'

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
    // It ends where it was begun to end until it has stopped.
    await page.getByRole('button', { name: 'More' }).click()
    expect(await page.getByRole('menuitem', { name: 'Extend…' }).isDisabled()).toBe(true)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Pause', exact: true }).click()
    await isShownAs(page, 'Paused')
    const paused = await reached(page)
    await page.getByRole('button', { name: 'Continue' }).click()
    await isShownAs(page, 'Running')
    await goesBeyond(page, paused)
  })

  it('is cancelled, keeps what it measured, and is resumed', async () => {
    await page.getByRole('button', { name: 'More' }).click()
    const cancel = page.getByRole('menuitem', { name: 'Cancel' })
    const resume = await offered(page, 'Resume', 'Cancelled', () => cancel.click())
    await isShownAs(page, 'Cancelled')
    const kept = await reached(page)
    expect(kept).toBeGreaterThan(0)
    await whileMessagesStay(page, async () => {
      await page.getByRole('button', { name: 'More' }).click()
      expect(await page.getByRole('menuitem', { name: 'Extend…' }).isEnabled()).toBe(true)
      await page.keyboard.press('Escape')
      await resume.click()
    })
    await isShownAs(page, 'Running')
    await goesBeyond(page, kept)
  })

  it('shows that its worker died, and is resumed', async ({ skip }) => {
    if (!window.host || process.platform !== 'linux') return skip('its worker cannot be found')
    window.host.killWorkers()
    await isShownAs(page, 'Interrupted')
    const kept = await reached(page)
    await page.getByRole('button', { name: 'Resume', exact: true }).click()
    await isShownAs(page, 'Running')
    await goesBeyond(page, kept)
  })
})

describeWindow('Runs of one experiment', (open) => {
  let page: Page

  beforeAll(async () => {
    ;({ page } = await open({ prepare: (path) => queueExperiments(path, [{ ...endless, seeds: [0, 1] }]) }))
    await openRun(page)
  })

  it('are paused, continued, cancelled and resumed one by one, from the table of seeds', async () => {
    await isShownAs(page, 'Running')
    await choose(page, 'Pause')
    await isShownAs(page, '1 running, 1 paused')
    await choose(page, 'Continue')
    await isShownAs(page, 'Running')
    await choose(page, 'Cancel')
    await isShownAs(page, '1 running, 1 cancelled')
    expect(await page.getByRole('button', { name: 'Resume seed 1', exact: true }).count()).toBeGreaterThan(0)
    await choose(page, 'Resume')
    await isShownAs(page, 'Running')
  })

  it('are paused, continued and cancelled together, by verbs that say how many', async () => {
    await page.getByRole('link', { name: 'Runs', exact: true }).click()
    await page.getByRole('checkbox', { name: 'Select endless', exact: true }).click()
    const chosen = page.getByRole('toolbar', { name: 'Chosen runs' })
    await chosen.getByRole('button', { name: 'Pause 2 running' }).click()
    await chosen.getByRole('button', { name: 'Continue 2 paused' }).waitFor()
    await page.getByText(/^2 paused\./).waitFor()
    const states = page.getByRole('grid', { name: 'Runs' }).getByText(/^Paused/)
    await expect.poll(() => states.count()).toBe(2)
    await page.getByRole('combobox', { name: 'Filter' }).fill('status:pau')
    await page.getByRole('option', { name: /paused/ }).waitFor()
    await page.getByRole('combobox', { name: 'Filter' }).fill('')
    await chosen.getByRole('button', { name: 'Continue 2 paused' }).click()
    await chosen.getByRole('button', { name: 'Pause 2 running' }).waitFor()
    await chosen.getByRole('button', { name: 'Cancel 2 running' }).click()
    await chosen.getByRole('button', { name: 'Resume 2 cancelled' }).waitFor()
    await expect.poll(() => chosen.getByRole('button', { name: /^(Pause|Continue|Cancel)/ }).count()).toBe(0)
  })

  it('are each run again exactly', async () => {
    await page.getByRole('grid', { name: 'Runs' }).getByRole('link', { name: 'seed 0' }).click()
    await isShownAs(page, 'Cancelled')
    const before = page.url()
    await choose(page, 'Run again exactly')
    await expect.poll(() => page.url()).not.toBe(before)
    await page.getByRole('button', { name: 'Pause', exact: true }).waitFor()
    await page.getByText('seed 1', { exact: true }).first().waitFor()
  })

  const choose = (page: Page, verb: string) => chooseFrom(page.getByRole('button', { name: 'Actions of seed 1' }), verb)
})

describeWindow('A finished run', (open) => {
  let page: Page

  beforeAll(async () => {
    ;({ page } = await open({ prepare: (path) => recordExperiments(path, [smallExperiment()]) }))
    await openRun(page)
  })

  it('has a track that stands on the axis of its curves', async () => {
    const labels = async () => (await clock(page).locator('svg > text').allTextContents()).map((text) => text.trim())
    const pressHalfway = async () => {
      const { width, height } = (await clock(page).boundingBox())!
      await clock(page).click({ position: { x: width / 2, y: height / 2 } })
      return position(page)
    }
    await expect.poll(labels).toEqual(['0', '100', '200', '300', '400'])
    expect(await pressHalfway()).toBe(200)
    await page.getByRole('button', { name: 'log step' }).click()
    await expect.poll(labels).toEqual(['0', '1', '10', '100'])
    // Halfway between 1 and 400, beyond the place for zero.
    expect(Math.abs((await pressHalfway()) - Math.sqrt(400))).toBeLessThan(3)
    await clock(page).press('Home')
    expect(await position(page)).toBe(0)
    await page.getByRole('link', { name: 'Geometry' }).click()
    await expect.poll(labels).toEqual(['0', '1', '10', '100'])
    await page.getByRole('button', { name: 'decay time' }).click()
    await expect.poll(labels).toEqual(['0.0', '0.1', '0.2', '0.3', '0.4'])
    await page.getByRole('link', { name: 'Curves' }).click()
    await expect.poll(labels).toEqual(['0.0', '0.1', '0.2', '0.3', '0.4'])
    await page.getByRole('button', { name: 'step', exact: true }).click()
  })

  it('is branched at the snapshot that is shown', async () => {
    // Within a choice of several the arrows go from one to the next.
    await page.getByRole('heading', { level: 1 }).click()
    await page.keyboard.press('Home')
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight')
    // Where its snapshots stand is known a moment after the run is shown; the keys wait for that.
    await expect.poll(() => position(page)).toBeGreaterThan(0)
    const step = await position(page)
    await page.getByRole('link', { name: /^Branch from step/ }).click()
    await page.getByText(`at step ${step}`).waitFor()
    await page.getByText(/A branch is a new run from these weights, not a continuation/).waitFor()
    const control = page.getByRole('button', { name: 'Start with a control' })
    expect(await control.count()).toBe(0)
    await page.getByRole('button', { name: 'Add an intervention' }).click()
    await page.getByText(`step 0 of the branch, ${step} of its parent`).waitFor()
    await control.waitFor()
    await page.getByRole('button', { name: 'Frequency 2', exact: true }).click()
    const frequencies = page.getByRole('textbox', { name: 'Frequencies' })
    await expect.poll(() => frequencies.inputValue()).toBe('1, 2')
    await page.getByRole('navigation', { name: 'Steps' }).getByRole('button', { name: /Task/ }).click()
    const modulus = page.getByRole('textbox', { name: 'Modulus' })
    const before = await modulus.inputValue()
    await modulus.fill('13')
    await page.getByText(/a branch keeps the training set of the run it begins from/).waitFor()
    // What was written stays, whatever happens to the page.
    await page.reload()
    await page.getByRole('navigation', { name: 'Steps' }).getByRole('button', { name: /Task/ }).click()
    expect(await modulus.inputValue()).toBe('13')
    await page.getByRole('button', { name: `Set ${before}`, exact: true }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('branched')
    await page.getByRole('button', { name: 'Start 1 run' }).click()
    await page.getByText('branched', { exact: true }).waitFor()
    await isShownAs(page, 'Finished')
    // In the charts stand where it began, what was done to it, and its parent.
    const accuracy = page.getByRole('region', { name: 'Accuracy', exact: true })
    await accuracy.getByText(/remove k = 1, 2/).waitFor()
    await page.getByRole('region', { name: 'Squared norms' }).getByText('small, seed 0', { exact: true }).waitFor()
    await accuracy.getByRole('link', { name: `from step ${step} of small, seed 0` }).click()
    await page.getByText('small', { exact: true }).waitFor()
    await page.goBack()
    await page.getByText('branched', { exact: true }).waitFor()
    // A comparison that has the branch alone shows its parent too.
    const runId = page.url().match(/runs\/([^/?]+)/)![1]
    await goTo(page, `/compare?runs=${runId}`)
    await page.getByRole('region', { name: 'Test accuracy' }).getByText('small, seed 0', { exact: true }).waitFor()
    await page.goBack()
    await page.getByText('branched', { exact: true }).waitFor()
    await page
      .getByRole('complementary')
      .getByRole('link', { name: new RegExp(`^step ${step} of `) })
      .waitFor()
    await page.getByRole('link', { name: 'Provenance' }).click()
    await page
      .getByRole('link', { name: new RegExp(`at step ${step}$`) })
      .first()
      .waitFor()
  })

  it('is extended', async () => {
    await page.goBack()
    await isShownAs(page, 'Finished')
    const before = await reached(page)
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Extend…' }).click()
    const dialog = page.getByRole('dialog', { name: /^Extend/ })
    await dialog.getByRole('textbox').fill('50')
    await dialog.getByText(`continues with the same bits to step ${formatCount(before + 50)}.`).waitFor()
    await dialog.getByRole('button', { name: 'Extend' }).click()
    await expect.poll(() => reached(page)).toBe(before + 50)
    await isShownAs(page, 'Finished')
  })
})

describeWindow('A branch', (open) => {
  let page: Page

  beforeAll(async () => {
    ;({ page } = await open({ prepare: (path) => recordExperiments(path, [smallExperiment()]) }))
    await openRun(page)
  })

  it('is started with its control, and compared with it', async () => {
    await page.getByRole('link', { name: /^Branch from step/ }).click()
    await page.getByRole('button', { name: 'Add an intervention' }).click()
    await page.getByRole('textbox', { name: 'Frequencies' }).fill('1, 7')
    await page.getByText(/^frequencies: 7 is not allowed: .* are 1 to 3$/).waitFor()
    await page.getByRole('textbox', { name: 'Frequencies' }).fill('1')
    await page.getByRole('button', { name: 'Start with a control' }).click()
    await page.getByRole('button', { name: 'Make figure' }).waitFor()
    await page.getByText('2 runs', { exact: true }).waitFor()
    await page.getByText('control', { exact: true }).first().waitFor()
    // Both began from one snapshot.
    expect(await page.getByText(/events count from where/).count()).toBe(0)
  })

  it('is told from its parent in Compare, and what is taken from it says that it starts fresh', async () => {
    await openRun(page, 'control')
    await page.getByText('Finished', { exact: true }).first().waitFor()
    const address = page.url()
    const origin = page.getByRole('complementary').getByRole('link', { name: /^step \d+ of / })
    const step = (await origin.innerText()).split(' ')[1]
    await origin.click()
    await page.getByText('small', { exact: true }).waitFor()
    const ids = [page.url(), address].map((url) => url.match(/runs\/([^/?]+)/)![1])
    await goTo(page, `/compare?runs=${ids.join(',')}`)
    await page
      .getByRole('note')
      .getByText(/is a branch: its steps, τ and events count from where it began/)
      .waitFor()
    await page.getByRole('complementary').getByText(`from step ${step} of small, seed 0`).waitFor()
    await openRun(page, 'control')
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'New from this specification' }).click()
    await page.getByText(/This draft starts from its own initialization/).waitFor()
    await page
      .getByRole('navigation', { name: 'Steps' })
      .getByRole('button', { name: /Review/ })
      .click()
    await page.getByRole('link', { name: 'branch from there' }).click()
    await page.getByText(`at step ${step}`).waitFor()
    expect(page.url()).toContain(`branch=${ids[0]}`)
  })
})

describeWindow('A long computation', (open) => {
  let page: Page
  let host: SlowHost

  beforeAll(async () => {
    const large = smallExperiment({
      name: 'large',
      task: { kind: 'modularAddition', modulus: 59, trainFraction: 0.5 },
      network: { hidden: 512 },
      dynamics: { kind: 'training', learningRate: 0.1, weightDecay: 1e-4, steps: 1 } as never,
    })
    ;({ page } = await open({ prepare: (path) => recordExperiments(path, [smallExperiment(), large]) }))
    host = await slowHost(page)
    await page.reload()
  })

  it('goes on while another view is open, says how long it takes, and is ended', async () => {
    await openRun(page, 'large')
    await page.getByRole('link', { name: 'Geometry' }).click()
    host.hold(isResult)
    const distance = page.getByRole('region', { name: 'Distance to the zero-loss set' })
    await distance.getByRole('button', { name: 'Compute at this snapshot' }).click()
    const words = distance.getByText(/Gauss–Newton steps, (?:\d|under)/)
    await words.waitFor()
    await page.getByRole('link', { name: 'Curves' }).click()
    await page.getByRole('link', { name: 'Geometry' }).click()
    await words.waitFor()
    await distance.getByRole('button', { name: 'Cancel' }).click()
    await distance.getByRole('button', { name: 'Compute at this snapshot' }).waitFor()
    expect(await words.count()).toBe(0)
    host.release()
  })

  it('leaves its result to whoever comes back from another run', async () => {
    await openRun(page, 'small')
    await page.getByRole('link', { name: 'Geometry' }).click()
    const distance = page.getByRole('region', { name: 'Distance to the zero-loss set' })
    await distance.getByRole('button', { name: 'Compute at this snapshot' }).click()
    await distance.getByText(/^At step 400: distance/).waitFor()
    const found = await distance.getByText(/^At step/).innerText()
    await openRun(page, 'large')
    await page.goBack()
    await page.goBack()
    expect(await distance.getByText(/^At step/).innerText()).toBe(found)
  })
})

describeWindow('A run without weight decay', (open) => {
  it('says that its decay time stands still', async () => {
    const dynamics = {
      kind: 'training',
      optimizer: 'gradientDescent',
      learningRate: 0.5,
      weightDecay: 0,
      steps: 20,
    } as const
    const { page } = await open({ prepare: (path) => recordExperiments(path, [smallExperiment({ dynamics })]) })
    await openRun(page)
    await page.getByText(/stands still$/).waitFor()
    expect(await clock(page).getAttribute('aria-valuetext')).toMatch(/^step \d+$/)
  })
})

async function openRun(page: Page, name = '') {
  await page.getByRole('link', { name: 'Runs', exact: true }).click()
  await page.getByRole('combobox', { name: 'Filter' }).fill(name)
  const found = page.getByRole('grid', { name: 'Runs' }).getByRole('link', { name: 'seed 0' })
  // What is asked for is known once the table holds it alone; also before a test begins, where nothing can be expected.
  while ((await found.count()) !== 1) await page.waitForTimeout(50)
  await found.click()
}

const isShownAs = (page: Page, status: string) => page.getByText(status, { exact: true }).first().waitFor()
const clock = (page: Page) => page.getByRole('slider', { name: 'Step' })
const reached = async (page: Page) => Number(await clock(page).getAttribute('aria-valuemax'))
const position = async (page: Page) => Number(await clock(page).getAttribute('aria-valuenow'))
const goesBeyond = (page: Page, step: number) => expect.poll(() => reached(page)).toBeGreaterThan(step)
