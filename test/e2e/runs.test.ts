import { basename, join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { recordExperiments, smallExperiment } from '../support/browserArchive.ts'
import { chooseFrom, goTo, rests } from '../support/browserPage.ts'
import { describeWindow, hide, offered, whileMessagesStay, type LaboratoryWindow } from './laboratoryWindow.ts'

const narrow = smallExperiment({ name: 'narrow', seeds: [0, 1] })
const wide = smallExperiment({ name: 'wide', network: { hidden: 96 }, seeds: [0, 1] })
const foreign = smallExperiment({ name: 'of a colleague', seeds: [7] })

describeWindow('Runs', (open) => {
  let window: LaboratoryWindow
  let page: Page
  let colleague: string

  beforeAll(async () => {
    window = await open({
      async prepare(path) {
        colleague = join(path, '../colleague.grokscope')
        await recordExperiments(path, [narrow, wide])
        await recordExperiments(colleague, [foreign])
      },
    })
    page = window.page
    await page.getByRole('link', { name: 'Runs', exact: true }).click()
  })

  it('are filtered as one types, by terms that can be taken away', async () => {
    const filter = page.getByRole('combobox', { name: 'Filter' })
    await shows(page, ['narrow', 'narrow', 'wide', 'wide'])
    await filter.fill('d_h = 96')
    await shows(page, ['wide', 'wide'])
    await filter.press('Enter')
    await filter.fill('seed = 1')
    await shows(page, ['wide'])
    await page.getByRole('button', { name: 'Remove d_h = 96' }).click()
    await shows(page, ['narrow', 'wide'])
    await filter.fill('')
    await shows(page, ['narrow', 'narrow', 'wide', 'wide'])
  })

  it('say what became of them in a narrow window too, and keep their names where the rest is scrolled to', async () => {
    await page.setViewportSize({ width: 900, height: 600 })
    await rests(page)
    const grid = page.getByRole('grid', { name: 'Runs' })
    const head = (name: string) => grid.getByRole('columnheader', { name, exact: true })
    const right = (box: { x: number; width: number } | null) => box!.x + box!.width
    expect(right(await head('Test accuracy').boundingBox())).toBeLessThanOrEqual(900)
    const name = grid.getByRole('row').last().getByRole('gridcell').nth(1)
    const before = await name.boundingBox()
    await head('Tags').getByRole('button').focus()
    await rests(page)
    expect(right(await head('Tags').boundingBox())).toBeLessThanOrEqual(900)
    expect(await name.boundingBox()).toEqual(before)
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  it('show in columns what differs between them, in place of what is alike', async () => {
    const heads = () => page.getByRole('grid', { name: 'Runs' }).getByRole('columnheader').allInnerTexts()
    expect(await heads()).toEqual(expect.arrayContaining(['p', 'dh']))
    await page.getByRole('button', { name: 'Columns' }).click()
    await page.getByRole('menuitem', { name: 'What differs between these runs' }).click()
    await expect.poll(heads).not.toContain('p')
    expect(await heads()).toEqual(expect.arrayContaining(['dh', 'Status']))
  })

  it('say what is wrong with a filter, and go on showing', async () => {
    const filter = page.getByRole('combobox', { name: 'Filter' })
    await filter.fill('hiden = 96')
    await expect.poll(() => filter.getAttribute('aria-invalid')).toBe('true')
    await page.getByText(/no field "hiden"; did you mean hidden/).waitFor()
    await filter.fill('')
    await shows(page, ['narrow', 'narrow', 'wide', 'wide'])
  })

  it('are tagged, and found by the tag', async () => {
    await page.getByRole('checkbox', { name: 'Select wide', exact: true }).click()
    const chosen = page.getByRole('toolbar', { name: 'Chosen runs' })
    await chosen.getByText('2 runs selected').waitFor()
    await chosen.getByRole('button', { name: 'Tag…' }).click()
    const dialog = page.getByRole('dialog', { name: /^Tags/ })
    await dialog.getByRole('textbox').fill('keep, for the figure')
    await dialog.getByRole('button', { name: 'Keep' }).click()
    await chosen.getByRole('button', { name: 'Select none' }).click()
    await chosen.waitFor({ state: 'detached' })
    await page.getByRole('combobox', { name: 'Filter' }).fill('tag:"for the figure"')
    await shows(page, ['wide', 'wide'])
    await page.getByRole('combobox', { name: 'Filter' }).fill('')
  })

  it('keep what was written of them in its dialog until the host has taken it', async () => {
    const row = page
      .getByRole('grid', { name: 'Runs' })
      .getByRole('row')
      .filter({ has: page.getByText('seed 1', { exact: true }) })
      .first()
    await row.hover()
    await row.getByRole('button', { name: 'Actions' }).click()
    await page.getByRole('menuitem', { name: 'Notes…' }).click()
    const dialog = page.getByRole('dialog', { name: /^Notes/ })
    const notes = dialog.getByRole('textbox')
    // Of a terminal, with its colors.
    await notes.fill('step 100 \u001b[32mok\u001b[0m')
    await dialog.getByRole('button', { name: 'Keep' }).click()
    await page.getByRole('status').locator('.toast.failed').waitFor()
    expect(await notes.inputValue()).toContain('step 100')
    await notes.fill('step 100 ok')
    await dialog.getByRole('button', { name: 'Keep' }).click()
    await dialog.waitFor({ state: 'detached' })
    await row.hover()
    await row.getByRole('button', { name: 'Actions' }).click()
    await page.getByRole('menuitem', { name: 'Notes…' }).click()
    expect(await notes.inputValue()).toBe('step 100 ok')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
  })

  it('go to the bin, and come back by undo', async () => {
    await page.getByRole('checkbox', { name: 'Select narrow', exact: true }).click()
    const bin = page.getByRole('toolbar').getByRole('button', { name: 'Bin' })
    const undo = await offered(page, 'Undo', '2 runs in the bin', () => bin.click())
    await shows(page, ['wide', 'wide'])
    await shelf(page, 'Bin')
    await shows(page, ['narrow', 'narrow'])
    await undo.click()
    await shows(page, [])
    await shelf(page, 'Library')
    await shows(page, ['narrow', 'narrow', 'wide', 'wide'])
  })

  it('in the bin say so on their page, which is of that run alone, with the way back', async () => {
    const main = page.getByRole('main')
    const narrowRun = main.getByRole('link').and(main.getByTitle('narrow, seed 0'))
    await narrowRun.click()
    await main.getByText('2 seeds', { exact: true }).waitFor()
    await main.getByRole('link', { name: 'Predictions' }).click()
    await chooseFrom(main.getByRole('button', { name: 'More' }), 'Move seed 0 to the bin')
    // The page leads to the library once the run has gone: only then is there a way to it again.
    await expect.poll(() => page.url()).toMatch(/#\/runs$/)
    await shelf(page, 'Bin')
    await narrowRun.click()
    const notice = main.getByText('This run is in the bin')
    await notice.waitFor()
    expect(await main.getByText('2 seeds', { exact: true }).count()).toBe(0)
    await main.getByRole('button', { name: 'Restore' }).click()
    await notice.waitFor({ state: 'detached' })
    await main.getByText('2 seeds', { exact: true }).waitFor()
    await page.getByRole('link', { name: 'Runs', exact: true }).click()
    await shelf(page, 'Library')
    await shows(page, ['narrow', 'narrow', 'wide', 'wide'])
  })

  it('are restored after a purge that is undone in time', async () => {
    await page.getByRole('checkbox', { name: 'Select narrow', exact: true }).click()
    await page.getByRole('toolbar').getByRole('button', { name: 'Bin' }).click()
    await shelf(page, 'Bin')
    await page.getByRole('checkbox', { name: 'Select narrow', exact: true }).click()
    const purge = page.getByRole('toolbar').getByRole('button', { name: 'Purge' })
    const undo = await offered(page, 'Undo', '2 runs purged', () => purge.click())
    await shows(page, [])
    await undo.click()
    await shows(page, ['narrow', 'narrow'])
    await page.getByRole('checkbox', { name: 'Select narrow', exact: true }).click()
    await page.getByRole('toolbar').getByRole('button', { name: 'Restore' }).click()
    await shelf(page, 'Library')
    await shows(page, ['narrow', 'narrow', 'wide', 'wide'])
  })

  it('are in the bin still where the page is left before a purge can no longer be undone', async () => {
    await page.getByRole('checkbox', { name: 'Select wide', exact: true }).click()
    await page.getByRole('toolbar').getByRole('button', { name: 'Bin' }).click()
    await shelf(page, 'Bin')
    await page.getByRole('checkbox', { name: 'Select wide', exact: true }).click()
    const purge = page.getByRole('toolbar').getByRole('button', { name: 'Purge' })
    await offered(page, 'Undo', '2 runs purged', () => purge.click())
    await shows(page, [])
    await page.reload()
    await shelf(page, 'Bin')
    await shows(page, ['wide', 'wide'])
    await page.getByRole('checkbox', { name: 'Select wide', exact: true }).click()
    await page.getByRole('toolbar').getByRole('button', { name: 'Restore' }).click()
    await shelf(page, 'Library')
    await shows(page, ['narrow', 'narrow', 'wide', 'wide'])
  })

  it('of another archive are looked at, and imported, once', async ({ skip }) => {
    if (!window.host) return skip('the desktop asks with a dialog of the system')
    await openArchive(page, colleague)
    await shows(page, ['of a colleague'])
    await page.getByText(/read only, 1 run/).waitFor()
    await page.getByRole('grid').getByRole('link', { name: 'seed 7' }).click()
    await page.getByText('read only', { exact: true }).waitFor()
    // From which steps one could, is known by then.
    await page
      .getByText(/^\d+ of \d+$/)
      .first()
      .waitFor()
    expect(await page.getByRole('link', { name: /^Branch from/ }).count()).toBe(0)
    await page.goBack()
    for (const told of ['1 run imported', '0 runs imported, 1 already present']) {
      await whileMessagesStay(page, async () => {
        await page.getByRole('button', { name: 'Import all' }).click()
        await page.getByRole('status').getByText(told, { exact: true }).waitFor()
      })
    }
    await page.getByRole('button', { name: 'Close', exact: true }).click()
    await shows(page, ['narrow', 'narrow', 'of a colleague', 'wide', 'wide'])
  })

  it('of a file that is no archive are not, and why is told', async ({ skip }) => {
    if (!window.host) return skip('the desktop asks with a dialog of the system')
    const path = join(import.meta.dirname, '../../package.json')
    await openArchive(page, path)
    const dialog = page.getByRole('dialog', { name: 'Open an archive' })
    await expect.poll(() => dialog.innerText()).toMatch(/package\.json/)
    await dialog.getByRole('button', { name: 'Cancel' }).click()
  })

  it('are where a file dropped on another view belongs; it does not take the place of the page', async ({ skip }) => {
    if (!window.host) return skip('the desktop opens archives wherever they fall')
    await page.getByRole('link', { name: 'Machine', exact: true }).click()
    const files = await page.evaluateHandle(() => {
      const transfer = new DataTransfer()
      transfer.items.add(new File(['SQLite format 3'], 'colleague.grokscope'))
      return transfer
    })
    const drop = (handle: typeof files) =>
      page.evaluate((dataTransfer) => {
        const event = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true })
        return document.querySelector('main')!.dispatchEvent(event)
      }, handle)
    expect(await drop(files), 'the browser is left to open the file').toBe(false)
    await page.getByRole('button', { name: 'Runs', exact: true }).click()
    await page.getByRole('grid', { name: 'Runs' }).waitFor()
  })

  it('of an archive dropped on the table are opened, once its folder is told', async ({ skip }) => {
    if (!window.host) return skip('the desktop knows where a dropped file lies')
    const name = basename(colleague)
    const files = await page.evaluateHandle((file) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File(['content'], file))
      return transfer
    }, name)
    await page.getByRole('grid', { name: 'Runs' }).dispatchEvent('drop', { dataTransfer: files })
    const dialog = page.getByRole('dialog', { name: 'Open an archive' })
    await dialog.getByText('Type the folder before the name').waitFor()
    expect(await dialog.getByRole('textbox').inputValue()).toBe(name)
    expect(await dialog.getByRole('button', { name: 'Open' }).isDisabled()).toBe(true)
    await dialog.getByRole('textbox').fill(colleague)
    await dialog.getByRole('button', { name: 'Open' }).click()
    await shows(page, ['of a colleague'])
    expect(await dialog.count()).toBe(0)
    await page.getByRole('button', { name: 'Close', exact: true }).click()
  })
})

