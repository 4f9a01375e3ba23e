import { inspect } from 'node:util'
import { toErrorRecord, type ErrorRecord } from '../../shared/errors.ts'
import { connectToHost } from '../engine/hostPort.ts'
import type { MigrationProgress } from '../store/migrations/migrationProgress.ts'
import { renewArchive } from '../store/renewArchive.ts'
import { watchMigrations } from './watchMigrations.ts'

/** The entry of a process that brings one archive to the newest version, while its host answers. */

export interface MigrationOrder {
  path: string
  /** Where a copy is wanted, the file for it. */
  copy?: string
}

export type MigrationWord =
  { type: 'progress'; progress: MigrationProgress } | { type: 'renewed' } | { type: 'failed'; error: ErrorRecord }

const port = connectToHost<MigrationOrder, MigrationWord>()
const host = process.ppid

port.listen(({ path, copy }) => {
  watchMigrations((progress) => {
    // It hears of its host's end too late: until all is done it hears nothing.
    if (process.ppid !== host) process.exit(1)
    void port.post({ type: 'progress', progress })
  })
  try {
    renewArchive(path, copy)
    void port.post({ type: 'renewed' })
  } catch (error) {
    const record = toErrorRecord(error)
    // The host takes from there what the log is given.
    if (record.code === 'INTERNAL' || (error as Error).cause !== undefined) process.stderr.write(`${inspect(error)}\n`)
    void port.post({ type: 'failed', error: record })
  }
})
