/**
 * A menu that closes gives the focus back where it was, to its own button where nothing else is named. Where it has
 * meanwhile gone elsewhere it stays: another menu would close without it.
 */
export function giveFocusBack(event: Event, to: Element | null = buttonOf(event.target as Element)): void {
  event.preventDefault()
  const now = document.activeElement
  const isElsewhere = now && now !== document.body && !(event.target as Element).contains(now)
  if (!isElsewhere && to instanceof HTMLElement) to.focus()
}

function buttonOf(content: Element): Element | null {
  const menu = content.matches('[role="menu"]') ? content : content.querySelector('[role="menu"]')
  return document.getElementById(menu?.getAttribute('aria-labelledby') ?? '')
}
