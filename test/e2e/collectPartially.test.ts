import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sweepId } from '../../src/main/services/sweeps/knownFolders.ts'
import { openArchive } from '../../src/main/store/archive.ts'
import { computeTask } from '../../src/main/sweep/computeTask.ts'
import { prepareSweepFolder } from '../../src/main/sweep/sweepFolder.ts'
import { planSweep } from '../../src/main/sweep/sweepPlan.ts'
import { smallExperiment } from '../support/browserArchive.ts'
import { inspect } from '../support/axeFindings.ts'
import { goTo } from '../support/browserPage.ts'
import { describeWindow } from './laboratoryWindow.ts'

describeWindow('A sweep that a cluster has under way', (open) => {
  it('is collected with what has ended, or also as far as the rest is', async () => {
    const { page } = await open({ prepare: halfComputedSweep })
    await goTo(page, '/sweeps')
    await page.getByRole('link', { name: 'under way' }).click()
    const collect = async (label: string) => {
      await page.getByRole('button', { name: 'Collect', exact: true }).click()
      await page.getByRole('menu').waitFor()
      expect(await inspect(page)).toEqual([])
      await page.getByRole('menuitem', { name: label }).click()
    }
    await collect('Collect 2 runs, unfinished')
    await page
      .getByText('2 runs taken into the archive; 2 unfinished, which collecting again brings up to date')
      .waitFor()
    await page.getByText('2 of 4, 2 unfinished', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Collect', exact: true }).click()
    expect(await page.getByRole('menuitem').allTextContents()).toEqual(['Collect 2 runs, unfinished'])
    await page.keyboard.press('Escape')
    await page.getByRole('link', { name: 'Runs', exact: true }).last().click()
    await expect.poll(() => page.getByText('Interrupted', { exact: true }).count()).toBe(2)
    expect(await page.getByText('Finished', { exact: true }).count()).toBe(2)
  })
})

/** Of four runs two have ended. */
async function halfComputedSweep(archivePath: string): Promise<string> {
  const path = join(archivePath, '../sweep')
  const { name: _, ...base } = smallExperiment()
  const axes = [{ field: 'network.hidden', values: [32, 64] }]
  const folder = await prepareSweepFolder(path, planSweep({ name: 'under way', base, axes, seeds: 2 }), [])
  await computeTask(folder, 0, { signal: new AbortController().signal })
  for (const name of readdirSync(join(path, 'journals')).slice(0, 2)) {
    const bytes = readFileSync(join(path, 'journals', name))
    writeFileSync(join(path, 'journals', name), bytes.subarray(0, bytes.length / 2))
  }
  const archive = openArchive(archivePath)
  archive.sweeps.set({ path, computes: false })
  archive.close()
  return sweepId(path)
}
