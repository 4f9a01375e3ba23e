import { setImmediate as nextTurn } from 'node:timers/promises'
import type { FileData } from '../../../shared/contract/archives.ts'
import { LabError } from '../../../shared/errors.ts'
import type { ExportedRun } from './exportRun.ts'

/** Most bytes of a file that goes to a window in one message. */
export const largestFileBytes = 128 * 2 ** 20

/**
 * The whole file as a window gets it; other requests are answered between its parts. One that is too large is refused
 * with TOO_LARGE and the `command` that writes it.
 */
export async function collectFile(
  { name, mediaType, content }: ExportedRun,
  command: string,
  limit = largestFileBytes,
): Promise<FileData> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of content) {
    const bytes = Buffer.from(part as Uint8Array)
    size += bytes.length
    if (size > limit) throw tooLarge(name, command, limit)
    parts.push(bytes)
    await nextTurn()
  }
  return { name, mediaType, bytes: new Uint8Array(Buffer.concat(parts)) }
}

function tooLarge(name: string, command: string, limit: number): LabError {
  return new LabError(
    'TOO_LARGE',
    `${name} is larger than ${limit / 2 ** 20} MiB, the most that goes to a window; in the terminal: ${command}`,
  )
}
