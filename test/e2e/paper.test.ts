import { expect, it } from 'vitest'
import { figure4 } from '../../src/main/lab/papers/musat2025/figure4.ts'
import { openArchive } from '../../src/main/store/archive.ts'
import { parseExperiment } from '../../src/shared/parseExperiment.ts'
import { goTo } from '../support/browserPage.ts'
import { describeWindow } from './laboratoryWindow.ts'

describeWindow('Paper', (open) => {
  it('runs a figure, draws it and tells what came of its claims', async () => {
    const { page } = await open()
    const musat = page.getByRole('article', { name: 'The Geometry of Grokking' })
    await musat.getByText(/^7 figures to do/).waitFor()
    await musat.getByRole('link', { name: 'The Geometry of Grokking' }).click()
    const card = page.getByRole('article', { name: /^Fig\. 1/ })
    await card.getByRole('button', { name: 'Run' }).click()
    await card.getByRole('button', { name: 'Open' }).click()
    await page.getByRole('heading', { name: 'Claims' }).waitFor()
    const claims = page.getByRole('complementary').getByRole('listitem')
    expect(await claims.count()).toBeGreaterThan(0)
    for (const claim of await claims.all()) {
      await expect.poll(() => claim.getByRole('img').getAttribute('aria-label')).toBe('holds')
    }
    await expect.poll(() => claims.allInnerTexts()).toContainEqual(expect.stringContaining('3 of 3 runs to step'))
    // The shelf says at a glance what holds.
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await musat.getByText(/^\d claims hold$/).waitFor()
    await musat.getByText(/^6 figures to do/).waitFor()
    await musat.getByRole('link', { name: /^Two weights.*Fig\. 1.*Holds/s }).click()
    await page.getByRole('heading', { name: 'Claims' }).waitFor()
  })

  it('says of a figure without runs of its own whose it draws, and runs those', async () => {
    const { page } = await open()
    await goTo(page, '/papers/musat2025/fig7')
    await page.getByText('It draws the runs of Fig. 5, which has not been run yet.').waitFor()
    await page.getByRole('button', { name: 'Run Fig. 5' }).click()
    await page.getByText('It draws the runs of Fig. 5, which are not finished.').waitFor()
    expect(await page.getByRole('button', { name: 'Run Fig. 5' }).count()).toBe(0)
  })

  it('decides nothing while runs are cancelled, and resumes them', async () => {
    const { page } = await open({ prepare: cancelFigure4 })
    // An address of the time when there was one paper.
    await goTo(page, '/paper')
    const card = page.getByRole('article', { name: /^Fig\. 4/ })
    await card.getByRole('note').filter({ hasText: '3 of 3 cancelled: nothing is decided yet.' }).waitFor()
    await expect.poll(() => card.getByRole('img', { name: 'pending: not every run is finished' }).count()).toBe(2)
    expect(await card.getByRole('img', { name: 'holds' }).count()).toBe(0)
    await card.getByRole('button', { name: 'Resume' }).click()
    await card.getByText('Holds', { exact: true }).waitFor()
    expect(await card.getByRole('note').count()).toBe(0)
  })
})

/** The runs of Figure 4, none of which has begun. */
function cancelFigure4(archivePath: string) {
  const archive = openArchive(archivePath)
  for (const input of figure4.experiments({})) {
    const { runIds } = archive.runs.createExperiment({ spec: parseExperiment(input), figure: 'musat2025/fig4' })
    for (const runId of runIds) archive.runs.setStatus(runId, 'cancelled')
  }
  archive.close()
}
