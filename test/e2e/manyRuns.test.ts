import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { countThings } from '../../src/shared/formatting/countThings.ts'
import { formatCount } from '../../src/shared/formatting/formatNumber.ts'
import { decodeServerMessage, type ServerMessage } from '../../src/shared/wire.ts'
import { queueExperiments, smallExperiment } from '../support/browserArchive.ts'
import { readLines, watchLines } from '../support/lineWatch.ts'
import { fillWithFinishedRuns } from '../support/finishedRuns.ts'
import { describeWindow, offered, patience, type LaboratoryWindow } from './laboratoryWindow.ts'

const experiments = 30
const endless = smallExperiment({ name: 'endless', dynamics: { kind: 'isolated', steps: 50_000_000 }, seeds: [0] })

describeWindow(
  'Three thousand runs',
  (open) => {
    let window: LaboratoryWindow
    let page: Page

    beforeAll(async () => {
      window = await open({ prepare: (path) => fillWithFinishedRuns(path, experiments) })
      page = window.page
      await page.getByRole('link', { name: 'Runs', exact: true }).click()
      await page.getByText(formatCount(3000), { exact: true }).waitFor()
      await mark(page, 'group 29').waitFor()
    })

    it('are scrolled to their end without a blank line, though few of them are on the page', async () => {
      await watchLines(page)
      await page.getByRole('grid').hover()
      for (let turn = 0; turn < 60; turn++) await page.mouse.wheel(0, 400)
      for (const place of [0.9, 0.1, 0.5, 1]) {
        await scrollTo(page, place)
        await drawn(page)
      }
      await mark(page, 'group 0, seed 99').waitFor()
      const seen = await readLines(page)
      expect(seen.blank).toBe(0)
      expect(seen.frames).toBeGreaterThan(4)
      expect(await page.getByRole('grid').getAttribute('aria-rowcount')).toBe(String(experiments * 101 + 1))
      expect(await page.getByRole('row').count()).toBeLessThan(100)
    })

    it('are chosen from one line to another far away, and a group by its own line', async () => {
      await scrollTo(page, 0)
      await mark(page, 'group 29, seed 10').click()
      await scrollTo(page, 1)
      await mark(page, 'group 0, seed 89').click({ modifiers: ['Shift'] })
      // A group's line in between stands for all its runs, as where it is pressed by itself.
      await selects(page, 90 + 28 * 100 + 100)
      await scrollTo(page, 0)
      expect(await mark(page, 'group 29').getAttribute('aria-checked')).toBe('mixed')
      await mark(page, 'group 29').click()
      await selects(page, 3_000)
      expect(await mark(page, 'group 29').getAttribute('aria-checked')).toBe('true')
      await mark(page, 'group 29').click()
      await selects(page, 2_900)
      expect(await mark(page, 'group 29').getAttribute('aria-checked')).toBe('false')
      await page.getByRole('button', { name: 'Select none' }).click()
      expect(await toolbar(page).count()).toBe(0)
    })

    it('are moved all together, those that are not on the page too, but none that the filter hides, and back', async () => {
      await filter(page).fill('t_grok < 500')
      await page.getByText(`${formatCount(1500)} of ${formatCount(3000)} match`, { exact: true }).waitFor()
      await page.getByRole('checkbox', { name: 'Select all runs shown' }).click()
      await selects(page, 1_500)
      // The group of each is known in any other grouping at once.
      await page.getByRole('button', { name: /^Group by/ }).click()
      await page.getByRole('menuitemradio', { name: 'dynamics' }).click()
      await mark(page, 'isolated, Euler').waitFor()
      expect(await mark(page, 'isolated, Euler').getAttribute('aria-checked')).toBe('true')
      await filter(page).fill('t_grok < 100')
      await page.getByText(`300 of ${formatCount(3000)} match`, { exact: true }).waitFor()
      await selects(page, 300)
      const setAside = toolbar(page).getByRole('button', { name: 'Set aside', exact: true })
      const undo = await offered(page, 'Undo', 'set aside', () => setAside.click())
      await page.getByText(`0 of ${formatCount(2700)} match`, { exact: true }).waitFor()
      await undo.click()
      await page.getByText(`300 of ${formatCount(3000)} match`, { exact: true }).waitFor()
      await filter(page).fill('')
      await page.getByText(formatCount(3000), { exact: true }).waitFor()
    })

    it('are walked through by the keyboard, and the line is followed where it goes', async () => {
      await page.getByRole('grid').focus()
      await page.keyboard.press('Escape')
      await scrollTo(page, 0)
      await page.getByRole('row').nth(1).click()
      for (let turn = 0; turn < 20; turn++) await page.keyboard.press('PageDown')
      const here = page.locator('[role=row].here [role=checkbox]')
      await expect.poll(() => here.getAttribute('aria-label')).toMatch(/seed/)
      const label = (await here.getAttribute('aria-label'))!
      const place = () => page.getByRole('grid').getAttribute('aria-activedescendant')
      const before = await place()
      await page.getByRole('columnheader', { name: 'steps' }).getByRole('button').click()
      await expect.poll(place).not.toBe(before)
      await page.getByRole('grid').focus()
      await page.keyboard.press('ArrowUp')
      await page.keyboard.press('ArrowDown')
      await expect.poll(() => here.getAttribute('aria-label')).toBe(label)
      await page.keyboard.press('Space')
      await selects(page, 1)
      expect(await here.getAttribute('aria-checked')).toBe('true')
      await page.keyboard.press('Escape')
    })
  },
  { inElectron: false },
)

