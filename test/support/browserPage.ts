import type { Page } from 'playwright-core'

/** Waits until the view has a heading and nothing in it has been fetched or drawn anew for a quarter of a second. */
export async function settles(page: Page, timeout = 120_000): Promise<void> {
  const main = page.getByRole('main')
  await main.getByRole('heading').first().waitFor({ timeout })
  const end = performance.now() + timeout
  let before = ''
  for (;;) {
    await page.waitForTimeout(250)
    const now = await main.innerHTML()
    if (now === before) return
    if (performance.now() > end) throw new Error(`the view at ${page.url()} still changed after ${timeout} ms`)
    before = now
  }
}

/** Goes from a view to another as a link does, by the part of the address behind the #. */
export async function goTo(page: Page, address: string): Promise<void> {
  // Before its first view the page does not listen to its address.
  await page.getByRole('main').getByRole('heading').first().waitFor()
  await page.evaluate((to) => location.assign(`#${to}`), address)
}
