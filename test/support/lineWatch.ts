import type { Page } from 'playwright-core'

/** What could be seen of the table of runs from frame to frame, in milliseconds. */
export interface LinesSeen {
  frames: number
  /** The longest time in which a line had nothing in its place. */
  blank: number
  /** The longest time in which other lines were shown than those of the place that was scrolled to. */
  behind: number
}

declare global {
  interface Window {
    linesSeen(): LinesSeen
  }
}

/** From now on, until `readLines`. */
export async function watchLines(page: Page): Promise<void> {
  await page.evaluate(watchInPage)
}

export async function readLines(page: Page): Promise<LinesSeen> {
  return page.evaluate(() => window.linesSeen())
}

/** Runs in the page. */
function watchInPage(): void {
  const seen: LinesSeen = { frames: 0, blank: 0, behind: 0 }
  const since: { blank: number | null; behind: number | null } = { blank: null, behind: null }
  const grid = document.querySelector('[role=grid]')!
  let isOver = false
  const look = (now: number) => {
    if (isOver) return
    const [head, ...rows] = [...grid.querySelectorAll('[role=row]')]
    const top = head!.getBoundingClientRect().bottom
    const places = rows
      .map((row) => ({ row, box: row.getBoundingClientRect() }))
      .filter(({ box }) => box.bottom > top)
      .sort((a, b) => a.box.top - b.box.top)
    const height = places[0]?.box.height ?? 1
    const count = Number(grid.getAttribute('aria-rowcount')) - 1
    const end = Math.min(grid.getBoundingClientRect().bottom, top + count * height - grid.scrollTop)
    let covered = top
    for (const { box } of places) if (box.top <= covered + 1) covered = Math.max(covered, box.bottom)
    const first = Math.min(Math.floor(grid.scrollTop / height), count - 1) + 2
    const is = {
      blank: covered < end - 1,
      behind: places.length === 0 || Math.abs(Number(places[0]!.row.getAttribute('aria-rowindex')) - first) > 1,
    }
    seen.frames++
    for (const name of ['blank', 'behind'] as const) {
      since[name] = is[name] ? (since[name] ?? now) : null
      if (since[name] !== null) seen[name] = Math.max(seen[name], now - since[name], 1)
    }
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
  window.linesSeen = () => {
    isOver = true
    return seen
  }
}
