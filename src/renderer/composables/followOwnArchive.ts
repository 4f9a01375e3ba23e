import { watch } from 'vue'
import { generation, request } from '../lab.ts'
import { isOwnReadOnly } from './isOffered.ts'

/** Asks whether one's own archive can be changed, again after every connection that was lost: another host may answer then. */
export function followOwnArchive(): void {
  watch(generation, ask, { immediate: true })
}

function ask(): void {
  request('archive.describe', {})
    .then(({ readOnly }) => (isOwnReadOnly.value = readOnly))
    // The connection's own banner tells of it.
    .catch(() => undefined)
}
