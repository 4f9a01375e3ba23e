import type { Database } from 'better-sqlite3'
import { tryStep } from '../../../shared/tryStep.ts'
import { LabError } from '../../../shared/errors.ts'
import { version } from '../../../shared/version.ts'
import { isBusy } from '../archiveLock.ts'
import { otherVersion } from '../newerRuns.ts'
import { createArchive } from './001CreateArchive.ts'
import { nameWriter } from './002NameWriter.ts'
import { addRecordChecksums } from './003AddRecordChecksums.ts'
import { addStalledStep } from './004AddStalledStep.ts'
import { keepRecords } from './005KeepRecords.ts'
import { takePresentNames } from './006TakePresentNames.ts'
import { nameSpecifications } from './007NameSpecifications.ts'
import { nameFigures } from './008NameFigures.ts'
import { keepDatasets } from './009KeepDatasets.ts'
import { knowSweeps } from './010KnowSweeps.ts'
import { askForBackends } from './011AskForBackends.ts'

/** One migration; it may only go forward, and once released it never changes. */
export type Migration = (database: Database) => void

/** In order: the first brings an empty file to version 1. */
export const migrations: readonly Migration[] = [
  createArchive,
  nameWriter,
  addRecordChecksums,
  addStalledStep,
  keepRecords,
  takePresentNames,
  nameSpecifications,
  nameFigures,
  keepDatasets,
  knowSweeps,
  askForBackends,
]

/** `application_id` of an archive: the letters "Grok". */
export const applicationId = 0x47726f6b

export function versionOf(database: Database): number {
  return database.pragma('user_version', { simple: true }) as number
}

/**
 * Brings an archive to the newest version; each step is one transaction, and a failing one leaves the file as it was. A new archive
 * is made in one: nobody finds it half made.
 * What another program, which came by another name, has done meanwhile is not done again.
 */
export function migrate(database: Database, steps: readonly Migration[] = migrations): void {
  const found = versionOf(database)
  if (found > steps.length) throw newerArchive(database, database.name, found, steps.length)
  const applyAll = () => {
    for (const [index, step] of steps.entries()) if (index >= found) apply(database, step, index + 1)
  }
  database.pragma('foreign_keys = OFF')
  try {
    if (found === 0) database.transaction(applyAll).exclusive()
    else applyAll()
  } finally {
    database.pragma('foreign_keys = ON')
  }
}

/** What an archive's newest run says of the program that computed it is all that is known of who wrote it. */
export function newerArchive(database: Database, path: string, found: number, known: number): LabError {
  const newest = tryStep(
    () =>
      database
        .prepare(
          "SELECT provenance ->> '$.grokscope' FROM documents WHERE provenance NOTNULL ORDER BY rowid DESC LIMIT 1",
        )
        .pluck()
        .get(),
    () => undefined,
  )
  const which = otherVersion(newest)
  return new LabError(
    'ARCHIVE_NEWER',
    `${path} is an archive of version ${found}${which && `, in which Grokscope ${which} computed`}; this Grokscope, ${version}, knows versions up to ${known}`,
  )
}

function apply(database: Database, step: Migration, version: number): void {
  const run = database.transaction(() => {
    if (versionOf(database) >= version) return
    step(database)
    const broken = database.pragma('foreign_key_check') as unknown[]
    if (broken.length > 0) throw new Error(`${broken.length} rows would lose what they refer to`)
    database.pragma(`application_id = ${applicationId}`)
    database.pragma(`user_version = ${version}`)
  })
  try {
    run.exclusive()
  } catch (error) {
    if (isBusy(error)) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new LabError('ARCHIVE_UNREADABLE', `${database.name} could not be brought to version ${version}: ${reason}`)
  }
}
