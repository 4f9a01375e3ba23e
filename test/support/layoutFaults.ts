import type { Page } from 'playwright-core'

/** What no person should meet in the layout of a page as it stands in its next frame, each fault in a line. */
export async function layoutFaults(page: Page): Promise<string[]> {
  return page.evaluate(`(${atFrame.toString()})(${findFaults.toString()})`)
}

/**
 * Runs in the page: what a frame shows has been told its size, as titles of what is shortened need; what came between two
 * frames has not. An observer is called after those that are older, and before what comes next.
 */
function atFrame<Result>(act: () => Result): Promise<Result> {
  return new Promise((resolve, reject) => {
    const observer = new ResizeObserver(() => {
      observer.disconnect()
      try {
        resolve(act())
      } catch (error) {
        reject(error as Error)
      }
    })
    observer.observe(document.body)
  })
}

/** Runs in the page. */
function findFaults(): string[] {
  const tolerance = 1.5
  const faults = new Set<string>()
  type Box = Pick<DOMRect, 'left' | 'right' | 'top' | 'bottom'>
  interface Text {
    words: string
    node: Node
    parent: Element
    box: Box
    layer: Element | null
  }

  // Asked of the page once for each element: a view has thousands of texts within the same few boxes.
  const styles = new Map<Element, ReturnType<typeof readStyle>>()
  const boxes = new Map<Element, Box>()
  const layers = new Map<Element, Element | null>()
  const texts = [...textNodes()].flatMap(readText)
  for (const text of texts) judgeCut(text)
  judgeMeetings()
  for (const control of document.querySelectorAll('button, a, input, select, textarea, [role="slider"]'))
    judgeControl(control)
  for (const toggle of document.querySelectorAll('[aria-expanded="false"][aria-controls]')) judgeToggle(toggle)
  for (const chart of document.querySelectorAll('.chart')) judgeChart(chart)
  for (const region of document.querySelectorAll('main *, [role="dialog"] *')) judgeScroll(region)
  return [...faults]

  function* textNodes() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) if (node.textContent!.trim() !== '') yield node
  }

  function readText(node: Node): Text[] {
    const parent = node.parentElement!
    // Formulas are set by the browser; an editor of code lays out its own lines.
    if (parent.closest('math, .cm-editor, script, style, .visually-hidden') || !isShown(parent)) return []
    const range = document.createRange()
    range.selectNodeContents(node)
    const layer = layerOf(parent)
    // A box for each line of it.
    return [...range.getClientRects()]
      .filter(({ width, height }) => width > 0 && height > 0)
      .map((box) => ({ words: node.textContent!.trim(), node, parent, box, layer }))
  }

  function isShown(element: Element): boolean {
    return element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })
  }

  function readStyle(element: Element) {
    const { position, zIndex, display, overflowX, overflowY, textOverflow, webkitLineClamp, paddingRight } =
      getComputedStyle(element)
    return { position, zIndex, display, overflowX, overflowY, textOverflow, webkitLineClamp, paddingRight }
  }

  function styleOf(element: Element) {
    return remembered(styles, element, readStyle)
  }

  function boxOf(element: Element): Box {
    return remembered(boxes, element, (each) => each.getBoundingClientRect())
  }

  function remembered<Found>(known: Map<Element, Found>, element: Element, read: (element: Element) => Found): Found {
    if (!known.has(element)) known.set(element, read(element))
    return known.get(element)!
  }

  /** What lies over others on purpose is judged by itself. */
  function layerOf(element: Element): Element | null {
    return remembered(layers, element, (each) => {
      const { position, zIndex } = styleOf(each)
      if (position !== 'static' && zIndex !== 'auto') return each
      return each.parentElement && layerOf(each.parentElement)
    })
  }

  /** The lines of the table stay in place while it is scrolled, and show those that are scrolled to: up and down, not sideways. */
  function isScrolledByParent(element: Element): boolean {
    return styleOf(element).position === 'sticky' && element.matches('[role="grid"] .lines')
  }

  /** Words that their element or what holds it does not show whole, and that cannot be scrolled to. */
  function judgeCut({ words, parent, box }: Text) {
    for (let element: Element | null = parent; element; element = element.parentElement) {
      const style = styleOf(element)
      if (style.display === 'contents' || (style.display.startsWith('inline') && style.display === 'inline')) continue
      const shown = boxOf(element)
      const beyondX = box.left < shown.left - tolerance || box.right > shown.right + tolerance
      const beyondY = box.top < shown.top - tolerance || box.bottom > shown.bottom + tolerance
      if (/auto|scroll/.test(style.overflowX + style.overflowY)) return
      const hidesX = /hidden|clip/.test(style.overflowX) && beyondX
      const hidesY =
        /hidden|clip/.test(style.overflowY) && !isScrolledByParent(element) && box.bottom > shown.bottom + tolerance + 2
      const isShortened = style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none'
      if (isShortened && (hidesX || (beyondY && style.webkitLineClamp !== 'none'))) {
        judgeTitle(element)
        return
      }
      if (hidesX || hidesY) return emit(`cut: "${brief(words)}" in ${nameOf(parent)} by ${nameOf(element)}`)
      if (style.position === 'fixed') break
    }
    if (
      box.left < -tolerance ||
      box.right > innerWidth + tolerance ||
      box.top < -tolerance ||
      box.bottom > innerHeight + tolerance
    )
      emit(`outside the window: "${brief(words)}" in ${nameOf(parent)}`)
  }

  function judgeTitle(element: Element) {
    const whole = flat(element.textContent!)
    const title = flat(element.closest('[title]')?.getAttribute('title') ?? '')
    if (!holdsInOrder(title, whole.split('…')))
      emit(`shortened, without the whole as its title: "${brief(whole)}" in ${nameOf(element)}`)
  }

  /** Words that leave out their middle are cut at their end besides where there is still less room. */
  function holdsInOrder(title: string, parts: readonly string[]): boolean {
    let from = 0
    return parts.every((part) => {
      const at = title.indexOf(part, from)
      from = at + part.length
      return at >= 0
    })
  }

  function judgeMeetings() {
    const seen = texts
      .map((text) => ({ ...text, seen: shrunk(visiblePart(text)) }))
      .filter(({ seen: { left, right, top, bottom } }) => right > left && bottom > top)
    seen.sort((a, b) => a.seen.left - b.seen.left)
    for (const [place, one] of seen.entries()) {
      for (let other = place + 1; other < seen.length && seen[other]!.seen.left < one.seen.right + 4; other++) {
        const two = seen[other]!
        if (one.node === two.node || one.layer !== two.layer) continue
        if (touch(one, two)) emit(`touch: "${brief(one.words)}" and "${brief(two.words)}" in ${nameOf(one.parent)}`)
        if (!meet(one.seen, two.seen)) continue
        const drawing = one.parent.closest('text')
        if (drawing && drawing === two.parent.closest('text')) continue
        emit(`meet: "${brief(one.words)}" in ${nameOf(one.parent)} and "${brief(two.words)}" in ${nameOf(two.parent)}`)
      }
    }
    for (const mark of document.querySelectorAll('.chart :is(.bracket, .level)')) {
      if (!isShown(mark)) continue
      const { left, right, top, bottom } = mark.getBoundingClientRect()
      const chart = mark.closest('.chart')
      for (const { seen: box, parent, words } of seen) {
        if (parent.closest('.chart') === chart && meet({ left, right, top, bottom }, box, 0))
          emit(`across: "${brief(words)}" by ${nameOf(mark)}`)
      }
    }
  }

  /** Numbers of neighboring cells, or below an axis, must not look like one. */
  function touch(one: Text & { seen: Box }, two: Text & { seen: Box }): boolean {
    const [cell, other] = [one, two].map(({ parent }) => parent.closest('td, th, [role="gridcell"], .chart text'))
    const near = { ...one.seen, right: one.seen.right + 4 }
    return Boolean(
      cell && other && cell !== other && cell.parentElement === other.parentElement && meet(near, two.seen),
    )
  }

  function meet(a: Box, b: Box, min = 1): boolean {
    return (
      Math.min(a.right, b.right) - Math.max(a.left, b.left) > min &&
      Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > min
    )
  }

  /** Letters do not fill the height of their line. */
  function shrunk({ left, right, top, bottom }: Box): Box {
    const room = (bottom - top) * 0.2
    return { left: left + 1, right: right - 1, top: top + room, bottom: bottom - room }
  }

  function visiblePart({ box, parent }: Text): Box {
    const seen = { left: box.left, right: box.right, top: box.top, bottom: box.bottom }
    for (let element: Element | null = parent; element; element = element.parentElement) {
      const { overflowX, overflowY, display, position, textOverflow, paddingRight } = styleOf(element)
      if (display === 'inline') continue
      const isDrawing = element instanceof SVGElement
      const shown = boxOf(element)
      // Shortened words end where the content does, before the padding.
      const right = shown.right - (textOverflow === 'ellipsis' ? parseFloat(paddingRight) : 0)
      if (overflowX !== 'visible' && !isDrawing)
        Object.assign(seen, { left: Math.max(seen.left, shown.left), right: Math.min(seen.right, right) })
      if (overflowY !== 'visible' && !isDrawing)
        Object.assign(seen, { top: Math.max(seen.top, shown.top), bottom: Math.min(seen.bottom, shown.bottom) })
      if (position === 'fixed') break
    }
    return seen
  }

  /** A control is whole within what holds it, or can be scrolled to. */
  function judgeControl(control: Element) {
    if (!isShown(control) || control.closest('.visually-hidden, .cm-editor')) return
    const box = control.getBoundingClientRect()
    if (box.width === 0) return
    for (let element = control.parentElement; element; element = element.parentElement) {
      const { overflowX, overflowY, position, textOverflow } = styleOf(element)
      if (/auto|scroll/.test(overflowX + overflowY)) return
      // Words are judged by themselves.
      if (textOverflow === 'ellipsis') return
      const shown = boxOf(element)
      const hides =
        (overflowX !== 'visible' && (box.right > shown.right + tolerance || box.left < shown.left - tolerance)) ||
        (overflowY !== 'visible' &&
          !isScrolledByParent(element) &&
          (box.bottom > shown.bottom + tolerance || box.top < shown.top - tolerance))
      const isPanel = element.matches('.panel, .card, .dialog, .side, .topbar, .toolbar, .menu')
      const leaves =
        box.right > shown.right + tolerance ||
        box.left < shown.left - tolerance ||
        box.bottom > shown.bottom + tolerance ||
        box.top < shown.top - tolerance
      if (hides || (isPanel && leaves))
        return emit(
          `control outside ${nameOf(element)}: ${nameOf(control)} "${brief(control.getAttribute('aria-label') ?? control.textContent!)}"`,
        )
      if (position === 'fixed') break
    }
    if (
      box.right > innerWidth + tolerance ||
      box.bottom > innerHeight + tolerance ||
      box.left < -tolerance ||
      box.top < -tolerance
    )
      emit(
        `control outside the window: ${nameOf(control)} "${brief(control.getAttribute('aria-label') ?? control.textContent!)}"`,
      )
  }

  /** What would open something is there only while that is not. */
  function judgeToggle(toggle: Element) {
    const opens = document.getElementById(toggle.getAttribute('aria-controls')!)
    if (opens && isShown(opens) && isShown(toggle)) emit(`a way to open what is there: ${nameOf(toggle)}`)
  }

  function judgeChart(chart: Element) {
    if (!isShown(chart)) return
    const { width, height } = chart.getBoundingClientRect()
    if (width < 120 || height < 90)
      emit(
        `too small to read: a chart of ${Math.round(width)} × ${Math.round(height)} in ${nameOf(chart.closest('[aria-label]') ?? chart)}`,
      )
  }

  /** What scrolls shows enough to be scrolled by. */
  function judgeScroll(region: Element) {
    const style = styleOf(region)
    if (!/auto|scroll/.test(style.overflowX + style.overflowY) || region.matches('textarea') || !isShown(region)) return
    const holdsTable = region.matches(
      ':is(pre, code, [role="table"], [role="grid"], :has(table, [role="grid"], .page))',
    )
    if (region.scrollWidth > region.clientWidth + 1 && !holdsTable && !region.closest('.cm-editor'))
      emit(`scrolls sideways: ${nameOf(region)}`)
    if (region.scrollHeight > region.clientHeight + 1 && region.clientHeight < 60)
      emit(`scrolls within ${region.clientHeight} pixels: ${nameOf(region)}`)
  }

  function nameOf(element: Element): string {
    const own = [...element.classList].join('.')
    const up = own === '' ? element.parentElement : null
    return `${element.tagName.toLowerCase()}${own && `.${own}`}${up ? ` of ${up.tagName.toLowerCase()}${[...up.classList].map((name) => `.${name}`).join('')}` : ''}`
  }

  function brief(words: string): string {
    const one = flat(words)
    return one.length > 48 ? `${one.slice(0, 46)}…` : one
  }

  function flat(words: string): string {
    return words.replace(/\s+/g, ' ').trim()
  }

  function emit(fault: string) {
    faults.add(fault)
  }
}
