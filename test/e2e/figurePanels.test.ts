import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { figureById } from '../../src/main/lab/papers/papers.ts'
import { openArchive } from '../../src/main/store/archive.ts'
import { queueExperiments, recordExperiments, smallExperiment } from '../support/browserArchive.ts'
import { goTo, settles } from '../support/browserPage.ts'
import { figuresIn } from '../support/figuresIn.ts'
import { connectTo } from '../support/socketClient.ts'
import { describeWindow } from './laboratoryWindow.ts'

describeWindow('Panels of a figure', (open) => {
  let page: Page
  let archivePath: string
  let runIds: string[]

  beforeAll(async () => {
    ;({ page, archivePath } = await open({
      prepare: async (path) => {
        runIds = await recordExperiments(path, [smallExperiment({ seeds: [0, 1, 2] })])
        await recordExperiments(path, figureById('musat2025/fig1').experiments({}), 'musat2025/fig1')
      },
    }))
  })

  const list = () => page.getByRole('complementary', { name: 'Panels, caption, data' })
  const names = async () => (await list().locator('li .name').allInnerTexts()).map((text) => text.replace(/^.\s+/, ''))
  const drawnWidth = () =>
    page.getByRole('img', { name: 'The figure as it will be printed' }).evaluate(async (image) => {
      await (image as HTMLImageElement).decode()
      return (image as HTMLImageElement).naturalWidth
    })

  async function add(address: string, panel: string | RegExp) {
    await goTo(page, address)
    await settles(page)
    const frame = page.locator('section.panel').filter({ has: page.getByRole('heading', { name: panel }) })
    await frame
      .first()
      .getByRole('button', { name: /: export$/ })
      .click()
    await page.getByRole('menuitem', { name: 'Add to a figure' }).click()
  }

  it('come from every view: a spectrum, circles, a matrix, a group with its band', async () => {
    await add(`/runs/${runIds[0]!}/fourier`, 'Feature norms')
    await add(`/runs/${runIds[0]!}/fourier`, 'Circles')
    await add(`/runs/${runIds[0]!}/matrices`, /^After/)
    await add(`/compare?runs=${runIds.join()}&tab=groups`, /./)
    await goTo(page, '/figures')
    await expect
      .poll(names)
      .toEqual(['Feature norms of E, step 400', 'Circles of E, step 400', 'E, step 400', 'test accuracy'])
    await page.getByText('from 3 runs').waitFor()
    expect(await drawnWidth()).toBeGreaterThan(300)
    expect(await list().locator('.problem').count()).toBe(0)
  })

  it('keep the colors that were fitted by hand where they come from', async () => {
    await goTo(page, `/runs/${runIds[0]!}/matrices`)
    await settles(page)
    await page.getByRole('button', { name: /^Color scale/ }).click()
    await page.getByRole('menuitem', { name: 'Halve' }).click()
    await add(`/runs/${runIds[0]!}/matrices`, /^After/)
    await goTo(page, '/figures')
    await expect.poll(names).toHaveLength(5)
    await list().getByRole('button', { name: 'E, step 400' }).last().click()
    const settings = page.getByRole('complementary', { name: 'Venue, axes, checks' })
    const to = Number(await settings.getByRole('textbox', { name: 'Colors: to', exact: true }).inputValue())
    expect(to).toBeGreaterThan(0)
    expect(await settings.getByRole('textbox', { name: 'Colors: from', exact: true }).inputValue()).toBe(String(-to))
    await list().getByRole('button', { name: 'E, step 400' }).last().focus()
    await page.keyboard.press('Delete')
    await expect.poll(names).toHaveLength(4)
  })

  it('come from a paper: what its figure claims, measured', async () => {
    await goTo(page, '/papers/musat2025/fig1')
    await page.getByRole('button', { name: 'Add to a figure' }).click()
    await goTo(page, '/figures')
    await expect.poll(names).toContain('Claims of musat2025/fig1')
    expect(await list().locator('.problem').count()).toBe(0)
    await list().getByRole('button', { name: 'Claims of musat2025/fig1' }).last().focus()
    await page.keyboard.press('Delete')
    await expect.poll(names).not.toContain('Claims of musat2025/fig1')
  })

  it('are put in order by keys, by the mouse, and undone', async () => {
    const name = (text: string) => list().getByRole('button', { name: text })
    await name('E, step 400').last().focus()
    await page.keyboard.press('Alt+ArrowUp')
    await page.keyboard.press('Alt+ArrowUp')
    await expect.poll(async () => (await names())[0]).toBe('E, step 400')
    await name('test accuracy').dragTo(name('Circles'))
    await expect.poll(async () => (await names()).indexOf('test accuracy')).toBe(2)
    await page.getByRole('region', { name: 'Proof' }).focus()
    for (let k = 0; k < 3; k++) await page.keyboard.press('Control+z')
    await expect
      .poll(names)
      .toEqual(['Feature norms of E, step 400', 'Circles of E, step 400', 'E, step 400', 'test accuracy'])
    await page.keyboard.press('Control+Shift+z')
    await expect.poll(async () => (await names())[1]).toBe('E, step 400')
  })

  it('have words, limits and a place for the legend, and say what cannot be', async () => {
    await list().getByRole('button', { name: 'test accuracy' }).click()
    const settings = page.getByRole('complementary', { name: 'Venue, axes, checks' })
    await settings.getByLabel('Title of the panel').fill('Delay as $\\lambda$ → 0')
    await settings.getByLabel('Vertical axis: from').fill('1')
    await settings.getByLabel('Vertical axis: to').fill('0.5')
    await settings.getByLabel('Vertical axis: to').press('Tab')
    await list().getByText('y.min is 1 and y.max is 0.5').waitFor()
    await settings.getByLabel('Vertical axis: from').fill('low')
    await settings.getByLabel('Vertical axis: from').press('Tab')
    await settings.getByText('“low” is not a number').waitFor()
    await settings.getByLabel('Vertical axis: from').fill('')
    await settings.getByLabel('Vertical axis: from').press('Tab')
    await list().getByText('y.min is 1').waitFor({ state: 'detached' })
    await settings.getByRole('button', { name: /^Legend of the panel/ }).click()
    await page.getByRole('menuitemradio', { name: 'within, bottom right' }).click()
    expect(await settings.getByRole('button', { name: /^Legend of the panel/ }).innerText()).toBe(
      'within, bottom right',
    )
  })

  it('are there again after the page was loaded anew', async () => {
    const before = await names()
    await page.reload()
    await goTo(page, '/figures')
    await expect.poll(names).toEqual(before)
    await list().getByRole('button', { name: 'test accuracy' }).click()
    const settings = page.getByRole('complementary', { name: 'Venue, axes, checks' })
    expect(await settings.getByLabel('Title of the panel').inputValue()).toBe('Delay as $\\lambda$ → 0')
    expect(await settings.getByLabel('Vertical axis: to').inputValue()).toBe('0.5')
  })

  it('say which of their runs are gone, and can be taken out', async () => {
    const [figure] = figuresIn(archivePath)
    const panels = figure!.panels.map(({ source, ...panel }) => ({
      ...panel,
      source: 'runId' in source ? { ...source, runId: 'goneforever' } : source,
    }))
    const buffer = Buffer.from(JSON.stringify({ ...figure, panels }))
    const file = { name: 'gone.json', mimeType: 'application/json', buffer }
    await page.getByLabel('File of a figure').setInputFiles(file)
    await expect.poll(() => list().getByText('1 run is not in the archive: goneforever').count()).toBe(3)
    for (let k = 0; k < 3; k++) await list().getByRole('button', { name: 'Take it out' }).first().click()
    await expect.poll(names).toEqual(['test accuracy'])
  })
})

