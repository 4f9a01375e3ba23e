import type { CDPSession, Page } from 'playwright-core'

/** Milliseconds after a person's last press of a key or button. */
export interface PageTiming {
  /** Until the first frame was shown that differs. */
  first: number
  /** Until the frame was shown that holds the last pixels written to a canvas, as those of a heatmap are. */
  pixels: number
  /** Until the frame was shown in which it changed last. */
  shown: number
  /** What the page's own thread computed until it was quiet, however busy the machine; the watch over it takes some of that. */
  processor: number
}

declare global {
  interface Window {
    pageTimer: { arm(): void; read(): Omit<PageTiming, 'processor'> & { quietFor: number } }
  }
}

const quietMilliseconds = 400

/** Lets every page of the context time itself; to be called before the first is opened. */
export async function installPageTimer(context: { addInitScript: Page['addInitScript'] }): Promise<void> {
  await context.addInitScript(timePage)
}

/** Does something that ends with a key or a button, and times what the page makes of it until it is quiet. */
export async function timeInPage(page: Page, act: () => Promise<unknown>): Promise<PageTiming> {
  await page.evaluate(() => window.pageTimer.arm())
  const before = await threadTime(page)
  await act()
  for (;;) {
    const { quietFor, ...timing } = await page.evaluate(() => window.pageTimer.read())
    if (quietFor > quietMilliseconds) return { ...timing, processor: (await threadTime(page)) - before }
    await page.waitForTimeout(50)
  }
}

const sessions = new WeakMap<Page, CDPSession>()

/** Milliseconds that the page's thread has computed so far. */
export async function threadTime(page: Page): Promise<number> {
  let session = sessions.get(page)
  if (!session) {
    session = await page.context().newCDPSession(page)
    await session.send('Performance.enable')
    sessions.set(page, session)
  }
  const { metrics } = await session.send('Performance.getMetrics')
  return 1000 * metrics.find(({ name }) => name === 'ThreadTime')!.value
}

/** Runs in the page: changes are those of its elements and the strokes and pixels of its canvases. */
function timePage(): void {
  let start = Infinity
  let first = NaN
  let pixels = NaN
  let shown = NaN
  let isDue = false
  let hasPixels = false
  const pressed = (event: Event) => {
    start = event.timeStamp
    first = pixels = shown = NaN
  }
  const changed = () => {
    if (start === Infinity) return
    if (isDue) return
    isDue = true
    // The message comes after the frame that holds the change.
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => {
        isDue = false
        shown = performance.now()
        if (hasPixels) pixels = shown
        hasPixels = false
        if (Number.isNaN(first)) first = shown
        port1.close()
      }
      port2.postMessage(null)
    })
  }
  for (const name of ['keydown', 'pointerup'] as const) addEventListener(name, pressed, { capture: true })
  const canvas = CanvasRenderingContext2D.prototype
  for (const method of ['stroke', 'putImageData', 'fillRect', 'clearRect'] as const) {
    const draw = canvas[method] as (...given: unknown[]) => unknown
    canvas[method] = function (this: CanvasRenderingContext2D, ...given: unknown[]) {
      hasPixels ||= method === 'putImageData'
      changed()
      return draw.apply(this, given)
    } as never
  }
  const options = { subtree: true, childList: true, attributes: true, characterData: true }
  new MutationObserver(changed).observe(document, options)
  window.pageTimer = {
    arm: () => {
      start = Infinity
      first = pixels = shown = NaN
    },
    read: () => {
      const now = performance.now()
      const quietFor = now - (isDue ? now : Math.max(start, shown || 0))
      return { first: first - start, pixels: pixels - start, shown: shown - start, quietFor }
    },
  }
}
