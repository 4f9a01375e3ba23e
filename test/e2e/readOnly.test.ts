import { renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { sweepId } from '../../src/main/services/sweeps/knownFolders.ts'
import { openArchive } from '../../src/main/store/archive.ts'
import { computeTask } from '../../src/main/sweep/computeTask.ts'
import { prepareSweepFolder } from '../../src/main/sweep/sweepFolder.ts'
import { planSweep } from '../../src/main/sweep/sweepPlan.ts'
import { queueExperiments, recordExperiments, smallExperiment } from '../support/browserArchive.ts'
import { goTo } from '../support/browserPage.ts'
import { writeKnownSweep } from '../support/knownSweep.ts'
import { pressEverything, type PressedView } from '../support/pressEverything.ts'
import { describeWindow } from './laboratoryWindow.ts'

describeWindow(
  'A page of an archive that is served to be read only',
  (open) => {
    let page: Page
    let own: string
    let runIds: string[]
    let waiting: string[]
    let computed: string
    let beside: string
    let planned: string
    let doing = 'opening'
    const refused: string[] = []

    beforeAll(async () => {
      ;({ page, archivePath: own } = await open({
        serve: ['--read-only'],
        // What is copied goes nowhere.
        expected: /Failed to execute 'writeText' on 'Clipboard'/,
        async prepare(path) {
          runIds = await recordExperiments(path, [
            smallExperiment({ name: 'seen', seeds: [0, 1] }),
            smallExperiment({ name: 'aside' }),
            smallExperiment({ name: 'binned' }),
          ])
          waiting = queueExperiments(path, [smallExperiment({ name: 'waiting', seeds: [0, 1] })])
          beside = join(path, '../other.grokscope')
          await recordExperiments(beside, [smallExperiment({ name: 'of another' })])
          computed = await computedSweep(path)
          planned = await writeKnownSweep(path)
          const archive = openArchive(path)
          archive.library.move([runIds[2]!], 'setAside')
          archive.library.move([runIds[3]!], 'bin')
          archive.close()
        },
      }))
      page.on('websocket', (socket) =>
        socket.on('framereceived', ({ payload }) => {
          if (payload.includes('ARCHIVE_READ_ONLY')) refused.push(doing)
        }),
      )
      await page.reload()
      await page.getByText('read only', { exact: true }).waitFor()
    })

    it.each(['runs', 'a run', 'papers and New', 'sweeps', 'all else'] as const)(
      'offers nothing that the host refuses, in no menu, dialog, command or key: %s',
      (area) => expectNothingRefused(viewsOf()[area]),
    )

    it('nor of an archive that is opened beside it', async () => {
      await goTo(page, '/runs')
      await page.getByRole('button', { name: 'Open archive…' }).click()
      await page.getByRole('dialog').getByRole('textbox').fill(beside)
      await page.getByRole('dialog').getByRole('button', { name: 'Open', exact: true }).click()
      await page.getByRole('link', { name: 'other.grokscope' }).waitFor()
      const { hash } = new URL(page.url())
      await expectNothingRefused({ beside: { address: hash.slice(1), prepare: hover } })
    })

    it('says that the archive was moved, and what to do, until it is back', async () => {
      const banner = page.getByRole('status').filter({ hasText: 'was moved, deleted or replaced' })
      renameSync(own, `${own}-moved`)
      await banner.waitFor()
      expect(await banner.textContent()).toContain('start Grokscope again')
      renameSync(`${own}-moved`, own)
      await banner.waitFor({ state: 'detached' })
    })

    async function expectNothingRefused(views: Record<string, PressedView>) {
      const pressed: string[] = []
      refused.length = 0
      await pressEverything(page, new Map(Object.entries(views)), {
        before(what) {
          expect(refused).toEqual([])
          pressed.push((doing = what))
        },
        // The benchmark takes a minute, and writes nothing; a group that is folded, or an archive that is closed, has no runs to point at.
        except: /^machine: Run$|the runs of|^beside: Close$/,
      })
      expect(refused).toEqual([])
      expect(pressed.length).toBeGreaterThan(10)
    }

    function viewsOf() {
      const [run, other, aside] = runIds
      return {
        runs: {
          runs: { address: '/runs', prepare: hover },
          'runs, chosen': { address: '/runs', prepare: () => choose('Library') },
          'runs, set aside': { address: '/runs', prepare: () => choose('Set aside') },
          'runs, binned': { address: '/runs', prepare: () => choose('Bin') },
        },
        'a run': {
          run: { address: `/runs/${run}/curves` },
          'run, provenance': { address: `/runs/${other}/provenance` },
          'run, waiting': { address: `/runs/${waiting[0]}/curves` },
        },
        'papers and New': {
          paper: { address: '/papers/musat2025' },
          figure: { address: '/papers/musat2025/fig3' },
          new: { address: '/new' },
          'new, a sweep': { address: '/new?sweep=four-phases' },
        },
        sweeps: {
          sweeps: { address: '/sweeps' },
          sweep: { address: `/sweeps/${computed}` },
          'sweep, not computed': { address: `/sweeps/${planned}` },
          'live map': { address: '/sweeps/live' },
        },
        'all else': {
          machine: { address: '/machine' },
          compare: { address: `/compare?runs=${run},${aside}` },
          figures: { address: `/figures?runs=${run}` },
        },
      } satisfies Record<string, Record<string, PressedView>>
    }

    const hover = () => page.getByRole('grid', { name: 'Runs' }).getByRole('row').nth(2).hover()

    async function choose(shelf: string) {
      await page.getByRole('group', { name: 'Shelf' }).getByRole('button', { name: shelf }).click()
      const chosen = page.getByRole('toolbar', { name: 'Chosen runs' })
      // Pressed where all are chosen it chooses none.
      await page.getByRole('grid', { name: 'Runs' }).focus()
      await page.keyboard.press('Escape')
      await chosen.waitFor({ state: 'hidden' })
      await page.keyboard.press('ControlOrMeta+a')
      await chosen.waitFor()
      await hover()
    }
  },
  { inElectron: false },
)

/** Its runs have ended, and the archive has none of them. */
async function computedSweep(archivePath: string): Promise<string> {
  const path = join(archivePath, '../sweep')
  const { name: _, ...base } = smallExperiment()
  const axes = [
    { field: 'task.trainFraction', values: [0.6, 0.8] },
    { field: 'network.hidden', values: [32, 64] },
  ]
  const folder = await prepareSweepFolder(path, planSweep({ name: 'computed', base, axes, seeds: 1 }), [])
  await computeTask(folder, 0, { signal: new AbortController().signal })
  const archive = openArchive(archivePath)
  archive.sweeps.set({ path, computes: false })
  archive.close()
  return sweepId(path)
}
