import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { recordExperiments, smallExperiment } from '../support/browserArchive.ts'
import { describeWindow } from './laboratoryWindow.ts'

describeWindow('The Fourier view', (open) => {
  let page: Page

  beforeAll(async () => {
    ;({ page } = await open({
      prepare: (path) =>
        recordExperiments(path, [
          smallExperiment({ task: { kind: 'modularAddition', modulus: 11, trainFraction: 0.7 } }),
        ]),
    }))
    await page.getByRole('link', { name: 'Runs', exact: true }).click()
    await page.getByRole('grid', { name: 'Runs' }).getByRole('link', { name: 'seed 0' }).click()
    await page.getByRole('link', { name: 'Fourier' }).click()
  })

  it('follows the scrubber from snapshot to snapshot, its table too', async () => {
    const clock = page.getByRole('slider', { name: 'Step' })
    const units = page.getByRole('region', { name: 'Unit × frequency', exact: true })
    const read = async () => {
      await units.getByRole('button', { name: /data as table/ }).click()
      const dialog = page.getByRole('dialog', { name: 'Unit × frequency' })
      const text = await dialog.getByRole('table').innerText()
      await page.keyboard.press('Escape')
      // Keys belong to the dialog until it is gone.
      await dialog.waitFor({ state: 'detached' })
      return text
    }
    await page.keyboard.press('End')
    const last = await read()
    await page.keyboard.press('Home')
    expect(await clock.getAttribute('aria-valuenow')).toBe('0')
    // What was read last stays until the snapshot has come.
    await expect.poll(read).not.toBe(last)
    const steps: number[] = []
    for (let i = 0; i < 6; i++) {
      await page.keyboard.press('ArrowRight')
      steps.push(Number(await clock.getAttribute('aria-valuenow')))
    }
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b))
    await page.keyboard.press('End')
    await expect.poll(read).toBe(last)
  })

  it('plays through the snapshots to the end', async () => {
    await page.keyboard.press('Home')
    await page.getByRole('button', { name: '16×' }).click()
    await page.getByRole('button', { name: 'Play', exact: true }).click()
    const clock = page.getByRole('slider', { name: 'Step' })
    await expect.poll(() => clock.getAttribute('aria-valuenow')).toBe('400')
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor()
  })
})

describeWindow('The Fourier view of one frequency alone', (open) => {
  let page: Page

  beforeAll(async () => {
    ;({ page } = await open({
      prepare: (path) =>
        recordExperiments(path, [
          smallExperiment({
            task: { kind: 'modularAddition', modulus: 8, trainFraction: 0.7 },
            dynamics: { kind: 'training', learningRate: 0.1, weightDecay: 0, steps: 1 },
            interventions: [{ at: 1, kind: 'keepFrequencies', frequencies: [4] }],
          }),
        ]),
    }))
    await page.getByRole('link', { name: 'Runs', exact: true }).click()
    await page.getByRole('grid', { name: 'Runs' }).getByRole('link', { name: 'seed 0' }).click()
    await page.getByRole('link', { name: 'Fourier' }).click()
    await page.keyboard.press('End')
  })

  it('draws p/2 and no circle where there is no power', async () => {
    const choices = page.getByRole('radiogroup', { name: 'Frequency' }).getByRole('radio')
    const names = () => choices.evaluateAll((all) => all.map((each) => each.getAttribute('aria-label')))
    await expect.poll(names).toEqual(['Frequency 1, zero', 'Frequency 2, zero', 'Frequency 3, zero', 'Frequency 4'])
    await choices.first().click()
    await page.getByRole('region', { name: 'Frequency 1' }).getByText('no power at this frequency').waitFor()
  })

  it('leaves the cosines of zero features blank, and says so', async () => {
    const cosines = page.getByRole('region', { name: 'Cosine', exact: true })
    await cosines.getByText('blank: zero').waitFor()
    await cosines.getByText('→ –').waitFor()
    await cosines.getByRole('button', { name: /data as table/ }).click()
    const table = page.getByRole('dialog', { name: 'Cosine' }).getByRole('table')
    const cells = await table.getByRole('cell').allInnerTexts()
    // Five to a row: two features, each by frequency and part, then their cosine. That of Re 4 with itself comes last, below.
    expect(cells.length).toBeGreaterThan(5)
    expect(cells.filter((text, at) => at % 5 === 4 && text !== '')).toEqual([])
    await page.keyboard.press('Escape')
  })
})

describeWindow(
  'Predictions by answer',
  (open) => {
    it('tell a share of zero from answers of which no pair is held out, and say which is which', async () => {
      const { page } = await open({
        prepare: (path) =>
          recordExperiments(path, [
            smallExperiment({ task: { kind: 'modularAddition', modulus: 11, trainFraction: 0.93 } }),
          ]),
      })
      await page.getByRole('link', { name: 'Runs', exact: true }).click()
      await page.getByRole('grid', { name: 'Runs' }).getByRole('link').first().click()
      await page.getByRole('link', { name: 'Predictions' }).click()
      await page.keyboard.press('End')
      const panel = page.getByRole('region', { name: 'By answer', exact: true })
      await panel.getByText('none held out', { exact: true }).waitFor()
      const drawn = {
        empty: await panel.locator('rect.empty').count(),
        bars: ((await panel.locator('path.ink-fill').getAttribute('d')) ?? '').split('M').length - 1,
      }
      // Five pairs are held out, of which no two have one answer.
      expect(drawn).toEqual({ empty: 6, bars: 5 })
      const { height } = (await panel.locator('path.ink-fill').boundingBox())!
      expect(height).toBeGreaterThanOrEqual(2)
    })
  },
  { inElectron: false },
)
