import { computed, shallowRef, type WritableComputedRef } from 'vue'
import { useRoute, useRouter, type Router } from 'vue-router'
import { addressText } from '../formatting/addressText.ts'

/** What was chosen and is not in the address yet. */
const chosen = shallowRef<Readonly<Record<string, string | undefined>>>({})
/** From the last choice until it is put down: browsers refuse addresses that change with every movement of a pointer. */
const restMilliseconds = 150
let timer: ReturnType<typeof setTimeout> | undefined

/**
 * A choice that the address keeps under a name, beside what else it says, so that a reload, the way back and whoever is given the
 * address find it; undefined where it says nothing.
 */
export function useAddressed(name: string): WritableComputedRef<string | undefined> {
  const route = useRoute()
  const router = useRouter()
  return computed({
    get: () => (name in chosen.value ? chosen.value[name] : addressText(route.query[name])),
    set(value) {
      chosen.value = { ...chosen.value, [name]: value }
      const { path } = route
      clearTimeout(timer)
      timer = setTimeout(() => void putDown(router, path), restMilliseconds)
    },
  })
}

async function putDown(router: Router, path: string): Promise<void> {
  const written = chosen.value
  const { path: now, query } = router.currentRoute.value
  // Whoever has gone on has another address.
  if (now === path) await router.replace({ query: { ...query, ...written } })
  const isLater = ([name, value]: [string, string | undefined]) => !(name in written) || written[name] !== value
  chosen.value = Object.fromEntries(Object.entries(chosen.value).filter(isLater))
}
