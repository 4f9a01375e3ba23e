import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { recordExperiments, smallExperiment } from '../support/browserArchive.ts'
import { goTo, settles } from '../support/browserPage.ts'
import { describeWindow } from './laboratoryWindow.ts'

describeWindow('What is to be done next', (open) => {
  let page: Page
  let runIds: string[]

  beforeAll(async () => {
    ;({ page } = await open({
      prepare: async (path) => void (runIds = await recordExperiments(path, [smallExperiment({ seeds: [0, 1] })])),
    }))
  })

  it('is one thing on every screen: no other button looks so', async () => {
    const runs = runIds.join(',')
    const views = [
      ...[
        '/papers',
        '/papers/musat2025',
        '/papers/musat2025/fig1',
        '/new',
        '/runs',
        '/runs?q=nothing',
        '/compare',
        '/figures',
        '/machine',
      ],
      ...['curves', 'matrices', 'fourier', 'geometry', 'chattering', 'predictions', 'provenance'].map(
        (tab) => `/runs/${runIds[0]}/${tab}`,
      ),
      ...['overlay', 'groups', 'scatter', 'parallel', 'theory', 'events', 'specification'].map(
        (tab) => `/compare?runs=${runs}&tab=${tab}`,
      ),
      `/figures?runs=${runs}`,
      `/new?branch=${runIds[0]}&at=0`,
    ]
    const several: string[] = []
    for (const view of views) {
      await goTo(page, view)
      await settles(page)
      const found = await primaries(page, 'main')
      if (found.length > 1) several.push(`${view}: ${found.join(', ')}`)
      for (const opener of await page.getByRole('main').locator('[aria-haspopup="dialog"]:visible').elementHandles()) {
        await opener.click()
        await page.getByRole('dialog').waitFor()
        const inDialog = await primaries(page, '[role="dialog"]')
        if (inDialog.length > 1) several.push(`${view}, a dialog: ${inDialog.join(', ')}`)
        await page.keyboard.press('Escape')
        await page.getByRole('dialog').waitFor({ state: 'detached' })
      }
    }
    expect(several).toEqual([])
  })

  it('is what the chosen runs are for, while some are', async () => {
    await goTo(page, '/runs')
    await page.getByRole('checkbox', { name: 'Select all runs shown' }).click()
    await page.getByRole('toolbar', { name: 'Chosen runs' }).waitFor()
    // Colors change within a moment.
    await expect.poll(() => primaries(page, 'main')).toEqual(['Compare'])
  })
})

/** What is filled with the accent, by what it says. */
const primaries = (page: Page, within: string) =>
  page.locator(within).evaluate((region) => {
    const probe = document.createElement('i')
    probe.style.background = 'var(--accent)'
    region.append(probe)
    const accent = getComputedStyle(probe).backgroundColor
    probe.remove()
    return [...region.querySelectorAll<HTMLElement>('button:not([role="checkbox"]), a')]
      .filter((each) => each.checkVisibility() && getComputedStyle(each).backgroundColor === accent)
      .map((each) => each.innerText)
  })
