import { inspect } from 'node:util'
import { requests, type SharedHandlers } from '../../shared/contract.ts'
import type { ArchiveOpening } from '../../shared/contract/archives.ts'
import { toErrorRecord } from '../../shared/errors.ts'
import { tryStep } from '../../shared/tryStep.ts'
import type { StartWorker } from '../engine/host/workerProcess.ts'
import { earlierVersionOf } from '../store/earlierVersionOf.ts'
import { beginningOf } from './archives.ts'
import { logToStandardError } from './logToStandardError.ts'
import { openLaboratory, type Laboratory, type LaboratoryOptions } from './laboratory.ts'
import { openEarlierArchive } from './openEarlierArchive.ts'

/** A laboratory that pages can be shown before it is open: `archive.openings` says how far it is, all else is answered then. */
export interface LaboratoryBeginning extends Pick<Laboratory, 'handlers' | 'subscribe'> {
  /** The archive that has to be brought to this version first. */
  readonly opening: ArchiveOpening | undefined
  /** Rejects where the archive cannot be opened, with CANCELLED where it was closed before. */
  readonly laboratory: Promise<Laboratory>
  /** Closes the laboratory, or ends its opening. */
  close(): Promise<void>
}

type Listener = Parameters<Laboratory['subscribe']>[0]

/** Opens a laboratory at once where its archive is of this version, and throws where that fails; else later. */
export function beginLaboratory(options: LaboratoryOptions & { startMigration: StartWorker }): LaboratoryBeginning {
  const { archivePath: path, readOnly = false, startMigration, log = logToStandardError } = options
  const report = (error: unknown) => log(inspect(error))
  const from = earlierVersionOf(path)
  if (from === undefined) {
    const laboratory = openLaboratory(options)
    const { handlers, subscribe, close } = laboratory
    return { opening: undefined, handlers, subscribe, laboratory: Promise.resolve(laboratory), close }
  }

  const listeners = new Set<Listener>()
  const tell: Listener = (name, data) => listeners.forEach((listener) => tryStep(() => listener(name, data), report))
  const abort = new AbortController()
  const opening = beginningOf(path, { id: null, from, isCopied: readOnly })
  let shown: ArchiveOpening[] | undefined = [opening]
  const show = (now: ArchiveOpening) => tell('archive.openings', (shown = [now]))

  async function open(): Promise<Laboratory> {
    try {
      const archive = await openEarlierArchive(path, {
        ...{ readOnly, startMigration, signal: abort.signal },
        onProgress: ({ runs, share }) => show({ ...opening, runs, share }),
      })
      const laboratory = openLaboratory(options, archive)
      laboratory.subscribe(tell)
      shown = undefined
      tell('archive.openings', [])
      return laboratory
    } catch (error) {
      show({ ...opening, error: toErrorRecord(error) })
      throw error
    }
  }

  const laboratory = open()
  // It is thrown to whoever waits for it, and at first nobody may.
  laboratory.catch(() => undefined)
  return {
    opening,
    handlers: handlersOf(laboratory, () => shown),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    laboratory,
    close() {
      abort.abort()
      return laboratory.then(
        (opened) => opened.close(),
        () => undefined,
      )
    },
  }
}

/** Those of a laboratory, once it is open. */
function handlersOf(laboratory: Promise<Laboratory>, openings: () => ArchiveOpening[] | undefined): SharedHandlers {
  const later = Object.keys(requests).map((name) => [
    name,
    async (data: never) => (await laboratory).handlers[name as keyof SharedHandlers](data),
  ])
  const handlers = Object.fromEntries(later) as SharedHandlers
  return { ...handlers, 'archive.openings': (data) => openings() ?? handlers['archive.openings'](data) }
}