describeWindow(
  'Runs of a host that is far away',
  (open) => {
    it('are never shown with half of what was done to them', async () => {
      const { page } = await open({ prepare: (path) => recordExperiments(path, [narrow]) })
      await page.routeWebSocket(/./, (socket) => {
        const host = socket.connectToServer()
        let handedOn = Promise.resolve()
        // Each message comes after the one before it was drawn, for as long as the page is there.
        host.onMessage((message) => {
          handedOn = handedOn
            .then(() => socket.send(message))
            .then(() => drawn(page))
            .catch(() => undefined)
        })
      })
      await page.reload()
      await page.getByRole('link', { name: 'Runs', exact: true }).click()
      await shows(page, ['narrow', 'narrow'])
      await page.evaluate(() => {
        const counts = new Set<number>()
        const count = () => counts.add(document.querySelectorAll('[role=grid] [aria-label^="Select narrow,"]').length)
        new MutationObserver(count).observe(document.body, { subtree: true, childList: true })
        Object.assign(window, { counts })
      })
      for (const [act, place] of [
        ['Bin', 'Bin'],
        ['Restore', 'Library'],
        ['Set aside', 'Set aside'],
      ] as const) {
        await page.getByRole('checkbox', { name: 'Select narrow', exact: true }).click()
        await page.getByRole('toolbar').getByRole('button', { name: act, exact: true }).click()
        await shelf(page, place)
        await shows(page, ['narrow', 'narrow'])
      }
      const counts = await page.evaluate(() => [...(window as unknown as { counts: Set<number> }).counts])
      expect(counts.sort()).toEqual([0, 2])
    })
  },
  { inElectron: false },
)

