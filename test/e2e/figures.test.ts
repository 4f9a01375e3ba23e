import { readFile } from 'node:fs/promises'
import { decode } from 'fast-png'
import type { Download, Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { recordExperiments, smallExperiment } from '../support/browserArchive.ts'
import { describeWindow } from './laboratoryWindow.ts'

describeWindow(
  'Figures',
  (open) => {
    let page: Page

    beforeAll(async () => {
      ;({ page } = await open({
        prepare: (path) => recordExperiments(path, [smallExperiment({ seeds: [0, 1, 2, 3, 4] })]),
      }))
      await page.getByRole('link', { name: 'Runs', exact: true }).click()
      await page.getByRole('checkbox', { name: 'Select small', exact: true }).click()
      await page.getByRole('toolbar', { name: 'Chosen runs' }).getByRole('button', { name: 'Figure' }).click()
      await page.getByText('from 5 runs').waitFor()
    })

    it('are saved as SVG, in the width of the page they are for, with text that is text', async () => {
      const svg = (await exported(page, /^SVG text/)).toString('utf8')
      const read = await page.evaluate((text) => {
        const { documentElement: root } = new DOMParser().parseFromString(text, 'image/svg+xml')
        const texts = [...root.querySelectorAll('text')].map((element) => element.textContent)
        return {
          name: root.tagName,
          width: root.getAttribute('width'),
          texts,
          lines: root.querySelectorAll('path').length,
        }
      }, svg)
      expect(read).toMatchObject({ name: 'svg' })
      expect(read.width).toMatch(/^[\d.]+(pt|in|mm)$/)
      expect(read.texts.length).toBeGreaterThan(5)
      expect(read.lines).toBeGreaterThan(0)
      expect(svg).not.toMatch(/NaN|undefined|Infinity/)
    })

    it('have all words within the page and none upon another, as a browser sets them', async () => {
      const svg = (await exported(page, /^SVG text/)).toString('utf8')
      const boxes = await page.evaluate((text) => {
        const { documentElement: root } = new DOMParser().parseFromString(text, 'image/svg+xml')
        document.body.append(root)
        const frame = root.getBoundingClientRect()
        const found = [...root.querySelectorAll('text')].map((element) => {
          const { left, right, top, bottom } = element.getBoundingClientRect()
          const words = element.textContent
          return { words, left: left - frame.left, right: right - frame.left, top, bottom, max: frame.width }
        })
        root.remove()
        return found
      }, svg)
      expect(boxes.length).toBeGreaterThan(5)
      for (const { words, left, right, max } of boxes) {
        expect([words, left > -1, right < max + 1]).toEqual([words, true, true])
      }
      const overlaps = boxes.flatMap((a, i) =>
        boxes.slice(i + 1).flatMap((b) => {
          const width = Math.min(a.right, b.right) - Math.max(a.left, b.left)
          // Boxes of text reach above and below its letters.
          const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) - 0.5 * (a.bottom - a.top)
          return width > 0.5 && height > 0 ? [`${a.words} and ${b.words}`] : []
        }),
      )
      expect(overlaps).toEqual([])
    })

    it('are saved as PDF, set by the host', async () => {
      const pdf = (await exported(page, /^PDF/)).toString('latin1')
      expect(pdf.slice(0, 8)).toBe('%PDF-1.7')
      expect(pdf).toContain('Arimo-Regular')
    })

    it('are saved as PNG, in the pixels that their resolution asks for', async () => {
      const [low, high] = [await exported(page, /300 dpi/), await exported(page, /600 dpi/)].map((bytes) =>
        decode(bytes),
      )
      expect(Math.abs(high!.width - 2 * low!.width)).toBeLessThanOrEqual(1)
      expect(new Set(low!.data).size).toBeGreaterThan(2)
      const dotsPerMeter = high!.resolution!.x
      expect(dotsPerMeter * 0.0254).toBeCloseTo(600, 1)
    })

    it('are saved as SVG that needs no font', async () => {
      const svg = (await exported(page, /^SVG, outlined/)).toString('utf8')
      expect([svg.includes('<text'), svg.split('<path').length > 10]).toEqual([false, true])
    })

    it('are saved as a script with its data, and as LaTeX with BibTeX', async () => {
      const [script, data] = await savedFiles(page, 'Export', /^matplotlib script/)
      expect(script!.toString('utf8')).toContain('figure.savefig')
      expect(data!.subarray(0, 2).toString()).toBe('PK')
      const [tex, bib] = await savedFiles(page, 'Export', /^LaTeX/)
      expect(tex!.toString('utf8')).toContain('\\includegraphics{Figure-1.pdf}')
      expect(tex!.toString('utf8')).toContain('seeds 0--4 (N = 5)')
      expect(bib!.toString('utf8')).toContain('@misc{grokscope,')
    })

    it('are kept as a file, and opened again beside the others', async () => {
      const kept = await exported(page, /^Save the figure/, 'Figures')
      const name = JSON.stringify({ ...(JSON.parse(kept.toString('utf8')) as object), name: 'Opened again' })
      const file = { name: 'kept.json', mimeType: 'application/json', buffer: Buffer.from(name) }
      await page.getByLabel('File of a figure').setInputFiles(file)
      await page.getByRole('heading', { name: 'Opened again' }).waitFor()
      expect(await page.getByText('from 5 runs').count()).toBe(1)
      await page.getByLabel('File of a figure').setInputFiles({ ...file, buffer: Buffer.from('{"aspect": -1}') })
      await page.getByText('kept.json: aspect: -1 is too small').waitFor()
    })

    it('come with the data that is plotted', async () => {
      const [head, ...rows] = (await exported(page, /^Data of a/)).toString('utf8').trim().split('\n')
      expect(head!.split(',').length).toBeGreaterThan(1)
      expect(rows.length).toBeGreaterThan(40)
      expect(rows.every((row) => row.split(',').some((cell) => Number.isFinite(Number(cell))))).toBe(true)
    })
  },
  // The desktop's own dialog asks where the file goes.
  { inElectron: false },
)

async function exported(page: Page, format: RegExp, menu = 'Export'): Promise<Buffer> {
  await page.getByRole('button', { name: menu, exact: true }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: format }).click(),
  ])
  return readFile(await download.path())
}

/** Of an entry that saves two. */
async function savedFiles(page: Page, menu: string, entry: RegExp): Promise<Buffer[]> {
  const downloads: Download[] = []
  const note = (download: Download) => downloads.push(download)
  page.on('download', note)
  await page.getByRole('button', { name: menu, exact: true }).click()
  await page.getByRole('menuitem', { name: entry }).click()
  await expect.poll(() => downloads.length).toBe(2)
  page.off('download', note)
  return Promise.all(downloads.map(async (download) => readFile(await download.path())))
}
