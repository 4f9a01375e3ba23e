import type { Page } from 'playwright-core'

/** The controls of a view that can be seen or scrolled to, each by its kind and its name. */
export async function shownControls(page: Page): Promise<string[]> {
  return page.getByRole('main').evaluate(findControls)
}

/** Runs in the page. Numbers in names come and go with the room for them; rows of tables with the height. */
function findControls(main: Element): string[] {
  const found = new Set<string>()
  for (const control of main.querySelectorAll('button, a, input, textarea, [role="slider"], [role="radio"]')) {
    const box = control.getBoundingClientRect()
    if (!control.checkVisibility({ checkVisibilityCSS: true }) || box.width === 0) continue
    if (control.closest('.visually-hidden, [role="row"], .cm-editor')) continue
    const { title, placeholder } = control as HTMLInputElement
    const labels = (control as HTMLInputElement).labels?.[0]?.textContent
    const name = control.getAttribute('aria-label') ?? labels ?? (control.textContent!.trim() || title || placeholder)
    found.add(
      `${control.getAttribute('role') ?? control.tagName.toLowerCase()} ${name.replace(/[\d\u2009 ]+/g, ' ').trim()}`,
    )
  }
  return [...found]
}
