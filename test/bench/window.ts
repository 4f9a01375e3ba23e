import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { launchBrowser } from '../support/browser.ts'
import { queueExperiments, smallExperiment } from '../support/browserArchive.ts'
import { startBrowserHost, type BrowserHost } from '../support/browserHost.ts'
import { goTo, settles } from '../support/browserPage.ts'
import { readLines, watchLines, type LinesSeen } from '../support/lineWatch.ts'
import { writeManyRuns } from '../support/manyRuns.ts'
import { installPageTimer, threadTime, timeInPage, type PageTiming } from './pageTimer.ts'
import { countFrames, tell, tellTiming } from './tellTiming.ts'
import { fillArchive, sizes, type BenchRuns } from './windowArchive.ts'
import { queueLongRun, timeLongRun } from './windowLive.ts'
import { makeMappedSweep, timeMaps } from './windowMaps.ts'

/**
 * Times of the window in headless Chromium: `npm run bench:window -- [--minutes N] [--lists] [--sliders] [--maps] [--live]
 * [--archives FOLDER]`, with `--lists` of long lists alone, whose archives are kept in the folder and taken from there, with `--sliders` of
 * those of a paper's figures alone, with `--maps` of maps of ten thousand runs alone, with `--live` of a
 * run of a million rows that goes on alone. Needs a build.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '3' },
    lists: { type: 'boolean' },
    sliders: { type: 'boolean' },
    maps: { type: 'boolean' },
    live: { type: 'boolean' },
    archives: { type: 'string' },
  },
})
/** Of the archives whose tables are compared with one another. */
const listed = [1_000, 10_000, 100_000]
const folder = mkdtempSync(join(tmpdir(), 'grokscope-bench-'))
const browser = await launchBrowser()
try {
  if ('reason' in browser) throw new Error(browser.reason)
  const isOnly = values.lists || values.sliders || values.maps || values.live
  if (!isOnly || values.lists) await timeLongLists(browser)
  if (!isOnly || values.sliders) await inWindow(browser, join(folder, 'papers'), timeSliders)
  if (!isOnly || values.maps) {
    const mapped = join(folder, 'mapped')
    makeMappedSweep(mapped, join(folder, 'sweep'))
    await inWindow(browser, mapped, timeMaps)
  }
  if (!isOnly || values.live) {
    const long = join(folder, 'long')
    const runId = queueLongRun(long)
    await inWindow(browser, long, (page) => timeLongRun(page, runId))
  }
  if (!isOnly) await timeAll(browser)
} finally {
  if (!('reason' in browser)) await browser.close()
  rmSync(folder, { recursive: true, force: true })
}

async function timeLongLists(browser: Browser): Promise<void> {
  for (const count of listed) {
    const many = join(values.archives ?? folder, `many-${count}`)
    if (!existsSync(many)) writeManyRuns(many, count)
    await inWindow(browser, many, (page, context, host) => timeLongList(page, context, host, count))
  }
}

async function timeAll(browser: Browser): Promise<void> {
  await inWindow(browser, join(folder, 'empty'), async () => undefined)
  const full = join(folder, 'full')
  const runs = fillArchive(full)
  await inWindow(browser, full, async () => undefined)
  await inWindow(browser, full, async (page) => {
    await timeRuns(page)
    await timeScrub(page, runs)
    await timeCompare(page, runs)
  })
  const live = join(folder, 'live')
  const dynamics = { kind: 'isolated', steps: 100_000_000 } as const
  const [first] = queueExperiments(live, [smallExperiment({ dynamics, seeds: [0, 1, 2, 3, 4] })])
  await inWindow(browser, live, (page, context) => watchLive(page, context, first!))
}

async function inWindow(
  browser: Browser,
  path: string,
  act: (page: Page, context: BrowserContext, host: BrowserHost) => Promise<unknown>,
): Promise<void> {
  const start = performance.now()
  const host = await startBrowserHost(path)
  const open = performance.now()
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  try {
    await installPageTimer(context)
    const page = await context.newPage()
    const before = await threadTime(page)
    await page.goto(host.address)
    await page.getByRole('article').first().waitFor()
    const useful = performance.now()
    tell(`host until it listens (${path.split('/').at(-1)} archive)`, open - start)
    tell('  and until the papers are shown', useful - start, 1500)
    tell('  its processor time', (await threadTime(page)) - before)
    await act(page, context, host)
  } finally {
    await context.close()
    await host.close()
  }
}

