import { beforeAll, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { goTo, isResult, slowHost, type SlowHost } from '../support/browserPage.ts'
import { describeWindow, whileMessagesStay } from './laboratoryWindow.ts'

describeWindow('Sliders of a figure', (open) => {
  let page: Page
  let host: SlowHost
  beforeAll(async () => {
    ;({ page } = await open())
    host = await slowHost(page)
    await page.reload()
  })
  const begin = async () => {
    await goTo(page, '/papers/pezeshki2022/doubleDescent')
    const panel = page.getByRole('region', { name: 'Test error' })
    await page.getByText('At the paper’s values').waitFor()
    return panel
  }
  /** At the values in the address, which stand there once a hand has come to rest. */
  const rests = (page: Page, values: string) => page.waitForURL((url) => url.hash.endsWith(`doubleDescent${values}`))

  it('move theory, have it simulated where they rest, and can be cancelled', async () => {
    const panel = await begin()
    const samples = page.getByRole('slider', { name: 'samples' })
    host.hold(isResult)
    await samples.focus()
    for (let press = 0; press < 3; press++) await samples.press('ArrowRight')
    await panel.getByText('n = 133: theory').waitFor()
    await panel.getByText('slow features alone').waitFor()
    expect(await samples.getAttribute('aria-valuetext')).toBe('133')
    await page.getByText(/^\d+ of 30 runs/).waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: 'Simulate' }).waitFor()
    await rests(page, '?samples=133')
    expect(await panel.getByText('simulation').count()).toBe(0)

    await page.getByRole('button', { name: 'Simulate' }).click()
    await page.getByText(/^\d+ of 30 runs/).waitFor()
    // What is under way is given up for what comes after.
    await samples.press('ArrowRight')
    host.release()
    await panel.getByText('n = 134: mean ± standard deviation of 30 seeds').waitFor()
    await panel.getByText('simulation', { exact: true }).waitFor()
    await page.getByText('n = 134: theory and simulation').waitFor()

    await page.getByRole('button', { name: 'Reset to the paper’s values' }).click()
    await page.getByText('At the paper’s values').waitFor()
    await rests(page, '')
    expect(await samples.getAttribute('aria-valuetext')).toBe('130')
    // What was computed is there at once when one comes back.
    await page.getByRole('textbox', { name: 'samples, exactly' }).fill('134')
    await page.keyboard.press('Enter')
    await panel.getByText('n = 134: mean ± standard deviation of 30 seeds').waitFor()
  })

  it('take what is typed exactly, refuse what cannot be, and open as an experiment', async () => {
    const panel = await begin()
    const typed = (name: string) => page.getByRole('textbox', { name: `${name}, exactly` })
    await typed('samples').fill('100')
    await typed('samples').press('Enter')
    await page.getByRole('alert').getByText('study.samples: 100 is not allowed').waitFor()
    await typed('samples').fill('many')
    await typed('samples').press('Enter')
    await page.getByRole('alert').getByText('samples: “many” is not a number').waitFor()
    await typed('samples').fill('160')
    await typed('samples').press('Enter')
    await typed('scale ratio').fill('30.25')
    await typed('scale ratio').press('Enter')
    await panel.getByText('κ = 30.25, n = 160: theory').waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
    await whileMessagesStay(page, async () => {
      await page.getByRole('link', { name: 'Open in New' }).click()
      await page.getByText('Started from Pezeshki et al., figure 1, κ = 30.25, n = 160').waitFor()
    })
    await expect.poll(() => page.locator('.cm-content').innerText()).toMatch(/"scaleRatio": 30\.25,\s+"samples": 160\b/)
  })

  it('read of an address what is a number, here and in a draft', async () => {
    const panel = await begin()
    await goTo(page, '/papers/pezeshki2022/doubleDescent?scaleRatio=abc&weightDecay=1e999&samples=150&labelNoise=')
    await panel.getByText('n = 150: theory').waitFor()
    expect(await page.getByRole('textbox', { name: 'scale ratio, exactly' }).inputValue()).toBe('100')
    await whileMessagesStay(page, async () => {
      await goTo(page, '/new?figure=pezeshki2022/doubleDescent&scaleRatio=abc&samples=150&stepSize=0.1&stepSize=0.2')
      await page.getByText('Started from Pezeshki et al., figure 1, n = 150').waitFor()
      await goTo(page, '/new?figure=musat2025/fig1')
      await page.getByText(/Started from Paper, figure 1/).waitFor()
    })
  })

  it('leave the claims as the runs at the paper’s values have them', async () => {
    const panel = await begin()
    const pending = page.getByRole('complementary').getByRole('img', { name: /^pending/ })
    await pending.first().waitFor()
    const before = await pending.count()
    await page.getByRole('slider', { name: 'scale ratio' }).fill('10')
    await panel.getByText(/^κ = .*: theory/).waitFor()
    await page.getByText('Of the runs at the paper’s values, whatever the sliders show.').waitFor()
    expect(await pending.count()).toBe(before)
  })
})
