import { z } from 'zod'
import type { ErrorRecord } from '../errors.ts'
import { filePath } from '../filePath.ts'
import { runIds } from './inputs.ts'

/** Of archives: one’s own, and those opened beside it. */
export const archiveRequests = {
  /** One's own archive. */
  'archive.describe': z.strictObject({}),
  'archive.list': z.strictObject({}),
  /** Those that are not open yet. */
  'archive.openings': z.strictObject({}),
  'archive.choose': z.strictObject({}),
  'archive.open': z.strictObject({ path: filePath }),
  'archive.close': z.strictObject({ archive: z.string().min(1).max(100) }),
  'archive.export': z.strictObject({ runIds }),
  'archive.import': z.strictObject({ archive: z.string().min(1).max(100), runIds: runIds.optional() }),
} as const

/** A file that a host hands out; the renderer saves it. */
export interface FileData {
  name: string
  mediaType: string
  bytes: Uint8Array
}

export interface OwnArchive {
  path: string
  readOnly: boolean
  /** Why nothing more is read of it: its file was moved, deleted, replaced or upgraded. */
  failure: ErrorRecord | null
}

export interface OpenArchive {
  id: string
  path: string
  /** Null where it cannot be read any more. */
  runs: number | null
  /** Why it cannot. */
  failure: ErrorRecord | null
}

/** An archive of an earlier version, which is brought to the newest one before it is open. */
export interface ArchiveOpening {
  /** What `archive.close` takes, to cancel it; null of one's own. */
  id: string | null
  path: string
  /** Whether that is done in a copy, as the file is only read. */
  isCopied: boolean
  from: number
  to: number
  /** Null while the copy is being made. */
  runs: number | null
  /** From 0 to 1. */
  share: number
  /** Why it cannot be opened. */
  error: ErrorRecord | null
}

/** What became of the figures that people composed, which come with all runs. */
export interface FiguresTaken {
  figures: number
  /** Those left out, as the archive has another form of them. */
  figuresDiffering: number
  /** Those left out, as the archive has as many figures as it can. */
  figuresWithoutRoom: number
}

export interface ArchiveResponses {
  'archive.describe': OwnArchive
  'archive.list': OpenArchive[]
  'archive.openings': ArchiveOpening[]
  /** The path a person chose in the host's dialog; null where they did not, or where the host has no dialog. */
  'archive.choose': { path: string | null; hasDialog: boolean }
  'archive.open': OpenArchive
  'archive.close': null
  'archive.export': FileData
  /** Runs that are not what was stored of them, or that a newer version made, are refused, each with the reason. */
  'archive.import': FiguresTaken & {
    imported: number
    alreadyPresent: number
    refused: { runId: string; findings: string[] }[]
  }
}

export interface ArchiveEvents {
  /** One's own, once it cannot be read any more, and once it can again. */
  'archive.described': OwnArchive
  'archive.changed': OpenArchive[]
  /** All archives that are not open yet, as far as each is. */
  'archive.openings': ArchiveOpening[]
}
