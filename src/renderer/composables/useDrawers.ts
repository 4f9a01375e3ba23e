import { onBeforeUnmount, onMounted, ref, shallowRef } from 'vue'

export interface Drawer {
  id: string
  title: string
}

const drawers = shallowRef<readonly Drawer[]>([])
const open = ref<string | null>(null)

/** What a narrow window has no room for beside its view, and which of it is laid over the view. */
export function useDrawers() {
  const toggle = (id: string) => (open.value = open.value === id ? null : id)
  return { drawers, open, toggle }
}

/** Offers a drawer for as long as the component is there. */
export function offerDrawer(drawer: Drawer) {
  onMounted(() => (drawers.value = [...drawers.value, drawer]))
  onBeforeUnmount(() => (drawers.value = drawers.value.filter((other) => other !== drawer)))
}
