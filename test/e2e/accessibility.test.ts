import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { inspect } from '../support/axeFindings.ts'
import { recordExperiments, smallExperiment } from '../support/browserArchive.ts'
import { goTo, settles } from '../support/browserPage.ts'
import { describeWindow } from './laboratoryWindow.ts'

const ofRun = ['curves', 'matrices', 'fourier', 'geometry', 'predictions', 'provenance']
const ofComparison = ['overlay', 'groups', 'theory', 'events', 'specification']

describeWindow('Every view, for everybody', (open) => {
  let page: Page
  let addresses: Record<string, string>

  beforeAll(async () => {
    let runIds: string[] = []
    const experiments = [
      smallExperiment({ seeds: [0, 1], record: { measureEvery: 10, snapshots: 'log', geometry: { every: 100 } } }),
    ]
    ;({ page } = await open({
      prepare: async (path) => void (runIds = await recordExperiments(path, experiments)),
    }))
    addresses = {
      Papers: '/papers',
      Paper: '/papers/musat2025',
      'a figure': '/papers/musat2025/fig1',
      'a figure with sliders': '/papers/pezeshki2022/doubleDescent?scaleRatio=30',
      New: '/new',
      Runs: '/runs',
      Figures: `/figures?runs=${runIds.join(',')}`,
      Machine: '/machine',
      ...Object.fromEntries(
        ofComparison.map((lens) => [`the comparison's ${lens}`, `/compare?runs=${runIds.join(',')}&tab=${lens}`]),
      ),
      ...Object.fromEntries(ofRun.map((lens) => [`a run's ${lens}`, `/runs/${runIds[0]}/${lens}`])),
    }
  })

  describe.each(['light', 'dark'] as const)('%s', (theme) => {
    it('has no serious finding', async () => {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      const findings: string[] = []
      for (const [name, address] of Object.entries(addresses)) {
        await goTo(page, address)
        await settles(page)
        findings.push(...(await inspect(page)).map((finding) => `${name}: ${finding}`))
      }
      expect(findings).toEqual([])
    })

    it('has none in its dialogs either', async () => {
      const findings: string[] = []
      for (const keys of ['ControlOrMeta+k', '?']) {
        await page.keyboard.press(keys)
        await page.getByRole('dialog').waitFor()
        findings.push(...(await inspect(page)))
        await page.keyboard.press('Escape')
        await page.getByRole('dialog').waitFor({ state: 'detached' })
      }
      expect(findings).toEqual([])
    })
  })
})
