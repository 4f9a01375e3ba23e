import { SqliteError, type Database } from 'better-sqlite3'
import { countThings } from '../../../shared/formatting/countThings.ts'
import { tryStep } from '../../../shared/tryStep.ts'
import { LabError } from '../../../shared/errors.ts'
import { version } from '../../../shared/version.ts'
import { otherVersion } from '../newerRuns.ts'
import { isOfMachine } from '../sqliteFailures.ts'
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
import { keepFigures } from './012KeepFigures.ts'
import { countGivenPairs } from './013CountGivenPairs.ts'
import { migrationProgress, partOf, type MigrationProgress, type Tell } from './migrationProgress.ts'

/** One migration; it may only go forward, and once released what it does never changes. Where it takes long, it tells how far it is. */
export type Migration = (database: Database, tell: Tell) => void

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
  keepFigures,
  countGivenPairs,
]

/** The version that this program writes. */
export const newestVersion = migrations.length

/** `application_id` of an archive: the letters "Grok". */
export const applicationId = 0x47726f6b

export function applicationOf(database: Database): number {
  return database.pragma('application_id', { simple: true }) as number
}

export function versionOf(database: Database): number {
  return database.pragma('user_version', { simple: true }) as number
}

/**
 * Brings an archive to the newest version; each step is one transaction, and a failing one leaves the file as it was. A new archive
 * is made in one: nobody finds it half made.
 * What another program, which came by another name, has done meanwhile is not done again. `path` is the archive that is told
 * of, where the file is a copy of it. What `check` throws ends it.
 */
export function migrate(
  database: Database,
  steps: readonly Migration[] = migrations,
  { path = database.name, check = () => {} }: { path?: string; check?: () => void } = {},
): void {
  const found = versionOf(database)
  if (found > steps.length) throw newerArchive(database, path, found, steps.length)
  const left = steps.slice(found)
  const tell =
    found > 0 && left.length > 0 ? tellerOf(database, { path, check, from: found, to: steps.length }) : () => undefined
  const whole = sumOf(left.map(weightOf))
  const applyAll = () => {
    for (const [i, step] of left.entries()) {
      const start = sumOf(left.slice(0, i).map(weightOf)) / whole
      const tellPart = partOf(tell, start, start + weightOf(step) / whole)
      apply(step, found + i + 1, { database, path, check, tell: tellPart })
    }
    tell(1)
  }
  database.pragma('foreign_keys = OFF')
  try {
    if (found === 0) database.transaction(applyAll).exclusive()
    else applyAll()
  } finally {
    database.pragma('foreign_keys = ON')
  }
}

/** A step that tells how far it is goes through all runs. */
function weightOf(step: Migration): number {
  return step.length > 1 ? 20 : 1
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}

/** Checks and publishes at the beginning, the end, and each further hundredth. */
function tellerOf(
  database: Database,
  { check, ...which }: Pick<MigrationProgress, 'path' | 'from' | 'to'> & { check: () => void },
): Tell {
  const runs = database.prepare('SELECT count(*) FROM runs').pluck().get() as number
  let told = -1
  const tell = (share: number) => {
    const hundredths = Math.floor(100 * share + 1e-9)
    if (hundredths <= told) return
    told = hundredths
    check()
    const progress: MigrationProgress = { ...which, runs, share: hundredths / 100 }
    migrationProgress.publish(progress)
  }
  tell(0)
  return tell
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

function apply(
  step: Migration,
  version: number,
  { database, path, check, tell }: { database: Database; path: string; check: () => void; tell: Tell },
): void {
  const run = database.transaction(() => {
    if (versionOf(database) >= version) return
    step(database, tell)
    const broken = database.pragma('foreign_key_check') as unknown[]
    if (broken.length > 0) throw new Error(`${countThings(broken.length, 'row')} would lose what they refer to`)
    database.pragma(`application_id = ${applicationId}`)
    database.pragma(`user_version = ${version}`)
    check()
  })
  try {
    run.exclusive()
    tell(1)
  } catch (error) {
    // Whoever opens the file has words for that, or it has them.
    if (isOfMachine(error) || error instanceof LabError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    const message = `${path} could not be brought to version ${version}: ${reason}`
    // What SQLite finds wrong with a file is no defect of this program; of any other error the log is given the cause.
    const options = error instanceof SqliteError ? undefined : { cause: error }
    throw new LabError('ARCHIVE_UNREADABLE', message, undefined, options)
  }
}
