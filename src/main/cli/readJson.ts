import { createReadStream } from 'node:fs'
import { decodeText, longestText } from '../../shared/decodeText.ts'
import { LabError } from '../../shared/errors.ts'
import { readingFailure } from '../files/fileFailures.ts'
import { parseJson } from '../../shared/parseJson.ts'

/** Of a command's argument: instead of a file. */
export const standardInput = '-'

/** What is in a file of JSON, not looked at yet; `-` is standard input. Throws INVALID_FILE. */
export async function readJson(path: string): Promise<unknown> {
  const name = nameOfInput(path)
  return parseJson(decodeText(await readBytes(path, name), name), name)
}

/** What messages call it. */
export function nameOfInput(path: string): string {
  return path === standardInput ? 'standard input' : path
}

async function readBytes(path: string, name: string): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of path === standardInput ? process.stdin : createReadStream(path)) {
      chunks.push(chunk as Buffer)
      bytes += (chunk as Buffer).length
      // `decodeText` refuses it; there are files that have no end.
      if (bytes > longestText) break
    }
  } catch (error) {
    throw new LabError('INVALID_FILE', `${name} cannot be read: ${readingFailure(error)}`)
  }
  return Buffer.concat(chunks)
}
