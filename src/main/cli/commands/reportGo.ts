import { shellQuoted } from '../../../shared/shellQuoted.ts'
import { errorAdvice, type ErrorRecord } from '../../../shared/errors.ts'
import { printable, printableJson } from '../../../shared/printable.ts'
import { describeCell } from '../../../shared/sweep/planSweep.ts'
import { seedsOf } from '../../../shared/sweep/sweepSchema.ts'
import type { SweepFolder } from '../../sweep/sweepFolder.ts'
import { surveySweep, type SweepSurvey } from '../../sweep/sweepJournals.ts'
import { countThings } from '../../../shared/formatting/countThings.ts'

/** What more is said of a go at a sweep. */
export interface GoRemarks {
  /** What the command has after the folder. */
  options?: string
  /** Further fields of `--json`, and a line where it is not asked for. */
  fields?: object
  line?: string
}

/** Tells what one go at a sweep came to, and what its folder holds now; runs that failed or have not ended make the exit code 1. */
export function reportGo(
  folder: SweepFolder,
  problems: ReadonlyMap<string, ErrorRecord>,
  { json }: { json?: boolean },
  { options = '', fields = {}, line }: GoRemarks = {},
): void {
  for (const [run, { message }] of problems) process.stderr.write(`${printable(`run ${run}: ${message}`)}\n`)
  for (const code of new Set([...problems.values()].map((problem) => problem.code))) {
    process.stderr.write(`${errorAdvice[code]}\n`)
  }
  const { finished, failed, failures, open } = surveySweep(folder)
  if (failed + open.length > 0) process.exitCode = 1
  if (json) {
    const counts = { folder: folder.path, finished, failed, open: open.length, failures: failedRuns(folder, failures) }
    process.stdout.write(`${printableJson({ ...counts, ...fields })}\n`)
    return
  }
  tellFailures(folder, failures)
  print(`${folder.path}: ${finished} finished, ${failed} failed, ${open.length} not ended`)
  if (line !== undefined) print(line)
  if (open.length > 0) print(`\`grokscope sweep run ${shellQuoted(folder.path)}${options}\` goes on`)
}

const shownFailures = 5

/** The runs of a sweep that failed, and why, as JSON has them. */
export function failedRuns({ spec, cells }: SweepFolder, failures: SweepSurvey['failures']) {
  const seeds = seedsOf(spec)
  return failures.map(({ place, end: { step, code = null, message = null } }) => {
    const changes = cells[Math.floor(place / seeds.length)]!
    const at = Object.fromEntries(changes.map(({ path, value }) => [path, value]))
    return { at, seed: seeds[place % seeds.length]!, step, code, message }
  })
}

/** Says which runs of a sweep failed, and why: they have ended, and no go computes them again. */
export function tellFailures({ spec, cells }: SweepFolder, failures: SweepSurvey['failures']): void {
  const seeds = seedsOf(spec)
  for (const { place, end } of failures.slice(0, shownFailures)) {
    const cell = describeCell(cells[Math.floor(place / seeds.length)]!)
    const words = `${cell}, seed ${seeds[place % seeds.length]} failed at step ${end.step}: ${end.message ?? end.code}`
    process.stderr.write(`${printable(words)}\n`)
  }
  if (failures.length > shownFailures) process.stderr.write(`… and ${failures.length - shownFailures} more runs\n`)
  if (failures.length > 0)
    process.stderr.write('a run that failed has ended; the same command does not compute it again\n')
}

const secondsBetweenLines = 2

/** Says how many runs have ended, now and then. */
export function progressLines(): (ended: number, of: number) => void {
  let toldAt = 0
  return (ended, of) => {
    if (Date.now() - toldAt < secondsBetweenLines * 1000) return
    toldAt = Date.now()
    process.stderr.write(`${ended} of ${countThings(of, 'run')}\n`)
  }
}

function print(line: string): void {
  process.stdout.write(`${printable(line)}\n`)
}
