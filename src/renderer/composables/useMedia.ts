import { onScopeDispose, ref, type Ref } from 'vue'

/** Whether a media query holds; reactive. */
export function useMedia(query: string): Readonly<Ref<boolean>> {
  const list = matchMedia(query)
  const holds = ref(list.matches)
  const listen = () => (holds.value = list.matches)
  list.addEventListener('change', listen)
  onScopeDispose(() => list.removeEventListener('change', listen))
  return holds
}
