import { readFileSync } from 'node:fs'
import { LabError, toErrorRecord } from '../../shared/errors.ts'
import { readOrExplain } from '../files/fileFailures.ts'
import { writeWhole } from '../files/writeWhole.ts'

/**
 * Puts a file into the folder of a sweep that is being made, unless the same is there: another program may be making the same folder, or one was killed
 * while it did. Throws CONFLICT where another file is there, which stays.
 */
export async function putFile(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeWhole(path, [bytes])
  } catch (error) {
    if (toErrorRecord(error).code !== 'FILE_EXISTS') throw error
    if (readOrExplain(path, (path) => readFileSync(path)).equals(bytes)) return
    throw new LabError('CONFLICT', `${path} is there already, from another sweep or version; choose another folder`)
  }
}
