import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { diskLimits, LabError } from '../../shared/errors.ts'
import { explainWriting } from './fileFailures.ts'

/**
 * Makes a folder of this program's own where the system keeps temporary files; whoever asked for it takes it away. Throws
 * DISK_FULL, and FILE_UNWRITABLE where there is no such place.
 */
export function makeTemporaryFolder(): string {
  const place = tmpdir()
  try {
    return mkdtempSync(join(place, 'grokscope-'))
  } catch (error) {
    const what = `${place}, where temporary files go (TMPDIR),`
    const limit = diskLimits[(error as NodeJS.ErrnoException).code ?? '']
    throw limit ? new LabError('DISK_FULL', `${what} takes no more: ${limit}`) : explainWriting(what, error)
  }
}
