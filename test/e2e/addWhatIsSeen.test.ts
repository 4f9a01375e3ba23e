import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { openArchive } from '../../src/main/store/archive.ts'
import { recordExperiments, smallExperiment } from '../support/browserArchive.ts'
import { goTo, slowHost, type SlowHost, type Told } from '../support/browserPage.ts'
import { figuresIn } from '../support/figuresIn.ts'
import { describeWindow } from './laboratoryWindow.ts'

const study = { kind: 'multiScaleFeatures', dimension: 20, samples: 30, fastDirections: 14, scaleRatio: 10 } as const

describeWindow(
  'Add to a figure',
  (open) => {
    let page: Page
    let archivePath: string
    let runIds: string[]
    /** The steps of the last snapshots of each run. */
    let steps: number[][]
    let host: SlowHost

    beforeAll(async () => {
      ;({ page, archivePath } = await open({
        prepare: async (path) => {
          runIds = await recordExperiments(path, [smallExperiment(), { name: 'scales', study }])
          const archive = openArchive(path)
          steps = runIds.map((id) => archive.snapshots.listSnapshots(id).map(({ step }) => step))
          archive.close()
        },
      }))
      host = await slowHost(page)
      await page.reload()
    })

    it.each([
      ['chattering', 'Changes of sign', 0],
      ['fourier', 'Feature norms', 0],
      ['fourier', 'Unit × frequency', 0],
      ['fourier', 'Frequency 3', 0],
      ['predictions', 'Predictions', 0],
      ['geometry', /^Singular values/, 0],
      ['matrices', /^After/, 0],
      ['arrays', /./, 1],
    ] as const)('in %s, %s, takes the step that is shown where the clock is ahead of it', async (tab, panel, run) => {
      const [before, last] = steps[run]!.slice(-2) as [number, number]
      host.hold((told) => isOfStep(told, before))
      await goTo(page, `/runs/${runIds[run]!}/${tab}`)
      const frame = page
        .locator('section.panel')
        .filter({ has: page.getByRole('heading', { name: panel }) })
        .first()
      const clock = page.getByRole('slider', { name: run === 0 ? 'Step' : 'flow time' })
      await clock.press('End')
      await frame.locator('canvas, .chart-svg').first().waitFor()
      await clock.press('ArrowLeft')
      await expect.poll(() => clock.getAttribute('aria-valuenow')).toBe(String(before))
      const panels = () => figuresIn(archivePath)[0]?.panels ?? []
      const count = panels().length
      await frame.getByRole('button', { name: /: export$/ }).click()
      await page.getByRole('menuitem', { name: 'Add to a figure' }).click()
      await expect.poll(() => panels().length).toBe(count + 1)
      expect(panels().at(-1)!.source).toMatchObject({ runId: runIds[run]!, step: last })
    })
  },
  { inElectron: false },
)

const isOfStep = (told: Told, step: number) =>
  'asked' in told &&
  (told.asked.name === 'run.matrix' || told.asked.name === 'analysis.compute') &&
  told.asked.input.step === step
