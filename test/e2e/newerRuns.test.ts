import { expect, it } from 'vitest'
import { goTo, settles } from '../support/browserPage.ts'
import { newerKinds, storeNewerRun } from '../support/newerRuns.ts'
import { describeWindow } from './laboratoryWindow.ts'

describeWindow('A run of a later version', (open) => {
  it.each(newerKinds.slice(0, 3))(
    'with $what is shown in every view with what is known of it',
    async ({ write, told }) => {
      let ids = { newer: '', other: '' }
      const { page } = await open({ prepare: (path) => Promise.resolve(void (ids = storeNewerRun(path, write))) })
      const table = page.getByRole('grid', { name: 'Runs' })
      const toRuns = () => page.getByRole('link', { name: 'Runs', exact: true }).click()
      await toRuns()
      await table.getByText('of tomorrow').first().waitFor()

      await table
        .getByRole('link', { name: /seed 0/ })
        .first()
        .click()
      const notice = page.getByRole('alert').filter({ hasText: 'This run can be viewed but not continued' })
      await notice.waitFor()
      expect(await notice.textContent()).toMatch(told)
      for (const tab of ['Curves', 'Provenance']) {
        await page.getByRole('link', { name: tab, exact: true }).click()
        await page.locator('[aria-current=page]').filter({ hasText: tab }).waitFor()
        await notice.waitFor()
      }
      await page.locator('pre').filter({ hasText: '"of tomorrow"' }).waitFor()
      expect(await page.getByRole('link', { name: /^Branch from step/ }).count()).toBe(0)
      await page.getByRole('button', { name: 'More' }).click()
      await page.getByRole('menuitem', { name: 'Move to the bin' }).waitFor()
      for (const verb of [/^Extend/, /again exactly$/, /^Resume/]) {
        expect(await page.getByRole('menuitem', { name: verb }).count()).toBe(0)
      }
      await page.keyboard.press('Escape')
      const lenses = page.getByRole('navigation', { name: 'Views of the run' }).getByRole('link')
      for (const lens of await lenses.allTextContents()) {
        if (!['Matrices', 'Fourier', 'Predictions'].includes(lens)) continue
        await lenses.filter({ hasText: lens }).click()
        await page.locator('.tab-view').getByText('was made by a newer version of Grokscope').first().waitFor()
      }

      await goTo(page, `/compare?runs=${ids.newer},${ids.other}`)
      for (const tab of ['Overlay', 'Groups', 'Events', 'Specification']) {
        await page.getByRole('link', { name: tab, exact: true }).click()
        await settles(page)
      }
      await page.getByRole('rowheader', { name: 'of tomorrow' }).waitFor()
      expect(await page.getByRole('main').textContent()).not.toContain('specifications read')

      await goTo(page, `/new?branch=${ids.newer}&at=100`)
      await page.getByText('was made by a newer version of Grokscope').waitFor()
    },
  )
})
