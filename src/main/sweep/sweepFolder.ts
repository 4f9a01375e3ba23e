import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { LabError } from '../../shared/errors.ts'
import { estimateCost } from '../../shared/estimate.ts'
import { toRunSpec, type RunSpec } from '../../shared/experiment.ts'
import type { Change } from '../../shared/specification/paths.ts'
import { changesOfCells, describeCell, parseSweep, planCell, type SweepCell } from '../../shared/sweep/planSweep.ts'
import { maxSweepRuns, seedsOf, type SweepSpec } from '../../shared/sweep/sweepSchema.ts'
import type { Dataset } from '../../shared/tasks/dataset.ts'
import { tryStep } from '../../shared/tryStep.ts'
import { version } from '../../shared/version.ts'
import { explainWriting } from '../files/fileFailures.ts'
import { writeWhole } from '../files/writeWhole.ts'
import { assembleRun, type AssembledRun, type RunEnd } from '../journal/assembleRun.ts'
import { createJournal, eventsOf, readJournal, type Journal } from '../journal/journal.ts'
import { specificationHash, specificationHashes } from '../store/specificationHash.ts'
import { dataFile, dataHashOf, writeSweepDataset } from './sweepDataset.ts'
import {
  hasStarts,
  readStoredStart,
  startCheck,
  startsFolder,
  writeSweepStarts,
  type SweepStarts,
} from './sweepStarts.ts'

/** A sweep before anything is written: all its cells are valid, and no two of its runs are the same. */
export interface SweepPlan {
  spec: SweepSpec
  cells: SweepCell[]
  /** Of the runs in their order: cell by cell, and in each seed by seed. */
  keys: string[]
  /** Of the whole sweep. */
  key: string
  /** Runs of one task. */
  perTask: number
  cost: SweepCost
  /** What its runs are set before, where that is data from a file; whoever makes its folder has to know it. */
  dataset?: Dataset | undefined
  /** What its runs start from, where these are files; the same of whoever makes its folder. */
  starts?: SweepStarts | undefined
}

/** Its runs, in the order of their keys. */
export function runsOf({ cells, spec }: Pick<SweepPlan, 'cells' | 'spec'>): { spec: RunSpec }[] {
  return cells.flatMap((cell) => seedsOf(spec).map((seed) => ({ spec: toRunSpec(cell.spec, seed) })))
}

/** What a sweep is foreseen to cost. */
export interface SweepCost {
  /** Of one core, in all. */
  seconds: number
  /** Of the largest run. */
  memoryBytes: number
  /** In all, before compression. */
  diskBytes: number
}

/** Checks a sweep and every cell of it, also against its starts where these are given. Throws INVALID_SPECIFICATION. */
export function planSweep(input: unknown, starts?: SweepStarts): SweepPlan {
  const planning = planInSteps(input, starts)
  for (;;) {
    const { done, value } = planning.next()
    if (done) return value
  }
}

/** The same cell by cell, for a host that has other things to do in between. */
export function* planInSteps(input: unknown, starts?: SweepStarts): Generator<void, SweepPlan> {
  const spec = parseSweep(input)
  const requireStart = starts && startCheck(spec, (hash) => starts.get(hash) ?? {})
  const cells: SweepCell[] = []
  const keys: string[] = []
  for (const changes of changesOfCells(spec)) {
    const cell = planCell(spec, changes)
    requireStart?.(cell)
    cells.push(cell)
    keys.push(...specificationHashes(cell.spec).map(shortKey))
    yield
  }
  requireDistinct(keys, cells)
  const cost = costOf(cells)
  return { spec, cells, keys, key: keyOf(keys), perTask: runsPerTask(cost.seconds, keys.length), cost, starts }
}

/** A sweep as its folder has it. FORMAT.md of the journals describes the folder. */
export interface SweepFolder {
  path: string
  key: string
  spec: SweepSpec
  /** What the cells set: those of the axes, then those of each round. */
  cells: readonly (readonly Change[])[]
  keys: readonly string[]
  /** How often it was refined. */
  rounds: number
  perTask: number
  /** The version that planned it. */
  grokscope: string
  /** The hash of the program in the folder, as it was put there; null where there is none. */
  program: string | null
  /** The GPU that computes all of its runs, with driver and kernel; null where WebAssembly does. */
  gpu: string | null
}

