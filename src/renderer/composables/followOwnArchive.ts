import { shallowRef, watch } from 'vue'
import type { OwnArchive } from '../../shared/contract/archives.ts'
import type { ErrorRecord } from '../../shared/errors.ts'
import { generation, on, request } from '../lab.ts'
import { isOwnReadOnly } from './isOffered.ts'

/** Why one's own archive cannot be read any more. */
export const ownFailure = shallowRef<ErrorRecord | null>(null)

/** Where one's own archive is, for its host; null until the host has told. */
export const ownPath = shallowRef<string | null>(null)

/**
 * Asks where one's own archive is, and whether it can be read and changed, again after every connection that was lost: another host may answer then.
 */
export function followOwnArchive(): void {
  on('archive.described', take)
  watch(generation, ask, { immediate: true })
}

function take({ path, readOnly, failure }: OwnArchive): void {
  ownPath.value = path
  isOwnReadOnly.value = readOnly
  ownFailure.value = failure
}

function ask(): void {
  request('archive.describe', {})
    .then(take)
    // The connection's own banner tells of it.
    .catch(() => undefined)
}
