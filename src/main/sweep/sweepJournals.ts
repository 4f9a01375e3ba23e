import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { toErrorRecord } from '../../shared/errors.ts'
import type { RunEvent } from '../../shared/run.ts'
import { tryStep } from '../../shared/tryStep.ts'
import { explainWriting, namesIn, readOrExplain } from '../files/fileFailures.ts'
import { assembleRun, isEnd, type AssembledRun, type RunEnd } from '../journal/assembleRun.ts'
import { createJournal, eventsOf, readJournal, type Frame, type Journal } from '../journal/journal.ts'
import { journalsFolder, type SweepFolder } from './sweepFolder.ts'

/**
 * The journals in a folder, by the key of their run; of runs that are none of the sweep's too. None where their folder is gone, as
 * what copies files alone loses an empty one. Throws INVALID_FILE where it cannot be read.
 */
export function listJournals({ path }: SweepFolder): Map<string, string[]> {
  const folder = join(path, journalsFolder)
  const found = new Map<string, string[]>()
  if (!existsSync(folder)) return found
  const names = namesIn(folder).sort()
  for (const name of names) {
    // A hidden file is one that a system has put beside a journal.
    if (name.startsWith('.') || !name.endsWith('.events')) continue
    const run = name.split('.')[0]!
    found.set(run, [...(found.get(run) ?? []), join(folder, name)])
  }
  return found
}

const problemsFolder = 'problems'

/** Where it stands why a run could not be computed: an error of Grokscope or of the machine, no outcome of the run. */
export function problemPath({ path }: SweepFolder, run: string): string {
  return join(path, problemsFolder, `${run}.txt`)
}

/** The runs of which there is such a text. */
export function listProblems({ path }: SweepFolder): string[] {
  const folder = join(path, problemsFolder)
  if (!existsSync(folder)) return []
  const names = namesIn(folder)
  return names.flatMap((name) => /^([0-9a-f]{20})\.txt$/.exec(name)?.[1] ?? [])
}

/** Such a text. Throws INVALID_FILE where it cannot be read. */
export function readProblem(sweep: SweepFolder, run: string): string {
  return readOrExplain(problemPath(sweep, run), (path) => readFileSync(path, 'utf8')).trim()
}

/** Takes such a text away, if there is one, once its run was computed; in a folder that cannot be written it stays. */
export function forgetProblem(sweep: SweepFolder, run: string): void {
  tryStep(
    () => rmSync(problemPath(sweep, run), { force: true }),
    () => undefined,
  )
}

/** The arithmetic of every run of a sweep. */
export const sweepArithmetic = { kind: 'wasm', threads: 1, reason: 'a sweep: the same bits on every machine' } as const

/** Begins an attempt at a run: a file that only this process writes. Throws FILE_UNWRITABLE, or what a full disk says. */
export function beginAttempt({ path, key }: SweepFolder, run: string): Journal {
  const host = hostname()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
  const attempt = `${Date.now().toString(36)}-${host}-${randomBytes(4).toString('hex')}`
  const folder = join(path, journalsFolder)
  const file = join(folder, `${run}.${attempt}.events`)
  try {
    if (!existsSync(folder)) mkdirSync(folder)
    return createJournal(file, { key, run })
  } catch (error) {
    throw toErrorRecord(error).code === 'DISK_FULL' ? error : explainWriting(file, error)
  }
}

/** What all attempts at a run come to. */
export function readRun(
  sweep: SweepFolder,
  run: string,
  paths: readonly string[] = [],
): AssembledRun & Pick<RunState, 'foreign'> {
  const { attempts, foreign } = readOwn(sweep, run, paths, (frames) => [...eventsOf(frames)])
  return { ...assembleRun(attempts), foreign }
}

/** What has become of a run. */
export interface RunState {
  /** Whether anything of it is told; not where a process made its journal and no more. */
  hasBegun: boolean
  /** How it ended; undefined where it has not. */
  end: RunEnd | undefined
  /** Files under its key that hold nothing of it. */
  foreign: string[]
}

/** The same of journals of any size: the matrices of their snapshots are not held, nor anything between the ends of one that is alone. */
export function readState(sweep: SweepFolder, run: string, paths: readonly string[] = []): RunState {
  const read = paths.length > 1 ? withoutMatrices : endsOf
  const { attempts, foreign } = readOwn(sweep, run, paths, read)
  let hasBegun = false
  for (const told of attempts) {
    const [first] = told
    if (first?.type !== 'started' || first.step > 0) continue
    hasBegun = true
    const last = told.at(-1)
    if (last && isEnd(last)) return { hasBegun, end: last, foreign }
  }
  return { hasBegun, end: attempts.length > 1 ? assembleRun(attempts).end : undefined, foreign }
}

function withoutMatrices(frames: Iterable<Frame>): RunEvent[] {
  return Array.from(eventsOf(frames), (event) =>
    event.type === 'snapshot' ? { ...event, snapshot: { ...event.snapshot, matrices: {} } } : event,
  )
}

/** What the first frame tells and the last. */
function endsOf(frames: Iterable<Frame>): RunEvent[] {
  let first: RunEvent[] | undefined
  let latest: Frame | undefined
  for (const frame of frames) {
    first ??= [...eventsOf([frame])]
    latest = frame
  }
  return first && latest ? [...first, ...eventsOf([latest])] : []
}

/** What `read` makes of the attempts at a run. Journals of another sweep or another run count for nothing. */
function readOwn(
  { key }: SweepFolder,
  run: string,
  paths: readonly string[],
  read: (frames: Iterable<Frame>) => RunEvent[],
) {
  const attempts: RunEvent[][] = []
  const foreign: string[] = []
  for (const path of paths) {
    const told = readJournal(path, ({ header, frames }) =>
      header.key === key && header.run === run ? read(frames) : undefined,
    )
    if (told) attempts.push(told)
    else foreign.push(path)
  }
  return { attempts, foreign }
}

/** What has become of the runs of a sweep, as its journals have it. */
export interface SweepSurvey {
  runs: number
  finished: number
  failed: number
  /** The places of those that failed, with what ended them. */
  failures: { place: number; end: RunEnd }[]
  /** Begun, and not ended: some process computes it, or did. */
  begun: number
  /** The places of those that have not ended. */
  open: number[]
  /** Files among the journals that are none of the sweep's, or have not one whole frame. */
  foreign: string[]
}

export function surveySweep(sweep: SweepFolder): SweepSurvey {
  const journals = listJournals(sweep)
  const counts = { runs: sweep.keys.length, finished: 0, failed: 0, begun: 0 }
  const survey: SweepSurvey = { ...counts, failures: [], open: [], foreign: [] }
  sweep.keys.forEach((key, place) => {
    const { hasBegun, end, foreign } = readState(sweep, key, journals.get(key))
    if (!end) survey.open.push(place)
    if (!end && hasBegun) survey.begun += 1
    if (end) survey[end.status === 'finished' ? 'finished' : 'failed'] += 1
    if (end && end.status !== 'finished') survey.failures.push({ place, end })
    survey.foreign.push(...foreign)
  })
  survey.foreign.push(...ofOtherRuns(sweep, journals))
  return survey
}

/** Journals under names that no run of the sweep has. */
export function ofOtherRuns({ keys }: SweepFolder, journals: ReadonlyMap<string, readonly string[]>): string[] {
  const known = new Set(keys)
  return [...journals].flatMap(([run, paths]) => (known.has(run) ? [] : paths))
}