/** The second names a GPU, which versions that know the first alone would pass over. */
const sweepVersions = { ofProcessor: 1, ofGpu: 2 } as const

const key = z.string().regex(/^[0-9a-f]{20}$/)

const plannedFields = {
  grokscope: z.string(),
  key: z.string(),
  program: z.string().nullable(),
  perTask: z.int().min(1),
  spec: z.unknown(),
  keys: z.array(key),
}
const sweepFile = z.discriminatedUnion('sweep', [
  z.object({ sweep: z.literal(sweepVersions.ofProcessor), ...plannedFields, gpu: z.undefined().optional() }),
  z.object({ sweep: z.literal(sweepVersions.ofGpu), ...plannedFields, gpu: z.string() }),
])

/** Cells that were added to a sweep after its runs had ended: data like the sweep itself. */
const roundFile = z.object({
  round: z.int().min(1),
  sweep: key,
  cells: z.array(z.array(z.object({ path: z.string(), value: z.unknown() })).min(1)).min(1),
  keys: z.array(key),
})

/**
 * The folder of a sweep: made where there is none, else the one that is there, if it is of this very sweep. `program` are the
 * files that compute its tasks; `gpu` is what computes it, where WebAssembly does not. Throws CONFLICT where another sweep or anything else is there.
 */
export async function prepareSweepFolder(
  path: string,
  { spec, keys, key, perTask, dataset, starts }: SweepPlan,
  program: readonly string[],
  gpu: string | null = null,
): Promise<SweepFolder> {
  if (existsSync(join(path, 'sweep.json'))) {
    const present = openSweepFolder(path)
    if (present.key === key) return present
    throw new LabError('CONFLICT', `${path} holds another sweep, "${present.spec.name}"; choose another folder`)
  }
  if (!dataset && dataHashOf(spec) !== undefined) throw new Error('a sweep over data is planned with its data')
  if (!starts && hasStarts(spec)) throw new Error('a sweep of starts from files is planned with them')
  try {
    const others = existsSync(path) ? readdirSync(path).filter((name) => !isOwn(name)) : []
    if (others.length > 0) {
      throw new LabError('CONFLICT', `${path} holds other files, such as ${others[0]}; choose another folder`)
    }
    for (const part of ['journals', 'program']) mkdirSync(join(path, part), { recursive: true })
  } catch (error) {
    throw explainWriting(path, error)
  }
  for (const file of program) {
    await writeWhole(join(path, 'program', basename(file)), [readFileSync(file)], { replace: true })
  }
  if (dataset) await writeSweepDataset(path, dataset)
  if (starts) await writeSweepStarts(path, starts)
  const content = {
    sweep: gpu === null ? sweepVersions.ofProcessor : sweepVersions.ofGpu,
    grokscope: version,
    key,
    program: program.length > 0 ? hashOfFiles(join(path, 'program')) : null,
    perTask,
    spec,
    keys,
    ...(gpu === null ? {} : { gpu }),
  }
  await writeWhole(join(path, 'sweep.json'), [`${JSON.stringify(content)}\n`])
  return openSweepFolder(path)
}

