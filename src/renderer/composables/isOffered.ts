import { shallowRef } from 'vue'
import { changingRequests } from '../../shared/changingRequests.ts'
import type { RequestName } from '../../shared/contract.ts'

/** Whether nothing in one's own archive can be changed, as it is served to be read only. */
export const isOwnReadOnly = shallowRef(false)

const changing: ReadonlySet<RequestName> = new Set(changingRequests)

/** Whether what sends this request is offered: not what the host would refuse, as it changes an archive that is to be read only. */
export function isOffered(name: RequestName): boolean {
  return !isOwnReadOnly.value || !changing.has(name)
}
