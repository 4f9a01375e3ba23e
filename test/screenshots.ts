import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { sweepId } from '../src/main/services/sweeps/knownFolders.ts'
import { openArchive } from '../src/main/store/archive.ts'
import type { RunSummary } from '../src/shared/run.ts'
import { launchBrowser } from './support/browser.ts'
import { startBrowserHost } from './support/browserHost.ts'
import { goTo, settles } from './support/browserPage.ts'

/**
 * Pictures of every view, light and dark, of the runs in an archive:
 * `npm run screenshots -- ARCHIVE FOLDER [--run ID] [--compare ID,ID…] [--only VIEW]… [--size 1100x700]…`
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    run: { type: 'string' },
    compare: { type: 'string' },
    only: { type: 'string', multiple: true },
    size: { type: 'string', multiple: true, default: ['1440x900'] },
  },
})
const [archive, folder] = positionals
if (archive === undefined || folder === undefined) {
  process.stderr.write(
    'usage: npm run screenshots -- ARCHIVE FOLDER [--run ID] [--compare ID,ID…] [--only VIEW]… [--size 1100x700]…\n',
  )
  process.exit(2)
}

const sizes = values.size.map((size) => size.split('x').map(Number) as [width: number, height: number])
const views = viewsOf(resolve(archive))
mkdirSync(folder, { recursive: true })
const host = await startBrowserHost(resolve(archive))
const browser = await launchBrowser()
try {
  if ('reason' in browser) throw new Error(browser.reason)
  for (const [width, height] of sizes) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' })
      const page = await context.newPage()
      await page.goto(host.address)
      for (const { name, address, prepare } of views) {
        await goTo(page, address)
        await settles(page, 120_000)
        await prepare?.(page)
        const file = `${name}-${colorScheme}${sizes.length > 1 ? `-${width}` : ''}.png`
        await page.screenshot({ path: join(folder, file) })
        process.stdout.write(`${file}\n`)
      }
      await context.close()
    }
  }
} finally {
  if (!('reason' in browser)) await browser.close()
  await host.close()
}

interface View {
  name: string
  address: string
  /** What is done before the picture is taken. */
  prepare?: (page: Page) => Promise<void>
}

function viewsOf(path: string): View[] {
  const reader = openArchive(path, { readOnly: true })
  const runs = reader.runs.listRuns()
  const [sweep] = reader.sweeps.list()
  reader.close()
  const run = runs.find(({ id }) => id === values.run) ?? mostTelling(runs)
  const figures = [...new Set(runs.flatMap(({ figure }) => figure ?? []))]
  const compared = values.compare?.split(',') ?? runs.filter(alike(run)).map(({ id }) => id)
  const all: View[] = [
    { name: 'papers', address: '/papers' },
    ...[...new Set(figures.map((figure) => figure.split('/')[0]!))].map((paper) => ({
      name: `paper-${paper}`,
      address: `/papers/${paper}`,
    })),
    ...figures.map((figure) => ({ name: `paper-${figure.replace('/', '-')}`, address: `/papers/${figure}` })),
    { name: 'new', address: '/new' },
    { name: 'runs', address: '/runs' },
    ...['curves', 'matrices', 'fourier', 'geometry', 'chattering', 'predictions', 'provenance'].map((lens) => ({
      name: `run-${lens}`,
      address: `/runs/${run.id}/${lens}`,
      prepare: restClock,
    })),
    ...['overlay', 'groups', 'scatter', 'parallel', 'map', 'theory', 'events', 'specification'].map((lens) => ({
      name: `compare-${lens}`,
      address: `/compare?runs=${compared.join(',')}&tab=${lens}`,
    })),
    { name: 'figures', address: `/figures?runs=${compared.join(',')}` },
    { name: 'sweeps', address: '/sweeps' },
    ...(sweep ? [{ name: 'sweep', address: `/sweeps/${sweepId(sweep.path)}` }] : []),
    { name: 'machine', address: '/machine' },
  ]
  const { only } = values
  return only ? all.filter(({ name }) => only.includes(name)) : all
}

/** A finished run with a network that has generalized, the widest; else any. */
function mostTelling(runs: readonly RunSummary[]): RunSummary {
  const rank = (run: RunSummary) =>
    Number(run.status === 'finished') * 1e9 +
    Number(run.events.generalized !== undefined) * 1e8 +
    (run.facets['network.hidden'] ?? 0) * 1e3
  const [best] = runs.toSorted((a, b) => rank(b) - rank(a))
  if (!best) throw new RangeError(`${archive} holds no runs; reproduce a figure into it first`)
  return best
}

function alike(run: RunSummary) {
  return (other: RunSummary) => other.experimentId === run.experimentId
}

/** At the last snapshot, with the pointer and the focus out of the way. */
async function restClock(page: Page) {
  await page.keyboard.press('End')
  await settles(page)
}
