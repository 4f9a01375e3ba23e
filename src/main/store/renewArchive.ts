import { migrations } from './migrations/migrate.ts'
import { openForReading, openForWriting } from './openFile.ts'
import { renewInto } from './renewedCopy.ts'

/**
 * Brings an archive to the newest version: the file itself, or where `copy` names a file that is not there yet, a copy. The
 * file's own steps are transactions in place: only the tables of a step are written anew, in free space of the file or
 * behind it, while a copy would need room for every matrix too.
 */
export function renewArchive(path: string, copy?: string): void {
  const file = copy === undefined ? openForWriting(path) : openForReading(path, migrations, renewInto(copy))
  file.close()
}