/** Throws INVALID_FILE where there is no sweep, or not as it was planned, and ARCHIVE_NEWER where a newer version made it. */
export function openSweepFolder(path: string): SweepFolder {
  const file = join(path, 'sweep.json')
  let given: unknown
  try {
    given = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new LabError('INVALID_FILE', `${file} is no sweep: ${(error as Error).message}`)
  }
  const { sweep } = (given ?? {}) as { sweep?: unknown }
  const newest = sweepVersions.ofGpu
  if (typeof sweep === 'number' && sweep > newest) {
    throw new LabError('ARCHIVE_NEWER', `${file} has version ${sweep}; this program reads up to ${newest}`)
  }
  const parsed = sweepFile.safeParse(given)
  if (!parsed.success || parsed.data.key !== keyOf(parsed.data.keys)) {
    throw new LabError('INVALID_FILE', `${file} is not as it was planned; plan the sweep again, into another folder`)
  }
  const { key, perTask, grokscope, program, gpu = null } = parsed.data
  const spec = parseSweep(parsed.data.spec)
  const rounds = readRounds(path, key)
  return {
    path,
    key,
    cells: [...changesOfCells(spec), ...rounds.flatMap(({ cells }) => cells)],
    keys: [...parsed.data.keys, ...rounds.flatMap(({ keys }) => keys)],
    rounds: rounds.length,
    perTask,
    grokscope,
    program,
    gpu,
    spec,
  }
}

/** Each is numbered by the one before, whatever else is in the folder. */
function readRounds(path: string, sweep: string): z.output<typeof roundFile>[] {
  const rounds: z.output<typeof roundFile>[] = []
  for (let round = 1; existsSync(roundPath(path, round)); round++) {
    const file = roundPath(path, round)
    const parsed = roundFile.safeParse(
      tryStep(
        () => JSON.parse(readFileSync(file, 'utf8')) as unknown,
        () => undefined,
      ),
    )
    if (!parsed.success || parsed.data.round !== round || parsed.data.sweep !== sweep) {
      throw new LabError(
        'INVALID_FILE',
        `${file} is no round of this sweep, or not as it was planned; take it out of the folder`,
      )
    }
    rounds.push(parsed.data)
  }
  return rounds
}

/**
 * Adds cells to a sweep, as `round-N.json`; each has one run for each of its seeds. Throws INVALID_SPECIFICATION naming a cell
 * that is wrong, that is there already, or too much; nothing is written then.
 */
export async function addRound(sweep: SweepFolder, changes: readonly (readonly Change[])[]): Promise<SweepFolder> {
  const cells = changes.map((each) => planCell(sweep.spec, each))
  cells.forEach(startCheck(sweep.spec, (hash) => readStoredStart(sweep.path, hash)))
  const keys = cells.flatMap(({ spec }) => specificationHashes(spec).map(shortKey))
  const known = new Set(sweep.keys)
  const twice = keys.findIndex((own) => known.has(own) || !known.add(own))
  if (twice >= 0) {
    const cell = describeCell(cells[Math.floor((twice * cells.length) / keys.length)]!.changes)
    throw new LabError('INVALID_SPECIFICATION', `cell ${cell} is one of the sweep already`)
  }
  if (sweep.keys.length + keys.length > maxSweepRuns) {
    throw new LabError(
      'INVALID_SPECIFICATION',
      `${sweep.keys.length} runs and ${keys.length} more; at most ${maxSweepRuns}`,
    )
  }
  const round = sweep.rounds + 1
  const content = { round, sweep: sweep.key, cells: changes, keys }
  await writeWhole(roundPath(sweep.path, round), [`${JSON.stringify(content)}\n`])
  return openSweepFolder(sweep.path)
}

/** Whether cells were added since it was opened. */
export function hasNewRound({ path, rounds }: SweepFolder): boolean {
  return existsSync(roundPath(path, rounds + 1))
}

function roundPath(path: string, round: number): string {
  return join(path, `round-${round}.json`)
}

/**
 * Refuses to compute what another version planned: equal keys promise equal bits within one version alone; and where the program
 * that the folder holds for that is not the one that was put there.
 */
export function requireSameVersion({ grokscope, path, program }: SweepFolder): void {
  const folder = join(path, 'program')
  if (program !== null && (!existsSync(folder) || hashOfFiles(folder) !== program)) {
    throw new LabError(
      'CONFLICT',
      `${folder} is not the program that was put there: a file in it was changed, added or removed; plan the sweep again, into another folder, and move the journals there`,
    )
  }
  if (grokscope === version) return
  const way = `node ${join(path, 'program', 'task.mjs')} ${path} INDEX`
  throw new LabError(
    'CONFLICT',
    `${path} was planned by Grokscope ${grokscope}, this is ${version}; go on with that, or by \`${way}\``,
  )
}

