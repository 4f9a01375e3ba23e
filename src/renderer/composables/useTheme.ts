import { computed, ref, shallowRef, watch } from 'vue'

export type ThemeChoice = 'system' | 'light' | 'dark'

const key = 'grokscope.theme'
const prefersDark = matchMedia('(prefers-color-scheme: dark)')
const systemTheme = ref<'light' | 'dark'>(prefersDark.matches ? 'dark' : 'light')
const choice = ref<ThemeChoice>(readChoice())
const theme = computed(() => (choice.value === 'system' ? systemTheme.value : choice.value))
/** Grows after the page has taken on another theme, when tokens read from it are new. */
const applied = shallowRef(0)

/** Dresses the page in the system's theme or the one chosen, and keeps it so. */
export function startTheme(): void {
  prefersDark.addEventListener('change', () => (systemTheme.value = prefersDark.matches ? 'dark' : 'light'))
  watch(choice, (value) => localStorage.setItem(key, value))
  watch(
    theme,
    (value) => {
      document.documentElement.dataset.theme = value
      applied.value++
    },
    { immediate: true, flush: 'sync' },
  )
}

export function useTheme() {
  return { choice, theme }
}

/** A design token's value in the theme that is on; reactive. */
export function useToken(): (name: `--${string}`) => string {
  return (name) => {
    void applied.value
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
  }
}

function readChoice(): ThemeChoice {
  const kept = localStorage.getItem(key)
  return kept === 'light' || kept === 'dark' ? kept : 'system'
}
