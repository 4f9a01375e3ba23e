import type { Locator, Page } from 'playwright-core'
import { goTo, settles } from './browserPage.ts'

/** What chooses among ways to look is none. */
const buttons =
  'button:enabled:visible:not([aria-pressed], [role="checkbox"], [role="tab"], [role="columnheader"] *, [role="slider"])'
const lines = '[role="menu"]:visible [role="menuitem"]:not([data-disabled])'
/** Keys of commands and of controls that do more than look. */
const keys = ['p', 'n', 'Delete', 'Alt+ArrowDown', 'Alt+ArrowUp', 'ControlOrMeta+Enter']
/** What the palette finds, and commands that every view has. */
const others = ['Run', 'Experiment', 'Paper', 'Claim', 'Figure', 'Help', 'Go to', 'Window', 'Theme']

export interface PressedView {
  address: string
  /** What is done there before each press. */
  prepare?: () => Promise<unknown>
}

/**
 * Presses, in each view, every button that is shown, every line of every menu, what a dialog is confirmed by, every command of the
 * palette and the keys of what can be done; what views of one kind (`kind, which`) have under one name is pressed once. `before` is
 * told of each beforehand; `except` is let be. What every panel has is pressed at the first.
 */
export async function pressEverything(
  page: Page,
  views: ReadonlyMap<string, PressedView>,
  { before, except }: { before: (what: string) => void; except: RegExp },
): Promise<void> {
  const pressed = new Set<string>()
  const isNew = (view: string, name: string) => {
    const ofAnyPanel = name.replace(/^.*: (?=export|data)|(?<=^About ).*/, '')
    const kind = `${view.split(',', 1)[0]}: ${ofAnyPanel.replaceAll(/[\d\s]+/g, ' ').trim()}`
    if (pressed.has(kind) || except.test(kind)) return false
    pressed.add(kind)
    before(kind)
    return true
  }
  for (const [view, place] of views) {
    await enter(page, place)
    const all = page.getByRole('main').locator(buttons)
    const press = async (name: string) => {
      const at = (await namesOf(all)).indexOf(name)
      if (at >= 0) await all.nth(at).click()
      return at >= 0
    }
    for (const name of new Set(await namesOf(all))) {
      const opens = (await all.nth((await namesOf(all)).indexOf(name)).getAttribute('aria-haspopup')) === 'menu'
      if (!(isNew(view, name) || opens) || !(await press(name))) continue
      const menu = opens ? await namesOf(page.locator(lines)) : []
      await carryOn(page, place)
      for (const line of menu) {
        if (!isNew(view, `${name}, ${line}`) || !(await press(name))) continue
        const at = (await namesOf(page.locator(lines))).indexOf(line)
        if (at >= 0) await page.locator(lines).nth(at).click()
        await carryOn(page, place)
      }
    }
    for (const key of keys) {
      if (!isNew(view, `key ${key}`)) continue
      const entry = page.getByRole('main').locator('[role="option"][tabindex="0"]')
      if ((await entry.count()) > 0) await entry.first().focus()
      await page.keyboard.press(key)
      await carryOn(page, place)
    }
    for (const command of await commandsOf(page)) {
      if (!isNew(view, `command ${command}`)) continue
      await page.keyboard.press('ControlOrMeta+k')
      await page.getByRole('option').filter({ hasText: command }).first().click()
      await carryOn(page, place)
    }
    await settles(page)
  }
}

async function enter(page: Page, { address, prepare }: PressedView): Promise<void> {
  await goTo(page, address)
  await settles(page)
  await prepare?.()
}

/** A dialog is confirmed as it stands, once; where that leads elsewhere, one goes back. */
async function carryOn(page: Page, place: PressedView): Promise<void> {
  const primary = page.locator('[role="dialog"] button.primary:enabled').first()
  const overlay = page.locator('[role="menu"]:visible, [role="dialog"]:visible').first()
  let isConfirmed = false
  let before = ''
  // What comes of a press may be a dialog, after an answer of the host.
  for (let now = await shownNow(page); now !== before || (await overlay.isVisible()); now = await shownNow(page)) {
    before = now
    if (!isConfirmed && (await primary.isVisible())) {
      isConfirmed = true
      await primary.click()
    } else if (await overlay.isVisible()) await page.keyboard.press('Escape')
    await page.waitForTimeout(100)
  }
  const isThere = new URL(page.url()).hash === `#${place.address}`
  if (!isThere || place.prepare) await enter(page, place)
}

const shownNow = (page: Page) => page.evaluate(() => document.body.innerHTML)

/** As they are called, in their order. */
function namesOf(controls: Locator): Promise<string[]> {
  return controls.evaluateAll((found) =>
    found.map((each) => each.getAttribute('aria-label') ?? each.textContent.replaceAll(/\s+/g, ' ').trim()),
  )
}

async function commandsOf(page: Page): Promise<string[]> {
  await page.keyboard.press('ControlOrMeta+k')
  const options = page.getByRole('listbox', { name: 'Commands, and what is found' }).getByRole('option')
  await options.first().waitFor()
  const found = await options.evaluateAll((all) =>
    all.map((option) => [...option.querySelectorAll('span')].map((span) => span.textContent)),
  )
  await page.keyboard.press('Escape')
  return found.flatMap(([group, label]) => (others.includes(group!) ? [] : [label!]))
}
