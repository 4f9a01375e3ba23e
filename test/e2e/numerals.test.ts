import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { goTo, rests, settles } from '../support/browserPage.ts'
import { recordExtremes } from '../support/extremeArchive.ts'
import { describeWindow } from './laboratoryWindow.ts'

const sizes = [
  { width: 1440, height: 900 },
  { width: 1100, height: 700 },
  { width: 900, height: 600 },
]
const lenses = ['curves', 'matrices', 'fourier', 'geometry', 'chattering', 'predictions', 'provenance']
const comparisons = ['overlay', 'groups', 'scatter', 'map', 'parallel', 'theory', 'events', 'specification']

describeWindow(
  'A window full of numbers far from 1',
  (open) => {
    let page: Page
    let runs: Record<string, string[]>

    beforeAll(async () => {
      ;({ page } = await open({ prepare: async (path) => (runs = await recordExtremes(path)) }))
    })

    it.each(['tiny', 'huge', 'negligible'])('cuts no numeral of a run whose numbers are %s', async (name) => {
      const ids = runs[name]!
      const views = [
        ...lenses.map((lens) => `/runs/${ids[1]}/${lens}`),
        ...comparisons.map((tab) => `/compare?runs=${ids.join(',')}&tab=${tab}`),
      ]
      expect(await cutIn(page, views)).toEqual([])
    })

    it('cuts none where all of them stand together', async () => {
      const all = Object.values(runs).flat()
      const views = [
        '/runs',
        ...comparisons.map((tab) => `/compare?runs=${all.join(',')}&tab=${tab}`),
        '/papers',
        '/papers/musat2025',
        '/new',
        '/machine',
        '/new?sweep=four-phases',
      ]
      expect(await cutIn(page, views)).toEqual([])
    })

    it('cuts none of any column of the runs', async () => {
      await goTo(page, '/runs')
      await page.getByRole('button', { name: 'Columns' }).click()
      const columns = page.getByRole('menuitemcheckbox')
      for (let place = 0; place < (await columns.count()); place++) {
        const column = columns.nth(place)
        if ((await column.getAttribute('aria-checked')) !== 'true') await column.click()
      }
      await page.keyboard.press('Escape')
      expect(await cutIn(page, ['/runs'])).toEqual([])
    })
  },
  { inElectron: false },
)

/** Numerals that are cut in any of the views, at any size of the window. */
async function cutIn(page: Page, views: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const view of views) {
    await goTo(page, view)
    await settles(page)
    for (const size of sizes) {
      await page.setViewportSize(size)
      await rests(page)
      const cut = await page.getByRole('main').evaluate(cutNumerals)
      found.push(...cut.map((text) => `${view.replace(/runs=[^&]*/, 'runs=…')} at ${size.width}: ${text}`))
    }
  }
  return found
}

/** Runs in the page: the numerals below an element that reach beyond what shows them. */
function cutNumerals(main: Element): string[] {
  /** Words of letters are names and sentences, which may end in an ellipsis; these belong to numerals. */
  const units = /\b(step|steps|of|at|mean|seed|left|band|none|not|by)\b/g
  const isNumeral = (text: string) => /\d/.test(text) && !/\p{L}{3}/u.test(text.replace(units, ''))
  const hides = (element: Element) => /hidden|clip/.test(getComputedStyle(element).overflowX)
  const cut: string[] = []
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent!.trim()
    const parent = node.parentElement!
    const inDrawing = parent.closest('svg') !== null
    if (!/\d/.test(text) || !(inDrawing || isNumeral(text)) || !parent.checkVisibility()) continue
    const range = document.createRange()
    range.selectNodeContents(node)
    const box = range.getBoundingClientRect()
    if (box.width === 0) continue
    for (let element: Element | null = parent; element && element !== main; element = element.parentElement) {
      const shown = element.getBoundingClientRect()
      const isBeyond = box.left < shown.left - 1.5 || box.right > shown.right + 1.5
      const style = getComputedStyle(element)
      const isOwn = element === parent && !style.display.startsWith('inline') && !inDrawing
      // A sentence or a name may end in an ellipsis, with the numbers in it.
      const isSentence = style.textOverflow === 'ellipsis' && !isNumeral(element.textContent!)
      if (isBeyond && isSentence) break
      if (isBeyond && (isOwn || hides(element))) {
        cut.push(`"${text}" in ${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}`)
        break
      }
      // What can be scrolled to is not cut.
      if (/auto|scroll/.test(style.overflowX)) break
    }
  }
  return cut
}
