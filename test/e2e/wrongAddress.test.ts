import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { recordExperiments, smallExperiment } from '../support/browserArchive.ts'
import { goTo } from '../support/browserPage.ts'
import { describeWindow } from './laboratoryWindow.ts'

describeWindow(
  'An address that names what is not there',
  (open) => {
    let page: Page
    let runId: string
    beforeAll(async () => {
      ;({ page } = await open({
        prepare: async (path) => ([runId] = (await recordExperiments(path, [smallExperiment()])) as [string]),
      }))
    })
    const main = () => page.getByRole('main')

    it.each([
      ['/new?figure=fig99', /figure: "fig99" is not allowed; musat2025\/fig1, /],
      ['/new?sweep=nothing', /sweep: "nothing" is not allowed; delay-law, /],
    ])('is answered with what is: %s', async (address, words) => {
      await goTo(page, address)
      await page.getByText(words).waitFor()
      await expect.poll(() => new URL(page.url()).hash).toBe('#/new')
      await page.getByRole('button', { name: 'Start 3 runs' }).waitFor()
    })

    it.each([
      ['', /at: nothing is not allowed; the run has snapshots at 0, 1, 2, 3, …, /],
      ['&at=7.5', /at: "7.5" is not allowed; the run has snapshots at 0, .*, 400/],
    ])('begins no branch of a run from a step that it has not kept: “%s”', async (at, words) => {
      await goTo(page, `/new?branch=${runId}${at}`)
      await main().getByText(words).waitFor()
      expect(
        await main()
          .getByRole('button', { name: /^Start/ })
          .count(),
      ).toBe(0)
    })

    it('groups no runs by what is no field of them', async () => {
      await goTo(page, `/compare?runs=${runId}&tab=groups&by=nope`)
      await page.getByText(/by: "nope" is not allowed; experiment, /).waitFor()
      await expect.poll(() => page.url()).not.toContain('nope')
      await expect.poll(() => page.getByRole('button', { name: 'Group by' }).innerText()).toBe('experiment')
    })

    it('says why nothing is compared, and why nothing is found', async () => {
      await goTo(page, `/compare?runs=${runId}&archive=/nowhere.grokscope`)
      await main().getByText('there is no open archive "/nowhere.grokscope"').waitFor()
      await goTo(page, `/compare?runs=${runId},nothing`)
      await main().getByText('1 more in the address is not in this archive').waitFor()
      await goTo(page, '/runs?q=p = banana and p = 7')
      const why = main().getByText('"banana" is no value for p')
      await expect.poll(() => why.innerText()).toMatch(/^filter, character 5: /)
    })
  },
  { inElectron: false },
)
