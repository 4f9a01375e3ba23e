import { tryStep } from '../../shared/tryStep.ts'
import type { RunEvent } from '../../shared/run.ts'
import { livingWriter, type ArchiveWriter } from './archiveWriter.ts'
import { CurveReader } from './curves.ts'
import { DatasetStore } from './datasets.ts'
import { EventRecorder } from './eventRecorder.ts'
import { RunExchange } from './exchange.ts'
import { FigureStore } from './figures.ts'
import { filesOfArchive } from './filesOfArchive.ts'
import { KnownSweeps } from './knownSweeps.ts'
import { MeasurementStore } from './measurements.ts'
import { migrations } from './migrations/migrate.ts'
import { openForReading, openForWriting, type OpenFile } from './openFile.ts'
import { takeRenewed } from './renewedCopy.ts'
import { RunIntegrityCheck } from './runIntegrityCheck.ts'
import { RunLibrary } from './runLibrary.ts'
import { RunRecords } from './runRecords.ts'
import { RunStore } from './runs.ts'
import type { RunTables } from './runTables.ts'
import { SnapshotStore } from './snapshots.ts'
import { explained } from './sqliteFailures.ts'

/** One file of experiments, their runs, measurements and snapshots. */
export interface Archive {
  readonly path: string
  /** The file that is read: at `path`, or a copy of that. */
  readonly file: string
  /** Every file that belongs to it, there or not: none of them may be written over. */
  readonly files: readonly string[]
  readonly readOnly: boolean
  /** The living program that writes it. */
  writer(): Pick<ArchiveWriter, 'pid' | 'host' | 'path'> | undefined
  /** Throws ARCHIVE_MOVED where the file at its path is another by now, or none, or was overwritten by what is not read as a whole archive of this version, and ARCHIVE_NEWER where a newer version upgraded it; nothing is read
   * then of what was opened to be read only. An archive of this version that was copied over it is read like what another program writes. */
  requireFile(): void
  /** Whether another program wrote in it since this was asked last. */
  hasChanged(): boolean
  readonly runs: RunStore
  readonly tables: RunTables
  readonly library: RunLibrary
  readonly curves: CurveReader
  readonly snapshots: SnapshotStore
  readonly datasets: DatasetStore
  readonly integrity: RunIntegrityCheck
  readonly sweeps: KnownSweeps
  readonly figures: FigureStore
  readonly exchange: RunExchange
  /** Carries out several changes; where one of them fails, the archive is left as it was. */
  together<Outcome>(change: () => Outcome): Outcome
  /** Stores all of the events or none; what a resumed run tells a second time is passed over. */
  applyEvents(events: readonly RunEvent[]): void
  /** The same in the place of all that one run told before; its name, notes and tags stay. */
  replaceEvents(runId: string, events: readonly RunEvent[]): void
  close(): void
}

/**
 * Opens an archive; to write, it is made if it is not there. One process at a time may write, any number may read
 * meanwhile, and what is opened to be read only is not trusted. `copy` is one of it at the newest version, which is read in the place of
 * one of an earlier version, and taken.
 */
export function openArchive(
  path: string,
  { readOnly = false, copy }: { readOnly?: boolean; copy?: string } = {},
): Archive {
  const renew = copy === undefined ? undefined : takeRenewed(copy)
  const file = readOnly ? openForReading(path, migrations, renew) : openForWriting(path)
  return explained(file.path, compose(file, readOnly), { check: file.check, reads: () => false, isKept: false })
}

function compose({ database, path, isWritten, check, close }: OpenFile, readOnly: boolean): Archive {
  const snapshots = new SnapshotStore(database)
  const measurements = new MeasurementStore(database)
  const records = new RunRecords(database)
  const integrity = new RunIntegrityCheck(database, snapshots)
  const runs = new RunStore(database, { readOnly, snapshots, records, integrity, isWritten })
  const recorder = new EventRecorder(database, { runs, measurements, snapshots, records })
  const explain = <Part extends object>(part: Part, reads: (name: string) => boolean) =>
    explained(path, part, { check, reads: (name) => readOnly || reads(name), isKept: readOnly })
  const always = () => true
  const never = () => false
  /** What still cannot be written stays for the next time. */
  const writeLeftEnds = () =>
    tryStep(
      () => runs.writeEnds(),
      () => undefined,
    )
  const seenOf = () => `${String(database.pragma('data_version', { simple: true }))} ${isWritten()}`
  let seen = seenOf()
  return {
    path,
    file: database.name,
    files: filesOfArchive(path),
    readOnly,
    writer: () => livingWriter(database, path),
    requireFile: check,
    hasChanged() {
      const before = seen
      return (seen = seenOf()) !== before
    },
    runs: explain(runs, (name) => effectsOnRuns[name as MethodOf<RunStore>] === 'reads'),
    tables: explain(runs.tables, always),
    library: explain(new RunLibrary(database, { measurements, records }), never),
    curves: explain(new CurveReader(database), always),
    snapshots: explain(snapshots, always),
    datasets: explain(new DatasetStore(database), always),
    integrity: explain(integrity, always),
    sweeps: explain(new KnownSweeps(database), (name) => name !== 'set' && name !== 'forget'),
    figures: explain(new FigureStore(database), (name) => name === 'list' || name === 'fingerprint'),
    exchange: explain(new RunExchange(database, records), never),
    together(change) {
      // Not in the transaction: where that is taken back they would be neither written nor remembered.
      runs.writeEnds()
      try {
        return database.transaction(change).immediate()
      } catch (error) {
        measurements.forgetCursors()
        throw error
      }
    },
    applyEvents(events) {
      recorder.applyEvents(events)
      writeLeftEnds()
    },
    replaceEvents: (runId, events) => recorder.replaceEvents(runId, events),
    close() {
      writeLeftEnds()
      close()
    },
  }
}

type MethodOf<Part> = {
  [Name in keyof Part]: Part[Name] extends (...input: never[]) => unknown ? Name : never
}[keyof Part]

/** What each method of the store of runs does with the archive. */
const effectsOnRuns: Readonly<Record<MethodOf<RunStore>, 'reads' | 'writes'>> = {
  createExperiment: 'writes',
  addRun: 'writes',
  experiment: 'reads',
  listRuns: 'reads',
  listIds: 'reads',
  summaries: 'reads',
  newestExperiments: 'reads',
  countRuns: 'reads',
  summary: 'reads',
  run: 'reads',
  shown: 'reads',
  repetitions: 'reads',
  resolve: 'reads',
  isGivenStart: 'reads',
  initialState: 'reads',
  backendAskedFor: 'reads',
  status: 'reads',
  setStatus: 'writes',
  requeue: 'writes',
  markInterrupted: 'writes',
  repairFacets: 'writes',
  end: 'writes',
  writeEnds: 'writes',
  nextSequence: 'reads',
  seconds: 'reads',
  experimentOf: 'reads',
}