/** Opens the table, filters it letter by letter, and scrolls through it; what that leaves of memory in the page and its host. */
async function timeLongList(page: Page, context: BrowserContext, host: BrowserHost, count: number): Promise<void> {
  await timeRuns(page, count)
  await settles(page)
  const grid = page.getByRole('grid', { name: 'Runs' })
  await grid.hover()
  await watchLines(page)
  for (let turn = 0; turn < 100; turn++) await page.mouse.wheel(0, 400)
  tellLines('  scrolling by the wheel', await readLines(page))
  await watchLines(page)
  for (let turn = 1; turn <= 20; turn++) {
    await grid.evaluate(
      (table, share) => void (table.scrollTop = share * table.scrollHeight),
      ((turn * 7919) % 20) / 20,
    )
    await page.waitForTimeout(200)
  }
  tellLines('  to places far away', await readLines(page))
  await settles(page)
  const session = await context.newCDPSession(page)
  await session.send('Performance.enable')
  await session.send('HeapProfiler.collectGarbage')
  const { metrics } = await session.send('Performance.getMetrics')
  tell(
    '  heap of the page in MiB',
    metrics.find(({ name }) => name === 'JSHeapUsedSize')!.value / 2 ** 20,
    undefined,
    '',
  )
  const { resident, peak } = host.memory()
  tell('  resident memory of the host in MiB', resident, undefined, '')
  tell('    at its peak', peak, undefined, '')
}

function tellLines(what: string, { blank, behind }: LinesSeen): void {
  tell(`${what}: longest time with a blank line`, blank, 0)
  tell('    longest time until the lines of a place are shown', behind)
}

async function timeRuns(page: Page, count: number = sizes.runs): Promise<void> {
  await goTo(page, '/new')
  await settles(page)
  await page.keyboard.press('g')
  tellTiming(`Runs with ${count} runs: open`, [await timeTable(page, 'r')], 500)
  await page.getByRole('combobox', { name: 'Filter' }).focus()
  const filter = 'p = 37 and t_grok < 2500'
  const strokes: PageTiming[] = []
  for (const key of filter) strokes.push(await timeTable(page, key === ' ' ? 'Space' : key))
  tellTiming('  a key of the filter', strokes, 50)
  const slowest = strokes.reduce((max, { shown }, i) => (shown > strokes[max]!.shown ? i : max), 0)
  tell(`    that of "${filter.slice(0, slowest + 1)}"`, strokes[slowest]!.shown)
  await page.getByRole('combobox', { name: 'Filter' }).fill('')
}

/** Until the table shows what the key asks for, however long its host takes. */
function timeTable(page: Page, key: string): Promise<PageTiming> {
  return timeInPage(page, async () => {
    await page.keyboard.press(key)
    await page.locator('[role=grid][aria-busy=false]').waitFor()
  })
}

async function timeScrub(page: Page, { matrices }: BenchRuns): Promise<void> {
  await goTo(page, `/runs/${matrices}/matrices`)
  await settles(page)
  await page.keyboard.press('Home')
  await page.waitForTimeout(1000)
  const press = async (keys: readonly string[]) => {
    const timings: PageTiming[] = []
    for (const key of keys) timings.push(await timeInPage(page, () => page.keyboard.press(key)))
    return timings
  }
  const name = `Matrices, ${sizes.modulus} × ${sizes.hidden}: `
  const next = await press(Array<string>(12).fill('ArrowRight'))
  tellTiming(`${name}to the next snapshot`, next, 16, 'pixels')
  tellTiming('  and until what stands beside it has followed', next)
  await page.reload()
  await settles(page)
  tellTiming(
    '  to one that is not fetched yet',
    await press(['Home', 'Shift+ArrowRight', 'Shift+ArrowRight']),
    16,
    'pixels',
  )
}

async function timeCompare(page: Page, { curves }: BenchRuns): Promise<void> {
  await goTo(page, '/runs')
  await settles(page)
  const name = `Compare, ${sizes.curves} curves of ${sizes.points} points: `
  await page.getByRole('combobox', { name: 'Filter' }).fill('name:long')
  await page.getByRole('grid').getByRole('checkbox', { name: 'Select long', exact: true }).click()
  await page.getByRole('grid').focus()
  const open = () => page.getByRole('toolbar').getByRole('button', { name: 'Compare' }).press('Enter')
  tellTiming(`${name}open`, [await timeInPage(page, open)])
  await goTo(page, `/compare?runs=${curves.join(',')}`)
  await settles(page)
  const options = (label: string, name: string) =>
    page
      .getByRole('radio', { name, exact: true })
      .or(page.getByRole('group', { name: label }).getByText(name, { exact: true }))
  await options('Vertical axis', 'log').first().click()
  await settles(page)
  const toLog = () => options('Horizontal axis', 'log step').first().click()
  tellTiming('  drawn on log-log axes', [await timeInPage(page, toLog)], 150, 'first')
  const chart = page.getByRole('main').getByRole('img').first()
  const zooms: PageTiming[] = []
  for (let round = 0; round < 4; round++) {
    for (const [from, to] of [
      [0.3, 0.8],
      [0.2, 0.7],
      [0.3, 0.9],
    ] as const) {
      const box = (await chart.boundingBox())!
      const y = box.y + box.height / 2
      await page.mouse.move(box.x + from * box.width, y)
      await page.mouse.down()
      await page.mouse.move(box.x + to * box.width, y, { steps: 4 })
      zooms.push(await timeInPage(page, () => page.mouse.up()))
    }
    await page.getByRole('button', { name: 'Show all' }).click()
    await settles(page)
  }
  tellTiming('  the first zoom', zooms.slice(0, 1), 40, 'first')
  tellTiming('  zoom', zooms, 40, 'first')
  tellTiming('  zoom, until finer points have come from the host', zooms)
}

