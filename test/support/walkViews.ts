import type { ElementHandle, Page } from 'playwright-core'
import { goTo, rests, settles } from './browserPage.ts'
import { layoutFaults } from './layoutFaults.ts'
import { shownControls } from './shownControls.ts'

export interface Size {
  width: number
  height: number
}

/** The address of each view, by its name. */
export type Views = ReadonlyMap<string, string>

/** Faults of all views at all sizes, each with where it is. */
export async function faultsOfViews(page: Page, views: Views, sizes: readonly Size[]): Promise<string[]> {
  const found = new Findings()
  await visit(page, views, sizes, async (place) => found.add(place, await layoutFaults(page)))
  return found.lines()
}

/**
 * Faults while a menu, a dialog, a popover or a drawer is open, each in its turn. What many panels of a kind of view
 * have is opened once.
 */
export async function faultsOfOverlays(page: Page, views: Views, sizes: readonly Size[]): Promise<string[]> {
  const found = new Findings()
  const opened = new Set<string>()
  await visit(page, views, sizes, async (place, view, size) => {
    for (const opener of await page.getByRole('main').locator(openers).elementHandles()) {
      const label = (await opener.getAttribute('aria-label')) ?? (await opener.innerText())
      const kind = [view.split(',')[0], label.replace(/^.*: (?=export|data)|(?<=^About ).*/, ''), size.width].join()
      if (opened.has(kind) || !(await opener.isVisible())) continue
      opened.add(kind)
      await opener.click()
      await rests(page)
      found.add(`${place}, ${label} open`, await layoutFaults(page))
      await close(page, opener)
    }
  })
  return found.lines()
}

/** Faults of dialogs that more than one action leads to, each opened by itself on its view. */
export async function faultsOfDialogs(
  page: Page,
  dialogs: ReadonlyMap<string, { view: string; open: (page: Page) => Promise<unknown> }>,
  sizes: readonly Size[],
): Promise<string[]> {
  const found = new Findings()
  for (const [name, { view, open }] of dialogs) {
    await visit(page, new Map([[name, view]]), sizes, async (place) => {
      await open(page)
      await page.getByRole('dialog').waitFor()
      await rests(page)
      found.add(place, await layoutFaults(page))
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    })
  }
  return found.lines()
}

const openers = ':is([aria-haspopup], [aria-expanded="false"][aria-controls]):not([disabled], [role="combobox"])'

/** Controls of a view that the largest size shows and another neither shows nor gives with one action. */
export async function lostControls(page: Page, views: Views, [largest, ...others]: readonly Size[]): Promise<string[]> {
  const found = new Findings()
  for (const [name, address] of views) {
    await goTo(page, address)
    await page.setViewportSize(largest!)
    await settles(page)
    const all = await shownControls(page)
    await visit(page, new Map([[name, address]]), others, async (place) => {
      const shown = new Set(await shownControls(page))
      for (const opener of await page.getByRole('main').locator(drawers).elementHandles()) {
        await opener.click()
        await rests(page)
        for (const control of await shownControls(page)) shown.add(control)
        await close(page, opener)
      }
      found.add(
        place,
        all.filter((control) => !shown.has(control)),
      )
    })
  }
  return found.lines()
}

const drawers = '[aria-expanded="false"][aria-controls]:visible:not([role="combobox"])'

async function visit(
  page: Page,
  views: Views,
  sizes: readonly Size[],
  look: (place: string, view: string, size: Size) => Promise<unknown>,
) {
  for (const [name, address] of views) {
    await goTo(page, address)
    // What is drawn depends on what has come.
    await settles(page)
    for (const size of sizes) {
      await page.setViewportSize(size)
      await rests(page)
      await look(`${name} at ${size.width} × ${size.height}`, name, size)
    }
  }
}

/** A drawer is closed by what opened it, everything else by the key for it. */
async function close(page: Page, opener: ElementHandle) {
  if ((await opener.getAttribute('aria-haspopup')) === null) await opener.click()
  else await page.keyboard.press('Escape')
  await rests(page)
}

/** Findings by what they say, each with the places where it is so. */
class Findings {
  readonly #places = new Map<string, string[]>()

  add(place: string, findings: readonly string[]) {
    for (const finding of findings) this.#places.set(finding, [...(this.#places.get(finding) ?? []), place])
  }

  lines(): string[] {
    return [...this.#places].map(([finding, places]) => {
      const others = places.length > 3 ? ` and ${places.length - 3} more` : ''
      return `${finding} (${places.slice(0, 3).join('; ')}${others})`
    })
  }
}
