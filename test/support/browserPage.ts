import type { Locator, Page } from 'playwright-core'
import type { RequestInput, RequestName } from '../../src/shared/contract.ts'
import {
  decodeClientMessage,
  decodeServerMessage,
  type ClientMessage,
  type ServerMessage,
} from '../../src/shared/wire.ts'

/** Waits until the view has a heading and has come to rest. */
export async function settles(page: Page, timeout = 300_000): Promise<void> {
  const main = page.getByRole('main')
  await main.getByRole('heading').first().waitFor({ timeout })
  await comesToRest(main, timeout)
}

/**
 * Waits until nothing in an element has been fetched or drawn anew for a quarter of a second, for longer where the page is slow
 * to answer.
 */
export async function comesToRest(element: Locator, timeout = 300_000): Promise<void> {
  const page = element.page()
  const end = performance.now() + timeout
  let before = ''
  let took = 0
  for (;;) {
    await page.waitForTimeout(Math.max(250, 10 * took))
    const asked = performance.now()
    const now = await element.innerHTML()
    took = performance.now() - asked
    if (now === before) return
    if (performance.now() > end) throw new Error(`what is at ${page.url()} still changed after ${timeout} ms`)
    before = now
  }
}

/** Waits until nothing in the page has changed between some frames: where nothing is asked of the host, as at another size. */
export async function rests(page: Page): Promise<void> {
  await page.waitForFunction(
    async () => {
      const frames = async (count: number) => {
        for (let k = 0; k < count; k++) await new Promise(requestAnimationFrame)
      }
      await frames(2)
      const before = document.body.innerHTML
      await frames(4)
      return document.querySelector('main :is(h1, h2, h3)') !== null && document.body.innerHTML === before
    },
    undefined,
    { polling: 50 },
  )
}

/** Clicks with the right button where words stand, which something else may cover, once nothing moves. */
export async function rightClickAt(words: Locator): Promise<void> {
  const page = words.page()
  await words.waitFor()
  await rests(page)
  const { x, y, width, height } = (await words.boundingBox())!
  await page.mouse.click(x + width / 2, y + height / 2, { button: 'right' })
}

/** Goes from a view to another as a link does, by the part of the address behind the #. */
export async function goTo(page: Page, address: string): Promise<void> {
  // Before its first view the page does not listen to its address.
  await page.getByRole('main').getByRole('heading').first().waitFor()
  await page.evaluate((to) => location.assign(`#${to}`), address)
}

/**
 * Opens a menu by its button and chooses an item. A view that computes moves under the pointer: a press may miss the button,
 * and is made again until the item is there.
 */
export async function chooseFrom(button: Locator, item: string | RegExp): Promise<void> {
  const page = button.page()
  const found = page.getByRole('menuitem', { name: item, exact: true })
  for (;;) {
    await button.click()
    const isThere = await found.waitFor({ timeout: 5000 }).then(
      () => true,
      () => false,
    )
    if (isThere) break
    await page.keyboard.press('Escape')
  }
  await found.click()
  // One that is still closing would be taken for the next.
  await page.getByRole('menu').waitFor({ state: 'hidden' })
}

/** What a host tells a page: the answer to a question, or an event. */
export type Told = { asked: Question } | Extract<ServerMessage, { event: unknown }>
type Question = { [Name in RequestName]: { id: number; name: Name; input: RequestInput<Name> } }[RequestName]

/** What it tells a page can be held back, all of it or some. */
export interface SlowHost {
  hold(isHeld?: (told: Told) => boolean): void
  release(): void
}

/** The host of a page; of the connections that the page makes from now on. */
export async function slowHost(page: Page): Promise<SlowHost> {
  const held: (() => void)[] = []
  let isHeld: (told: Told) => boolean = () => false
  await page.routeWebSocket(/./, (socket) => {
    const asked = new Map<number, Question>()
    const host = socket.connectToServer()
    socket.onMessage((bytes) => {
      const message = decodeClientMessage(bytes as Buffer) as ClientMessage
      if ('id' in message) asked.set(message.id, message as Question)
      host.send(bytes)
    })
    host.onMessage((bytes) => {
      const message = decodeServerMessage(bytes as Buffer) as ServerMessage
      const told = 'id' in message ? { asked: asked.get(message.id)! } : 'event' in message && message
      const pass = () => socket.send(bytes)
      if (told && isHeld(told)) held.push(pass)
      else pass()
    })
  })
  return {
    hold(which = () => true) {
      isHeld = which
    },
    release() {
      isHeld = () => false
      for (const pass of held.splice(0)) pass()
    },
  }
}

/** Of a long computation its result, not how far it is: what is shown in between stays until it is let go. */
export const isResult = (told: Told): boolean => 'asked' in told && 'computation' in told.asked.input
