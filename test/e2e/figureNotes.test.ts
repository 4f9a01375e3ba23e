import { expect, it } from 'vitest'
import { recordExperiments, smallExperiment } from '../support/browserArchive.ts'
import { goTo } from '../support/browserPage.ts'
import { describeWindow } from './laboratoryWindow.ts'

describeWindow(
  'The notes of a figure',
  (open) => {
    it('stay as they are typed while a panel is read anew, and a complaint goes with its note', async () => {
      let runIds: string[] = []
      const { page, host } = await open({
        prepare: async (path) => void (runIds = await recordExperiments(path, [smallExperiment({ seeds: [0, 1] })])),
      })
      await goTo(page, `/figures?runs=${runIds.join()}`)
      const settings = page.getByRole('complementary', { name: 'Venue, axes, checks' })
      const field = (name: string) => settings.getByRole('textbox', { name, exact: true })
      await settings.getByRole('button', { name: 'Add', exact: true }).click()
      await settings.getByRole('button', { name: 'Add', exact: true }).click()
      await field('Note 1: y').fill('high')
      await field('Note 1: y').blur()
      await settings.getByRole('alert').filter({ hasText: '“high” is not a number' }).waitFor()
      await field('Note 1: x').fill('1234')
      await field('Note 1: x').blur()
      expect(await field('Note 1: y').inputValue()).toBe('high')

      await field('Note 2').fill('half of the')
      const other = await page.context().newPage()
      await other.goto(host!.address)
      await goTo(other, `/runs/${runIds[0]}/provenance`)
      await other.getByRole('textbox', { name: 'Name' }).fill('the one to remember')
      await other.getByRole('textbox', { name: 'Name' }).blur()
      await settings.getByRole('button', { name: /^Curve: .*the one to remember/ }).waitFor()
      expect(await field('Note 2').inputValue()).toBe('half of the')
      expect(await field('Note 1: y').inputValue()).toBe('high')

      await field('Note 2').blur()
      await settings.getByRole('button', { name: 'Take note 1 out' }).click()
      await expect.poll(() => settings.getByRole('alert').count()).toBe(0)
      expect([await field('Note 1').inputValue(), await field('Note 2').count()]).toEqual(['half of the', 0])
    })
  },
  // Two windows of one archive.
  { inElectron: false },
)