describeWindow(
  'Runs that change while they are looked at',
  (open) => {
    it('are filtered as they are, and tell nothing to a page that shows none of them', async () => {
      const { page, host } = await open({
        prepare(path) {
          fillWithFinishedRuns(path, 2)
          queueExperiments(path, [endless])
        },
      })
      const other = await page.context().newPage()
      other.setDefaultTimeout(patience)
      const told = new Set<string>()
      other.on('websocket', (socket) =>
        socket.on('framereceived', ({ payload }) => {
          const message = decodeServerMessage(payload as Buffer) as ServerMessage
          if ('event' in message) told.add(message.event)
        }),
      )
      await other.goto(new URL('/#/machine', host!.address).href)
      await page.getByRole('link', { name: 'Runs', exact: true }).click()
      const live = page.getByRole('row').filter({ has: mark(page, 'endless, seed 0') })
      const shown = () => live.innerText()
      const before = await shown()
      await expect.poll(shown, { message: 'its readings change' }).not.toBe(before)
      await filter(page).fill('status:running')
      await page.getByText('1 of 201 match', { exact: true }).waitFor()
      await filter(page).fill('status:finished and seed < 3')
      await page.getByText('6 of 201 match', { exact: true }).waitFor()
      await expect.poll(() => told.has('runs.touched')).toBe(true)
      for (const event of ['run.changed', 'run.progress', 'run.measured', 'run.event', 'run.snapshotSaved']) {
        expect(told).not.toContain(event)
      }
    })
  },
  { inElectron: false },
)

const mark = (page: Page, name: string) => page.getByRole('checkbox', { name: `Select ${name}`, exact: true })
const filter = (page: Page) => page.getByRole('combobox', { name: 'Filter' })
const toolbar = (page: Page) => page.getByRole('toolbar', { name: 'Chosen runs' })
const selects = (page: Page, count: number) =>
  toolbar(page)
    .getByText(`${countThings(count, 'run')} selected`, { exact: true })
    .waitFor()

/** To a share of all there is to scroll through. */
const scrollTo = (page: Page, share: number) =>
  page.getByRole('grid').evaluate((grid, to) => void (grid.scrollTop = to * grid.scrollHeight), share)

const drawn = (page: Page) =>
  page.evaluate(() => new Promise<void>((next) => requestAnimationFrame(() => requestAnimationFrame(() => next()))))
