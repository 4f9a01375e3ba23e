import { shorten } from './shorten.ts'

/** Every failure a user can meet, by code; the value says in general what to do about it. */
export const errorAdvice = {
  USAGE: 'Run the command with --help to see what it takes.',
  INVALID_REQUEST: 'Correct the named field of the request.',
  INVALID_SPECIFICATION: 'Correct the named field of the specification.',
  INVALID_QUERY: 'Correct the filter at the place that is named.',
  INVALID_FILE: 'Check the named file.',
  FILE_EXISTS: 'Choose another name, or add --force to replace it.',
  FILE_UNWRITABLE: 'Choose another file or folder, or fix the problem named above.',
  TOO_LARGE: 'Request less at once, or export to a file from the terminal, where size is not limited.',
  NOT_FOUND: 'List what is there and try again.',
  PORT_IN_USE: 'Choose another port with `serve --port`, or leave it out and a free one is taken.',
  CONFLICT: 'The item named above is not in a state that allows this.',
  ARCHIVE_UNREADABLE: 'Choose another archive file, or check its permissions.',
  ARCHIVE_READ_ONLY: 'Start Grokscope without --read-only to change the archive.',
  ARCHIVE_NEWER: 'Open it with the newer version of Grokscope that wrote it.',
  ARCHIVE_UNFINISHED: 'Open it again: the archive is intact, and its upgrade continues from where it stopped.',
  ARCHIVE_LOCKED: 'Close the other program, or wait for it, and try again; or choose another archive.',
  ARCHIVE_MOVED:
    'Put the archive back where it was, or open it where it is now: what was stored is in it. To see what took its place, open that, or start Grokscope again.',
  FILE_SYSTEM: 'Put the archive on a disk of this machine, and name it with --archive.',
  DISK_FULL:
    'Free space on that disk, or raise the quota or the limit on the size of a file; then resume the run, or try again.',
  RUN_DAMAGED:
    'Import the run from an archive that has it whole, or run its specification again; `grokscope doctor --archive FILE` lists what differs.',
  RUN_NEWER: 'Open the archive with the version of Grokscope that made the run, or with a newer one.',
  DIVERGED:
    'Reduce the step size or the learning rate, or (where it integrates) use an adaptive integrator (one with a tolerance).',
  NOT_POSITIVE_DEFINITE:
    'Add a ridge (dynamics.ridge above 0) or use more hidden units; if the run went well at first, reduce its step size.',
  ZERO_LOSS_UNREACHABLE: 'Use more hidden units or fewer training pairs, or start from a memorizing state.',
  BACKEND_UNAVAILABLE: 'Choose another backend; `grokscope doctor` shows what was found.',
  OUT_OF_MEMORY:
    'Reduce the modulus, the training fraction, the number of hidden units, or how many runs are computed at once (fewer seeds, or more threads for each).',
  WORKER_DIED: 'Resume the run: it continues from its last snapshot.',
  CANCELLED: 'Resume the run to continue it; if an analysis of a run was cancelled, request it again.',
  UNAUTHORIZED: 'Open the address that the laboratory printed when it started.',
  SWEEP_UNFINISHED:
    'Collect its sweep again once it has ended there: the collected run replaces this one, unless you have resumed it; here it can be resumed where no GPU computed it.',
  SCHEDULER: 'Fix the problem that Slurm reports, or try again when it responds; completed and queued tasks are kept.',
  INTERNAL: 'This is a defect of Grokscope; the log holds the details.',
} as const

export type ErrorCode = keyof typeof errorAdvice

/** Failures that are what the dynamics came to. */
export const outcomes = ['DIVERGED', 'NOT_POSITIVE_DEFINITE', 'ZERO_LOSS_UNREACHABLE'] as const satisfies ErrorCode[]

/** Whether a failure is what the dynamics came to; any other says something of the program or the machine, and nothing of the dynamics. */
export function isOutcome(code: ErrorCode | null): boolean {
  return (outcomes as readonly (ErrorCode | null)[]).includes(code)
}

/** A plain error as it crosses a process or the network. */
export interface ErrorRecord {
  code: ErrorCode
  message: string
  detail?: unknown
}

/** Characters of a message, whoever made it and whatever it quotes. */
export const longestMessage = 4000

/** An expected failure: the message quotes the offending value and says what is allowed. */
export class LabError extends Error {
  readonly code: ErrorCode
  readonly detail: unknown

  /** `cause` is what led to it, for the log. */
  constructor(code: ErrorCode, message: string, detail?: unknown, options?: ErrorOptions) {
    super(shorten(message, longestMessage), options)
    this.name = 'LabError'
    this.code = code
    this.detail = detail
  }

  get advice(): string {
    return errorAdvice[this.code]
  }

  static fromRecord(record: ErrorRecord): LabError {
    return new LabError(record.code, record.message, record.detail)
  }
}

/** Why the system takes no more bytes, by the code of its error. */
export const diskLimits: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of this user is used up',
  EFBIG: 'a file may not grow that large here',
}

/** What V8 and Node throw, by various names, where the system gives no more memory. */
const memoryLimits =
  /^Array buffer allocation failed|^Data cannot be cloned, out of memory|could not allocate memory|Unable to grow instance memory|\bENOMEM\b|ERR_MEMORY_ALLOCATION_FAILED/

/**
 * A `LabError` as it is, a disk that is full and a memory that is by codes of their own; anything else becomes `INTERNAL` with
 * its own message.
 */
export function toErrorRecord(error: unknown): ErrorRecord {
  if (error instanceof LabError) {
    const { code, message, detail } = error
    return detail === undefined ? { code, message } : { code, message, detail }
  }
  const message = error instanceof Error ? error.message : String(error)
  const { code = '' } = (error ?? {}) as { code?: unknown }
  const limit = diskLimits[String(code)]
  if (limit) return { code: 'DISK_FULL', message: shorten(`${limit}: ${message}`, longestMessage) }
  if (memoryLimits.test(message) || memoryLimits.test(String(code))) {
    return { code: 'OUT_OF_MEMORY', message: shorten(`this machine has no memory left: ${message}`, longestMessage) }
  }
  return { code: 'INTERNAL', message: shorten(message, longestMessage) }
}

export type Result<T> = { ok: true; data: T } | { ok: false; error: ErrorRecord }
