import { expect, it } from 'vitest'
import { recordExperiments, smallExperiment } from '../support/browserArchive.ts'
import { goTo } from '../support/browserPage.ts'
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
      await second!.waitFor()
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

    it('that are saved again before the host has answered are what was written last', async () => {
      let runId = ''
      const { page } = await open({
        prepare: async (path) => ([runId] = (await recordExperiments(path, [smallExperiment()])) as [string]),
      })
      const held: (() => void)[] = []
      let isSlow = false
      await page.routeWebSocket(/./, (socket) => {
        socket.connectToServer().onMessage((message) => {
          const pass = () => socket.send(message)
          if (isSlow) held.push(pass)
          else pass()
        })
      })
      await page.reload()
      await goTo(page, `/runs/${runId}/provenance`)
      const notes = page.getByRole('textbox', { name: 'Notes' })
      await notes.waitFor()
      isSlow = true
      for (const text of ['first', 'second']) {
        await notes.fill(text)
        await notes.blur()
      }
      isSlow = false
      for (const pass of held) pass()
      await expect.poll(() => page.getByText('Notes kept').count()).toBeGreaterThan(0)
      await page.reload()
      await expect.poll(() => notes.inputValue()).toBe('second')
    })
  },
  { inElectron: false },
)
