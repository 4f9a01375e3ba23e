import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { assembleRun, type AssembledRun, type RunEnd } from '../journal/assembleRun.ts'
import { createJournal, eventsOf, readJournal, type Journal } from '../journal/journal.ts'
import type { SweepFolder } from './sweepFolder.ts'

/** The journals in a folder, by the key of their run; of runs that are none of the sweep's too. */
export function listJournals({ path }: SweepFolder): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const name of readdirSync(join(path, 'journals')).sort()) {
    if (!name.endsWith('.events')) continue
    const run = name.split('.')[0]!
    found.set(run, [...(found.get(run) ?? []), join(path, 'journals', name)])
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
  return existsSync(folder) ? readdirSync(folder).flatMap((name) => /^([0-9a-f]{20})\.txt$/.exec(name)?.[1] ?? []) : []
}

/** The arithmetic of every run of a sweep. */
export const sweepArithmetic = { kind: 'wasm', threads: 1, reason: 'a sweep: the same bits on every machine' } as const

/** Begins an attempt at a run: a file that only this process writes. */
export function beginAttempt({ path, key }: SweepFolder, run: string): Journal {
  const host = hostname()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
  const attempt = `${Date.now().toString(36)}-${host}-${randomBytes(4).toString('hex')}`
  return createJournal(join(path, 'journals', `${run}.${attempt}.events`), { key, run })
}

/** What all attempts at a run come to. */
export function readRun(sweep: SweepFolder, run: string, paths: readonly string[] = []): AssembledRun {
  return assembleRun(ownFrames(sweep, run, paths).map(eventsOf))
}

/** How a run ended, without putting together what one attempt says alone; undefined where it has not. */
export function readEnd(sweep: SweepFolder, run: string, paths: readonly string[] = []): RunEnd | undefined {
  const attempts = ownFrames(sweep, run, paths)
  for (const frames of attempts) {
    const [first] = eventsOf(frames.slice(0, 1))
    const last = eventsOf(frames.slice(-1)).at(-1)
    const isWhole = first?.type === 'started' && first.step === 0
    if (isWhole && last?.type === 'settled' && last.status !== 'cancelled') return last
  }
  return attempts.length > 1 ? assembleRun(attempts.map(eventsOf)).end : undefined
}

/** Journals of another sweep or another run count for nothing. */
function ownFrames({ key }: SweepFolder, run: string, paths: readonly string[]): Buffer[][] {
  return paths.flatMap((path) => {
    const journal = readJournal(path)
    return journal?.header.key === key && journal.header.run === run ? [journal.frames] : []
  })
}

/** What has become of the runs of a sweep, as its journals have it. */
export interface SweepSurvey {
  runs: number
  finished: number
  failed: number
  /** Begun, and not ended: some process computes it, or did. */
  begun: number
  /** The places of those that have not ended. */
  open: number[]
  /** Files among the journals that are none of the sweep's, or have not one whole frame. */
  foreign: string[]
}

export function surveySweep(sweep: SweepFolder): SweepSurvey {
  const journals = listJournals(sweep)
  const survey: SweepSurvey = { runs: sweep.keys.length, finished: 0, failed: 0, begun: 0, open: [], foreign: [] }
  sweep.keys.forEach((key, place) => {
    const paths = journals.get(key) ?? []
    const end = readEnd(sweep, key, paths)
    if (!end) survey.open.push(place)
    if (!end && paths.length > 0) survey.begun += 1
    if (end) survey[end.status === 'finished' ? 'finished' : 'failed'] += 1
  })
  const known = new Set(sweep.keys)
  for (const [run, paths] of journals) if (!known.has(run)) survey.foreign.push(...paths)
  return survey
}
