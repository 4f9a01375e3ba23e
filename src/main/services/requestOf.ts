import type { Handlers, HostRequest } from '../../shared/contract.ts'
import { LabError } from '../../shared/errors.ts'
import { dispatch } from './dispatch.ts'

/** Asks handlers of this process as a window asks its host. */
export function requestOf(handlers: Partial<Handlers>): HostRequest {
  return async (name, input) => {
    const answer = await dispatch(handlers, name, input)
    if (!answer.ok) throw LabError.fromRecord(answer.error)
    return answer.data as never
  }
}