/**
 * Refuses to compute a sweep by another arithmetic than the one that its folder was made for: a GPU, or null for WebAssembly. Equal keys
 * promise equal bits on one alone.
 */
export function requireArithmetic({ path, gpu }: SweepFolder, own: string | null): void {
  if (gpu === own) return
  const named = (arithmetic: string | null) => arithmetic ?? 'the processor, by WebAssembly'
  const way = `\`grokscope sweep run ${path}${gpu === null ? '' : ' --on gpu'}\` goes on where that is; or choose another folder`
  throw new LabError(
    'CONFLICT',
    `${path} is computed on ${named(gpu)}; this would be ${named(own)}, with other bits; ${way}`,
  )
}

/** Tells the specification of a run by its place. Throws CONFLICT where it is not what its key says. */
export function runSpecs({ spec, cells, keys, path }: SweepFolder): (place: number) => RunSpec {
  const seeds = seedsOf(spec)
  let latest: { changes: readonly Change[]; cell: SweepCell } | undefined
  return (place) => {
    const changes = cells[Math.floor(place / seeds.length)]
    if (!changes) throw new LabError('CONFLICT', `${path} has ${keys.length} keys, and fewer runs`)
    if (latest?.changes !== changes) latest = { changes, cell: planCell(spec, changes) }
    const run = toRunSpec(latest.cell.spec, seeds[place % seeds.length]!)
    if (shortKey(specificationHash(run)) === keys[place]) return run
    throw new LabError(
      'CONFLICT',
      `${path}: run ${place} (${describeCell(changes)}) is not what its key ${keys[place]} says; plan the sweep again, into another folder`,
    )
  }
}

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

function requireDistinct(keys: readonly string[], cells: readonly SweepCell[]): void {
  const places = new Map<string, number>()
  keys.forEach((key, place) => {
    const first = places.get(key)
    if (first === undefined) return places.set(key, place)
    const [one, other] = [first, place].map((each) => {
      const cell = cells[Math.floor((each * cells.length) / keys.length)]!
      return describeCell(cell.changes)
    })
    const message = `axes: cell ${one} and cell ${other} are the same experiment; leave one out`
    throw new LabError('INVALID_SPECIFICATION', message, [{ path: 'axes', value: undefined, message }])
  })
}

/** Multiply-adds a second of one core, about; a sweep says how long it takes before anything is measured. */
export const foreseenSpeed = 5e9

function costOf(cells: readonly SweepCell[]): SweepCost {
  const total: SweepCost = { seconds: 0, memoryBytes: 0, diskBytes: 0 }
  for (const { spec } of cells) {
    const { seconds, memoryBytes, diskBytes } = estimateCost(spec, foreseenSpeed)
    total.seconds += seconds! * spec.seeds.length
    total.memoryBytes = Math.max(total.memoryBytes, memoryBytes)
    total.diskBytes += diskBytes * spec.seeds.length
  }
  return total
}

const secondsPerTask = 1800
const maxTasks = 1000

/** Half an hour of computing, and no more than a thousand tasks. */
function runsPerTask(seconds: number, runs: number): number {
  const ofTime = Math.max(1, Math.floor((secondsPerTask * runs) / seconds))
  return Math.min(runs, Math.max(ofTime, Math.ceil(runs / maxTasks)))
}

function shortKey(hash: string): string {
  return hash.slice(0, 20)
}

function keyOf(keys: readonly string[]): string {
  return shortKey(createHash('sha256').update(keys.join('\n')).digest('hex'))
}

function hashOfFiles(folder: string): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(folder).sort()) hash.update(`${name}\n`).update(readFileSync(join(folder, name)))
  return hash.digest('hex')
}

/** Also what a kill left between the making of a folder and its sweep.json. */
function isOwn(name: string): boolean {
  return ['journals', 'program', dataFile, startsFolder].includes(name) || /^\.grokscope-.*\.part$/.test(name)
}