describeWindow(
  'Filters that are kept',
  (open) => {
    it('are those of all windows, whichever kept its own last', async () => {
      const { page } = await open({ prepare: (path) => recordExperiments(path, [narrow]) })
      const other = await page.context().newPage()
      await other.goto(page.url())
      const pages = [page, other]
      for (const each of pages) await goTo(each, '/runs')
      for (const [place, query] of ['seed = 0', 'seed = 1'].entries()) {
        const each = pages[place]!
        const filter = each.getByRole('combobox', { name: 'Filter' })
        await filter.fill(query)
        await filter.press('Enter')
        await each.getByRole('button', { name: 'Saved filters' }).click()
        await each.getByRole('menuitem', { name: `Keep ${query}` }).click()
      }
      for (const each of pages) {
        await each.reload()
        await each.getByRole('button', { name: 'Saved filters' }).click()
        for (const query of ['seed = 0', 'seed = 1'])
          await each.getByRole('menuitem', { name: query, exact: true }).waitFor()
      }
      expect(await other.getByRole('menuitem', { name: /^seed/ }).allInnerTexts()).toEqual(['seed = 0', 'seed = 1'])
      await other.close()
    })
  },
  { inElectron: false },
)

describeWindow(
  'What is offered',
  (open) => {
    it('stays while the pointer or the focus is on it or the page is hidden, and goes some time after', async () => {
      const { page } = await open({ prepare: (path) => recordExperiments(path, [narrow]) })
      await page.clock.install()
      await page.reload()
      await page.getByRole('link', { name: 'Runs', exact: true }).click()
      await page.getByRole('checkbox', { name: 'Select narrow', exact: true }).click()
      const bin = page.getByRole('toolbar').getByRole('button', { name: 'Bin' })
      const undo = await offered(page, 'Undo', '2 runs in the bin', () => bin.click())
      await page.clock.runFor('01:00')
      expect(await undo.count(), 'under the pointer').toBe(1)
      await undo.focus()
      await page.mouse.move(0, 0)
      await page.clock.runFor('01:00')
      expect(await undo.count(), 'with the focus').toBe(1)
      await hide(page, true)
      await undo.blur()
      await page.clock.runFor('01:00')
      expect(await undo.count(), 'on a page that is hidden').toBe(1)
      await hide(page, false)
      await page.clock.runFor('00:10')
      expect(await undo.count(), 'of no interest to anybody').toBe(0)
    })
  },
  { inElectron: false },
)

const drawn = (page: Page) =>
  page.evaluate(() => new Promise<void>((next) => requestAnimationFrame(() => requestAnimationFrame(() => next()))))

/** The experiments of the runs in the table, whatever their order. */
async function shows(page: Page, experiments: readonly string[]) {
  const rows = page.getByRole('grid', { name: 'Runs' }).getByRole('checkbox', { name: /, seed \d+$/ })
  const read = async () => {
    const labels = await rows.evaluateAll((marks) => marks.map((mark) => mark.getAttribute('aria-label')!))
    return labels.map((label) => label.replace(/^Select (.*), seed \d+$/, '$1')).sort()
  }
  await expect.poll(read).toEqual([...experiments])
}

/** By the keyboard, which leaves the pointer where it is. */
const shelf = (page: Page, name: string) =>
  page
    .getByRole('group', { name: 'Shelf' })
    .getByRole('button', { name })
    .or(page.getByRole('radio', { name }))
    .press('Enter')

async function openArchive(page: Page, path: string) {
  await page.getByRole('button', { name: 'Open archive…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Open an archive' })
  await dialog.getByRole('textbox').fill(path)
  await dialog.getByRole('button', { name: 'Open' }).click()
}
