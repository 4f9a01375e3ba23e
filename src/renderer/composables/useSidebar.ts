import { ref, watch } from 'vue'

const open = ref(false)
// The style sheet folds sidebars where a window is narrow, and shows them over the charts where this says so.
watch(open, (value) => (document.documentElement.dataset.sidebar = value ? 'open' : 'folded'), { immediate: true })

/** Whether a narrow window shows its sidebar. */
export function useSidebar() {
  return { open, toggle: () => (open.value = !open.value) }
}
