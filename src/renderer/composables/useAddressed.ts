import { computed, shallowRef, type ComputedRef, type WritableComputedRef } from 'vue'
import { useRoute, useRouter, type LocationQuery, type Router } from 'vue-router'
import { addressText } from '../formatting/addressText.ts'

/** What an address is to say under some names, several times under one of them say; undefined where it is to say nothing. */
export type AddressChange = Readonly<Record<string, string | string[] | undefined>>

/** What was chosen and is not in the address yet. */
const chosen = shallowRef<AddressChange>({})
/** From the last choice until it is put down: browsers refuse addresses that change with every movement of a pointer. */
const restMilliseconds = 150
let timer: ReturnType<typeof setTimeout> | undefined

/**
 * A choice that the address keeps under a name, beside what else it says, so that a reload, the way back and whoever is given the
 * address find it; undefined where it says nothing.
 */
export function useAddressed(name: string): WritableComputedRef<string | undefined> {
  const { query, change } = useAddressedQuery()
  return computed({
    get: () => addressText(query.value[name]),
    set: (value) => change({ [name]: value }),
  })
}

/** All that the address says, and what it is about to say, for choices that are kept under several names. */
export function useAddressedQuery(): {
  query: ComputedRef<LocationQuery>
  /** `rest` is 0 for what is chosen once and not along a movement: the page is then drawn anew once. */
  change: (change: AddressChange, rest?: number) => void
} {
  const route = useRoute()
  const router = useRouter()
  return {
    query: computed(() => withoutGaps({ ...route.query, ...chosen.value })),
    change(change, rest = restMilliseconds) {
      chosen.value = { ...chosen.value, ...change }
      const { path } = route
      clearTimeout(timer)
      timer = setTimeout(() => void putDown(router, path), rest)
    },
  }
}

function withoutGaps(query: Record<string, LocationQuery[string] | undefined>): LocationQuery {
  return Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

async function putDown(router: Router, path: string): Promise<void> {
  const written = chosen.value
  const { path: now, query } = router.currentRoute.value
  // Whoever has gone on has another address.
  if (now === path) await router.replace({ query: { ...query, ...written } })
  const isLater = ([name, value]: [string, AddressChange[string]]) => !(name in written) || written[name] !== value
  chosen.value = Object.fromEntries(Object.entries(chosen.value).filter(isLater))
}
