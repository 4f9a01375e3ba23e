import type { Caller } from '../../engine/host/caller.ts'
import type { Archive } from '../../store/archive.ts'
import { exportFormats, type ExportFormatName } from './exportFormats.ts'

/** A file whose content is read from the archive as it is taken. */
export interface ExportedRun {
  name: string
  mediaType: string
  content: AsyncIterable<string | Uint8Array>
}

/** A run as a file of a format; what is not stored of it is computed by a worker. */
export function exportRun(
  archive: Archive,
  runId: string,
  format: ExportFormatName,
  caller: Pick<Caller, 'call'>,
): ExportedRun {
  const { mediaType, ending, write } = exportFormats[format]
  return {
    name: `grokscope-${runId}${format === ending ? '' : `-${format}`}.${ending}`,
    mediaType,
    content: untilPurged(archive, runId, write(archive, runId, caller)),
  }
}

/** A run that is purged while it is read ends in an error, not in numbers that are missing. */
async function* untilPurged(archive: Archive, runId: string, content: AsyncIterable<Uint8Array> | Iterable<string>) {
  try {
    yield* content
  } catch (error) {
    // That it is gone is why something of it is missing.
    archive.runs.status(runId)
    throw error
  }
  archive.runs.status(runId)
}