/** From a slider's movement to the frame in which its figure's lines stand where it leads, while it is held at ten movements a second. */
async function timeSliders(page: Page): Promise<void> {
  for (const { id, sliders } of [
    { id: 'doubleDescent', sliders: ['scale ratio', 'samples', 'fast directions'] },
    { id: 'scales', sliders: ['weight decay', 'samples', 'fast directions'] },
    { id: 'weightDecay', sliders: ['scale ratio', 'samples', 'fast directions'] },
    { id: 'ridge', sliders: ['scale ratio', 'samples', 'fast directions'] },
  ]) {
    await goTo(page, `/papers/pezeshki2022/${id}`)
    await settles(page)
    const times: number[] = []
    let frames = 0
    for (const name of sliders) {
      const slider = page.getByRole('slider', { name, exact: true })
      await slider.focus()
      await page.evaluate(watchStrokes)
      const counted = page.evaluate(countFrames, 1500)
      for (let turn = 0; turn < 15; turn++) {
        await slider.press(turn < 8 ? 'ArrowRight' : 'ArrowLeft')
        await page.waitForTimeout(100)
      }
      frames += (await counted).perSecond / sliders.length
      times.push(...(await page.evaluate(() => window.strokesAfterInput)))
    }
    times.sort((a, b) => a - b)
    tell(`A slider of ${id}, to the drawn line`, times[Math.floor(times.length / 2)]!, 50)
    tell('  slowest', times.at(-1)!)
    tell('  frames per second meanwhile', frames, 55, '')
  }
}

declare global {
  interface Window {
    strokesAfterInput: number[]
  }
}

/** Runs in the page: of each movement of a slider the milliseconds until the frame with the first stroke that follows on a canvas. */
function watchStrokes(): void {
  window.strokesAfterInput = []
  let moved = NaN
  addEventListener('input', ({ timeStamp }) => (moved = timeStamp), { capture: true })
  const { stroke } = CanvasRenderingContext2D.prototype
  CanvasRenderingContext2D.prototype.stroke = function (...path: [path?: Path2D]) {
    if (!Number.isNaN(moved)) {
      const since = moved
      moved = NaN
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => window.strokesAfterInput.push(performance.now() - since)
      requestAnimationFrame(() => port2.postMessage(null))
    }
    stroke.apply(this, path as [Path2D])
  }
}

/** Frames and memory while five runs train, their curves on the screen. */
async function watchLive(page: Page, context: BrowserContext, runId: string): Promise<void> {
  await goTo(page, `/runs/${runId}/curves`)
  await page.getByRole('slider', { name: 'Step' }).waitFor()
  await page.waitForTimeout(3000)
  const frames = await page.evaluate(countFrames, 10_000)
  tell('frames per second while five runs train', frames.perSecond, 50, '')
  tell('  longest time without a frame', frames.longest)
  const session = await context.newCDPSession(page)
  await session.send('Performance.enable')
  for (let half = 0; half <= 2 * Number(values.minutes); half++) {
    if (half > 0) await page.waitForTimeout(30_000)
    await session.send('HeapProfiler.collectGarbage')
    const { metrics } = await session.send('Performance.getMetrics')
    const read = (name: string) => metrics.find((metric) => metric.name === name)!.value
    const { backingStorageSize } = await session.send('Runtime.getHeapUsage')
    tell(`renderer after ${half / 2} min: heap in MiB`, read('JSHeapUsedSize') / 2 ** 20, undefined, '')
    tell('  array buffers in MiB', backingStorageSize / 2 ** 20, undefined, '')
    tell('  nodes', read('Nodes'), undefined, '')
  }
}
