import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { writeFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { goTo, settles } from '../support/browserPage.ts'
import { timeInPage, type PageTiming } from './pageTimer.ts'
import { countFrames, tell, tellTiming } from './tellTiming.ts'

const [wd, fraction] = ['dynamics.weightDecay', 'task.trainFraction']
/** 2000 cells of 5 seeds. */
const spec = {
  name: 'ten thousand',
  base: {
    task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.8 },
    network: { hidden: 16 },
    dynamics: { kind: 'training', optimizer: 'adamw', learningRate: 0.03, weightDecay: 1, steps: 400 },
    record: { measureEvery: 20 },
  },
  axes: [
    { field: fraction, from: 0.3, to: 0.9, count: 40 },
    { field: wd, from: 0.01, to: 30, count: 50, scale: 'log' },
  ],
  seeds: 5,
  map: { x: wd, y: fraction, color: 'testAccuracy' },
}

/** Computes a sweep of ten thousand small runs into a folder, and takes it into a new archive. */
export function makeMappedSweep(archive: string, folder: string): void {
  const file = `${folder}.json`
  writeFileSync(file, JSON.stringify(spec))
  const program = join(import.meta.dirname, '../../out/main/cli.js')
  for (const command of [
    ['run', file, '--out', folder],
    ['collect', folder, '--archive', archive],
  ]) {
    execFileSync(process.execPath, [program, 'sweep', ...command], { stdio: 'ignore' })
  }
}

/** Opens the map of a sweep of ten thousand runs, colors it otherwise and goes from cell to cell; then a live map. */
export async function timeMaps(page: Page): Promise<void> {
  await goTo(page, '/sweeps')
  await settles(page)
  const link = page.getByRole('list', { name: 'Sweeps' }).getByRole('link', { name: 'ten thousand' })
  await link.focus()
  const open = async () => {
    await link.press('Enter')
    await page.getByRole('application', { name: /2000 cells over/ }).waitFor()
  }
  tellTiming('Map of 10 000 runs: open', [await timeInPage(page, open)], 1000)
  await settles(page)
  const map = page.getByRole('application', { name: /2000 cells over/ })
  const recolor: PageTiming[] = []
  for (const statistic of ['deviation', 'median', 'deviation', 'median', 'deviation', 'median']) {
    const control = page.getByRole('group', { name: 'Over the seeds' }).getByText(statistic, { exact: true })
    recolor.push(await timeInPage(page, () => control.click()))
  }
  tellTiming('  in other colors', recolor, 50)
  await map.focus()
  await page.keyboard.press('ArrowRight')
  const moves: PageTiming[] = []
  for (let turn = 0; turn < 10; turn++) {
    moves.push(await timeInPage(page, () => page.keyboard.press(turn % 2 ? 'ArrowUp' : 'ArrowRight')))
  }
  tellTiming('  to the next cell', moves, 50)

  // Small runs, so that many end in a second, and more of them than are computed while it is looked at.
  const dynamics = { ...spec.base.dynamics, steps: 2000 }
  const live = { ...spec, name: 'live', base: { ...spec.base, dynamics } }
  await goTo(page, `/sweeps/live?spec=${encodeURIComponent(JSON.stringify(live))}`)
  await page.getByRole('application', { name: /cells over/ }).waitFor()
  const least = page.getByLabel('at least')
  await least.fill('5')
  await least.press('Enter')
  const computed = page.getByText(/^[\d\s]+ of 10\s?000 runs ended/)
  await computed.waitFor()
  await page.evaluate(countPaints)
  const { perSecond, longest } = await page.evaluate(countFrames, 10_000)
  const paints = await page.evaluate(() => window.mapPaints)
  if (/^10\s?000 of/.test(await computed.innerText()))
    throw new Error('the live map was whole before its time was over')
  tell('Live map of 10 000 runs: drawn anew a second', paints / 10, 20, '')
  tell('  frames per second meanwhile', perSecond, 55, '')
  tell('  longest time without a frame', longest)
}

declare global {
  interface Window {
    mapPaints: number
  }
}

/** Runs in the page: a map begins with an empty canvas. */
function countPaints(): void {
  window.mapPaints = 0
  const { clearRect } = CanvasRenderingContext2D.prototype
  CanvasRenderingContext2D.prototype.clearRect = function (...area) {
    if (this.canvas.classList.contains('cells')) window.mapPaints++
    clearRect.apply(this, area)
  }
}
