import type { ElementHandle, Page } from 'playwright-core'
import { comesToRest, goTo, rests, settles } from './browserPage.ts'
import { layoutFaults } from './layoutFaults.ts'
import { shownControls } from './shownControls.ts'

export interface Size {
  width: number
  height: number
}

/** At which sizes a view is looked at, and for what; the first is the largest. */
export interface Looks {
  sizes: readonly Size[]
  /** Where it is looked at in the dark too: themes differ in colors, and that they differ in nothing else is seen there. */
  dark?: readonly Size[]
  /** Where every menu, dialog, popover and drawer is opened, each in its turn, but for kinds that were `opened` before. */
  overlays?: { sizes: readonly Size[]; opened: Set<string> }
  /** Where each control of the largest size must be shown, or be one action away. */
  controls?: readonly Size[]
}

/** Faults of a view, each with where it is. */
export async function faultsOfView(page: Page, name: string, address: string, looks: Looks): Promise<string[]> {
  const { sizes, dark = [], overlays, controls = [] } = looks
  const found = new Findings()
  await page.setViewportSize(sizes[0]!)
  await goTo(page, address)
  // What is drawn depends on what has come.
  await settles(page)
  let all = await shownControls(page)
  for (const size of sizes) {
    const place = await resize(page, name, size)
    found.add(place, await layoutFaults(page))
    if (dark.includes(size)) {
      await page.emulateMedia({ colorScheme: 'dark' })
      try {
        await rests(page)
        found.add(`${place}, in the dark`, await layoutFaults(page))
      } finally {
        await page.emulateMedia({ colorScheme: 'light' })
      }
      await rests(page)
    }
    if (!controls.includes(size)) continue
    let lost = await lostControls(page, all)
    while (lost.length > 0) {
      // What is called otherwise by now is not lost: names tell what something waits for.
      await resize(page, name, sizes[0]!)
      all = await shownControls(page)
      await resize(page, name, size)
      if (lost.every((control) => all.includes(control))) break
      lost = await lostControls(page, all)
    }
    found.add(place, lost)
  }
  for (const size of overlays?.sizes ?? []) {
    const place = await resize(page, name, size)
    await lookAtOverlays(page, { name, place, size, found, opened: overlays!.opened })
  }
  return found.lines()
}

/** Sets the size of the window, and says in words where one looks. */
async function resize(page: Page, name: string, size: Size): Promise<string> {
  await page.setViewportSize(size)
  await rests(page)
  return `${name} at ${size.width} × ${size.height}`
}

/** What many panels of a kind of view have is opened once. */
async function lookAtOverlays(
  page: Page,
  {
    name,
    place,
    size,
    found,
    opened,
  }: { name: string; place: string; size: Size; found: Findings; opened: Set<string> },
) {
  for (const opener of await page.getByRole('main').locator(openers).elementHandles()) {
    const label = (await opener.getAttribute('aria-label')) ?? (await opener.innerText())
    const kind = [name.split(',')[0], label.replace(/^.*: (?=export|data)|(?<=^About ).*/, ''), size.width].join()
    if (opened.has(kind) || !(await opener.isVisible())) continue
    opened.add(kind)
    await opener.click()
    await rests(page)
    // A dialog may list what it asks the host for.
    const dialog = page.getByRole('dialog')
    if (await dialog.isVisible()) await comesToRest(dialog)
    found.add(`${place}, ${label} open`, await layoutFaults(page))
    await close(page, opener)
  }
}

/** Faults of dialogs that more than one action leads to, each opened by itself on its view. */
export async function faultsOfDialogs(
  page: Page,
  dialogs: ReadonlyMap<string, { view: string; open: (page: Page) => Promise<unknown> }>,
  sizes: readonly Size[],
): Promise<string[]> {
  const found = new Findings()
  for (const [name, { view, open }] of dialogs) {
    await goTo(page, view)
    await settles(page)
    for (const size of sizes) {
      const place = await resize(page, name, size)
      await open(page)
      const dialog = page.getByRole('dialog')
      await dialog.waitFor()
      await comesToRest(dialog)
      found.add(place, await layoutFaults(page))
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
    }
  }
  return found.lines()
}

const openers = ':is([aria-haspopup], [aria-expanded="false"][aria-controls]):not([disabled], [role="combobox"])'

/** Of `all` controls those that the view as it stands neither shows nor gives with one action. */
async function lostControls(page: Page, all: readonly string[]): Promise<string[]> {
  const shown = new Set(await shownControls(page))
  for (const opener of await page.getByRole('main').locator(drawers).elementHandles()) {
    await opener.click()
    await rests(page)
    for (const control of await shownControls(page)) shown.add(control)
    await close(page, opener)
  }
  return all.filter((control) => !shown.has(control))
}

const drawers = '[aria-expanded="false"][aria-controls]:visible:not([role="combobox"])'

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
