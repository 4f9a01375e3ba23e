import { changingRequests } from '../../shared/changingRequests.ts'
import type { SharedHandlers } from '../../shared/contract.ts'
import { LabError } from '../../shared/errors.ts'

/** The handlers of a laboratory in whose archive nothing changes: what would throws ARCHIVE_READ_ONLY before it is looked at. */
export function readOnlyHandlers(handlers: SharedHandlers, path: string): SharedHandlers {
  const refuse = () => {
    throw new LabError('ARCHIVE_READ_ONLY', `${path} is open to be read only`)
  }
  return {
    ...handlers,
    ...(Object.fromEntries(changingRequests.map((name) => [name, refuse])) as Partial<SharedHandlers>),
  }
}
