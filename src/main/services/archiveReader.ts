import type { HostRequest } from '../../shared/contract.ts'
import { LabError } from '../../shared/errors.ts'
import type { Archive } from '../store/archive.ts'
import { dispatch } from './dispatch.ts'
import { openNodeCaller } from './nodeLaboratory.ts'
import { createPaperResults } from './paperResults.ts'
import { createReadHandlers } from './readHandlers.ts'

/** Asks an archive what a window asks its host, so far as nothing is run or written. */
export interface ArchiveReader {
  request: HostRequest
  /** Ends the worker that it asked, if any. */
  close(): Promise<void>
}

export function createArchiveReader(archive: Archive): ArchiveReader {
  const caller = openNodeCaller()
  const results = createPaperResults({ archive, caller })
  const handlers = createReadHandlers({ find: () => archive, caller, results })
  return {
    request: async (name, input) => {
      const answer = await dispatch(handlers, name, input)
      if (!answer.ok) throw LabError.fromRecord(answer.error)
      return answer.data as never
    },
    close: () => caller.close(),
  }
}
