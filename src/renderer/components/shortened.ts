import type { ObjectDirective } from 'vue'

/**
 * Words that end in an ellipsis where they find no room: the style sheet shortens what bears `data-shortened`, and as
 * long as anything is left out the whole is its title.
 */
export const vShortened: ObjectDirective<HTMLElement> = {
  created: (element) => (element.dataset.shortened = ''),
  mounted: (element) => observer.observe(element),
  updated: giveTitle,
  beforeUnmount: (element) => observer.unobserve(element),
}

const observer = new ResizeObserver((entries) => entries.forEach(({ target }) => giveTitle(target as HTMLElement)))

function giveTitle(element: HTMLElement) {
  const { scrollWidth, clientWidth, scrollHeight, clientHeight } = element
  const isWhole = scrollWidth <= clientWidth && scrollHeight <= clientHeight
  if (isWhole) element.removeAttribute('title')
  else element.title = element.textContent.replace(/\s+/g, ' ').trim()
}
