import DatabaseConstructor from 'better-sqlite3'
import { expect, it } from 'vitest'
import { recordExperiments, smallExperiment } from '../support/browserArchive.ts'
import { describeWindow } from './laboratoryWindow.ts'

describeWindow('A damaged run', (open) => {
  it('says so on its page, and a whole one does not', async () => {
    const { page } = await open({
      async prepare(path) {
        const [runId] = await recordExperiments(path, [smallExperiment({ seeds: [0, 1] })])
        const database = new DatabaseConstructor(path)
        database.prepare('UPDATE events SET tau = tau + 1 WHERE runId = ?').run(runId)
        database.prepare("UPDATE latest SET value = 0 WHERE runId = ? AND name = 'testMse'").run(runId)
        database.close()
      },
    })
    const notice = page
      .getByRole('alert')
      .filter({ hasText: 'This run is damaged: its record is not what was stored.' })
    const show = async (seed: string) => {
      await page.getByRole('link', { name: 'Runs', exact: true }).click()
      await page.getByRole('grid', { name: 'Runs' }).getByRole('link', { name: seed }).click()
      await page.getByRole('link', { name: 'Curves', exact: true }).waitFor()
    }
    await show('seed 0')
    await notice.waitFor()
    await show('seed 1')
    await page.getByRole('link', { name: 'Provenance', exact: true }).click()
    // The specification comes with what the host says of the run.
    await page.locator('pre').first().waitFor()
    await expect.poll(() => notice.count()).toBe(0)
  })
})
