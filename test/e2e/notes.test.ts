import { expect, it } from 'vitest'
import { recordExperiments, smallExperiment } from '../support/browserArchive.ts'
import { goTo, slowHost } from '../support/browserPage.ts'
import { describeWindow } from './laboratoryWindow.ts'

describeWindow(
  'The notes of a run',
  (open) => {
    it('that two windows write are both kept, and the second is told', async () => {
      let runId = ''
      const { page, host } = await open({
        prepare: async (path) => ([runId] = (await recordExperiments(path, [smallExperiment()])) as [string]),
      })
      const other = await page.context().newPage()
      await other.goto(host!.address)
      const [first, second] = [page, other].map((each) => each.getByRole('textbox', { name: 'Notes' }))
      for (const each of [page, other]) await goTo(each, `/runs/${runId}/provenance`)
      // It has read the notes as they were.
      await expect.poll(() => second!.isEnabled()).toBe(true)
      await first!.fill('grokked late')
      await first!.blur()
      await page.getByText('Notes kept').waitFor()
      await second!.fill('to be repeated')
      await second!.blur()
      await other.getByText('The notes had been changed in another window').waitFor()
      const both = 'grokked late\n\nto be repeated'
      expect(await second!.inputValue()).toBe(both)
      await second!.fill(`${both}, twice`)
      await second!.blur()
      await other.getByText('Notes kept').waitFor()
      await page.reload()
      await expect.poll(() => first!.inputValue()).toBe(`${both}, twice`)
    })

    it('that are still being written are not lost to another address, nor to a page that is loaded anew', async () => {
      let runId = ''
      const { page } = await open({
        prepare: async (path) => ([runId] = (await recordExperiments(path, [smallExperiment()])) as [string]),
      })
      const show = () => goTo(page, `/runs/${runId}/provenance`)
      const notes = page.getByRole('textbox', { name: 'Notes' })
      await show()
      await notes.fill('first')
      await goTo(page, '/machine')
      await page.getByText('Notes kept').waitFor()
      await page.reload()
      await show()
      await expect.poll(() => notes.inputValue()).toBe('first')
      await notes.fill('first, second')
      await page.reload()
      await show()
      await expect.poll(() => notes.inputValue()).toBe('first, second')
      await page.getByText('Notes kept').waitFor()
      await page.evaluate(() => localStorage.clear())
      await page.reload()
      await expect.poll(() => notes.inputValue()).toBe('first, second')
    })

    it('that are saved again before the host has answered are what was written last', async () => {
      let runId = ''
      const { page } = await open({
        prepare: async (path) => ([runId] = (await recordExperiments(path, [smallExperiment()])) as [string]),
      })
      const host = await slowHost(page)
      await page.reload()
      await goTo(page, `/runs/${runId}/provenance`)
      const notes = page.getByRole('textbox', { name: 'Notes' })
      // They can be written once they are read.
      await expect.poll(() => notes.isEnabled()).toBe(true)
      host.hold()
      for (const text of ['first', 'second']) {
        await notes.fill(text)
        await notes.blur()
      }
      host.release()
      await expect.poll(() => page.getByText('Notes kept').count()).toBeGreaterThan(0)
      await page.reload()
      await expect.poll(() => notes.inputValue()).toBe('second')
    })

    it('that are written while the host is slow are kept of their run, also where another is shown by then', async () => {
      let runIds: string[] = []
      const { page } = await open({
        prepare: async (path) => (runIds = await recordExperiments(path, [smallExperiment({ seeds: [0, 1] })])),
      })
      const host = await slowHost(page)
      await page.reload()
      const notes = page.getByRole('textbox', { name: 'Notes' })
      const show = async (place: number) => {
        await goTo(page, `/runs/${runIds[place]!}/provenance`)
        await expect.poll(() => notes.isEnabled()).toBe(true)
      }
      await show(0)
      host.hold()
      for (const text of ['first', 'second']) {
        await notes.fill(text)
        await notes.blur()
      }
      await goTo(page, '/machine')
      await notes.waitFor({ state: 'detached' })
      host.release()
      await show(1)
      await expect.poll(() => notes.inputValue()).toBe('')
      await show(0)
      await expect.poll(() => notes.inputValue()).toBe('second')
    })
  },
  { inElectron: false },
)
