import { shallowRef, watch } from 'vue'
import { generation, request } from '../lab.ts'

/** Whether nothing in one's own archive can be changed, as it is served to be read only. */
const isOwnReadOnly = shallowRef(false)
let isAsked = false

export function useOwnArchive() {
  if (!isAsked) watch(generation, ask, { immediate: true })
  isAsked = true
  return { isOwnReadOnly }
}

function ask(): void {
  request('archive.describe', {})
    .then(({ readOnly }) => (isOwnReadOnly.value = readOnly))
    // The connection's own banner tells of it.
    .catch(() => undefined)
}
