import type { Page } from 'playwright-core'
import { queueExperiments } from '../support/browserArchive.ts'
import { goTo } from '../support/browserPage.ts'
import { tell } from './tellTiming.ts'

const rows = 1_000_000
const seconds = 20

/** Queues a run that measures at every step of a toy, some ten thousand a second; its id. */
export function queueLongRun(path: string): string {
  const task = { kind: 'toy' as const, model: 'twoWeightLinear' as const, start: [-1, 1] }
  const integrator = { kind: 'dormandPrince', stepSize: 0.01, tolerance: 1e-9, output: 'dense' } as const
  const dynamics = { kind: 'gradientFlow', ridge: 0.1, integrator, steps: 1_000_000_000 } as const
  return queueExperiments(path, [{ name: 'long', task, dynamics, record: { measureEvery: 1 }, seeds: [0] }])[0]!
}

/** Opens the run once it has a million rows and goes on: how soon it is seen, and what watching it costs from then on. */
export async function timeLongRun(page: Page, runId: string): Promise<void> {
  await goTo(page, `/runs/${runId}/provenance`)
  const step = async () => {
    const words = await page.getByRole('slider', { name: 'Step' }).getAttribute('aria-valuetext')
    return Number(words!.split(',')[0]!.replace(/\D/g, ''))
  }
  while ((await step()) < rows) await page.waitForTimeout(1000)
  await goTo(page, '/new')
  let bytes = 0
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => (bytes += payload.length)))
  await page.addInitScript(watchTasks)
  await page.evaluate((address) => location.replace(address), `#/runs/${runId}/curves`)
  await page.reload({ waitUntil: 'commit' })
  const start = performance.now()
  await page.getByRole('slider', { name: 'Step' }).waitFor()
  tell(`a run that goes on, of ${rows} rows: to its clock`, performance.now() - start)
  await page.locator('.line-label').first().waitFor()
  tell('  to its curve', performance.now() - start)
  await page.waitForTimeout(10_000)
  const [before, from] = [bytes, await step()]
  await page.evaluate(() => (window.longestTask = 0))
  await page.waitForTimeout(1000 * seconds)
  tell('  rows a second from then on', ((await step()) - from) / seconds, undefined, '')
  tell('  kB a second over the socket', (bytes - before) / 1000 / seconds, undefined, '')
  tell('  longest task of the page', await page.evaluate(() => window.longestTask))
}

declare global {
  interface Window {
    longestTask: number
  }
}

/** Runs in the page. */
function watchTasks(): void {
  window.longestTask = 0
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.longestTask = Math.max(window.longestTask, duration)
  }).observe({ entryTypes: ['longtask'] })
}