describeWindow('A figure of a run that goes on', (open) => {
  const endless = smallExperiment({
    dynamics: { kind: 'isolated', steps: 50_000_000 },
    // Not so many rows that they are thinned.
    record: { measureEvery: 10_000, snapshots: 'events' },
  })
  let window: Awaited<ReturnType<typeof open>>
  let runIds: string[] = []
  const points = async () => {
    const panels = window.page.getByRole('complementary', { name: 'Panels, caption, data' })
    return Number((await panels.locator('dd').last().innerText()).replaceAll(/\D/g, ''))
  }

  beforeAll(async () => {
    window = await open({ prepare: (path) => void (runIds = queueExperiments(path, [endless])) })
  })

  it('is drawn anew as it does', async () => {
    await goTo(window.page, `/figures?runs=${runIds.join()}`)
    await expect.poll(points).toBeGreaterThan(0)
    const first = await points()
    await expect.poll(points).toBeGreaterThan(first)
  })

  it('is drawn to its end', async ({ skip }) => {
    const { host, archivePath } = window
    if (!host) return skip('in a window of its own nothing can end it but another view')
    const other = await connectTo(host.address)
    expect(await other.request('run.cancel', { runIds })).toMatchObject({ ok: true })
    other.close()
    await expect.poll(() => rowsIn(archivePath, runIds[0]!).status).toBe('cancelled')
    // Two panels of each row.
    await expect.poll(points).toBe(2 * rowsIn(archivePath, runIds[0]!).count)
  })
})

function rowsIn(archivePath: string, runId: string) {
  const archive = openArchive(archivePath, { readOnly: true })
  try {
    return { status: archive.runs.summary(runId)!.status, count: archive.curves.readColumn(runId, 'step').length }
  } finally {
    archive.close()
  }
}
