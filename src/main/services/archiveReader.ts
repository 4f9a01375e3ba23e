import type { HostRequest } from '../../shared/contract.ts'
import { LabError } from '../../shared/errors.ts'
import { quote } from '../../shared/quote.ts'
import type { Archive } from '../store/archive.ts'
import { openNodeCaller } from './nodeLaboratory.ts'
import { createPaperResults } from './paperResults.ts'
import { createReadHandlers } from './readHandlers.ts'
import { requestOf } from './requestOf.ts'

/** Asks an archive what a window asks its host, so far as nothing is run or written. */
export interface ArchiveReader {
  request: HostRequest
  /** Ends the worker that it asked, if any. */
  close(): Promise<void>
}

/** `others`: those beside it, by the paths by which they are named. */
export function createArchiveReader(archive: Archive, others: ReadonlyMap<string, Archive> = new Map()): ArchiveReader {
  function find(name: string | undefined): Archive {
    const found = name === undefined || name === archive.path ? archive : others.get(name)
    if (!found) throw new LabError('NOT_FOUND', `there is no archive ${quote(name)}`)
    return found
  }
  const caller = openNodeCaller()
  const results = createPaperResults({ archive, caller })
  const handlers = createReadHandlers({ find, caller, results })
  return { request: requestOf(handlers), close: () => caller.close() }
}
