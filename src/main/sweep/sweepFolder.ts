import { shellQuoted } from '../../shared/shellQuoted.ts'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { LabError, toErrorRecord } from '../../shared/errors.ts'
import { toRunSpec, type RunSpec } from '../../shared/experiment.ts'
import type { Change } from '../../shared/specification/paths.ts'
import { changesOfCells, describeCell, parseSweep, planCell, type SweepCell } from '../../shared/sweep/planSweep.ts'
import { maxSweepRuns, seedsOf, type SweepSpec } from '../../shared/sweep/sweepSchema.ts'
import { tryStep } from '../../shared/tryStep.ts'
import { version } from '../../shared/version.ts'
import { namesIn, readingFailure, readOrExplain } from '../files/fileFailures.ts'
import { makeFolder } from '../files/makeFolder.ts'
import { writeWhole } from '../files/writeWhole.ts'
import { specificationHash, specificationHashes } from '../store/specificationHash.ts'
import { putFile } from './putFile.ts'
import { keyOf, shortKey, type SweepPlan } from './sweepPlan.ts'
import { dataFile, dataHashOf, writeSweepDataset } from './sweepDataset.ts'
import { hasStarts, readStoredStart, startCheck, startsFolder, writeSweepStarts } from './sweepStarts.ts'

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

/** The folder within it with what its runs told. */
export const journalsFolder = 'journals'

const sweepName = 'sweep.json'

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
 * files that compute its tasks; `gpu` is what computes it, where WebAssembly does not. Of several programs that make the same folder at
 * once, one does, and the others find it. Throws CONFLICT where another sweep or anything else is there.
 */
export async function prepareSweepFolder(
  path: string,
  { spec, keys, key, perTask, dataset, starts }: SweepPlan,
  program: readonly string[],
  gpu: string | null = null,
): Promise<SweepFolder> {
  if (existsSync(join(path, sweepName))) return openPrepared(path, key)
  if (!dataset && dataHashOf(spec) !== undefined) throw new Error('a sweep over data is planned with its data')
  if (!starts && hasStarts(spec)) throw new Error('a sweep of starts from files is planned with them')
  const others = existsSync(path) ? namesIn(path).filter((name) => !isOwn(name)) : []
  if (others.length > 0) {
    throw new LabError('CONFLICT', `${path} holds other files, such as ${others[0]}; choose another folder`)
  }
  for (const part of [journalsFolder, 'program']) makeFolder(join(path, part))
  for (const file of program) {
    await putFile(join(path, 'program', basename(file)), readFileSync(file))
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
  await writeFirst(join(path, sweepName), content)
  return openPrepared(path, key)
}

/** Throws CONFLICT where it is another sweep. */
function openPrepared(path: string, key: string): SweepFolder {
  const present = openSweepFolder(path)
  if (present.key === key) return present
  throw new LabError('CONFLICT', `${path} holds another sweep, "${present.spec.name}"; choose another folder`)
}

/** Writes a file of JSON; `false` where another program has written it by now. */
async function writeFirst(path: string, content: object): Promise<boolean> {
  try {
    await writeWhole(path, [`${JSON.stringify(content)}\n`])
    return true
  } catch (error) {
    if (toErrorRecord(error).code === 'FILE_EXISTS') return false
    throw error
  }
}

/** The folder of a sweep where it is named, or what it was planned as in it. */
export function namedFolder(path: string): string {
  return basename(path) === sweepName ? dirname(path) : path
}

/** Whether this is what the folder of a sweep has in `sweep.json`, rather than the specification of one. */
export function isPlanned(given: unknown): given is { gpu?: string } {
  return typeof given === 'object' && given !== null && 'sweep' in given && 'keys' in given
}

/** Throws INVALID_FILE where there is no sweep, or not as it was planned, and ARCHIVE_NEWER where a newer version made it. */
export function openSweepFolder(path: string): SweepFolder {
  const file = join(path, sweepName)
  let given: unknown
  const found = readOrExplain(path, (path) => statSync(path, { throwIfNoEntry: false }))
  if (found?.isFile()) throw new LabError('INVALID_FILE', `${path} is a file; the folder of a sweep is needed`)
  // A folder may be listed by whom it does not let in.
  const isThere = found && readOrExplain(file, (path) => statSync(path, { throwIfNoEntry: false })) !== undefined
  if (!isThere) {
    const reason = found ? `there is no ${sweepName} in it` : 'there is no such folder'
    throw new LabError('INVALID_FILE', `${path} is not a sweep folder: ${reason}`)
  }
  try {
    given = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new LabError('INVALID_FILE', `${file} is no sweep: ${readingFailure(error)}`)
  }
  const { sweep } = (given ?? {}) as { sweep?: unknown }
  const newest = sweepVersions.ofGpu
  if (typeof sweep === 'number' && sweep > newest) {
    throw new LabError('ARCHIVE_NEWER', `${file} has version ${sweep}; this program reads up to ${newest}`)
  }
  const parsed = sweepFile.safeParse(given)
  if (!parsed.success || parsed.data.key !== keyOf(parsed.data.keys)) {
    const isSpecification = !isPlanned(given) && typeof given === 'object' && given !== null && 'axes' in given
    const way = `\`grokscope sweep run ${shellQuoted(file)} --out FOLDER\` makes its folder`
    throw new LabError(
      'INVALID_FILE',
      isSpecification
        ? `${file} is the specification of a sweep, and this is not a sweep folder; ${way}`
        : `${file} is not as it was planned; plan the sweep again, into another folder`,
    )
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
    const text = readOrExplain(file, (path) => readFileSync(path, 'utf8'))
    const parsed = roundFile.safeParse(
      tryStep(
        () => JSON.parse(text) as unknown,
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
 * that is wrong, that is there already, or too much, and CONFLICT where another program has added that round; nothing is written then.
 */
export async function addRound(sweep: SweepFolder, changes: readonly (readonly Change[])[]): Promise<SweepFolder> {
  const cells = changes.map((each) => planCell(sweep.spec, each))
  const starts = startCheck(sweep.spec, (hash) => readStoredStart(sweep.path, hash))
  cells.forEach(starts.look)
  starts.require()
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
  const file = roundPath(sweep.path, round)
  if (!(await writeFirst(file, content))) {
    throw new LabError('CONFLICT', `${file} is there by now: another program has refined this sweep; refine it again`)
  }
  return openSweepFolder(sweep.path)
}

/** Another one once the plan of a sweep was replaced, however its folder is called; undefined where there is none that can be reached. */
export function planStamp(path: string): string | undefined {
  const found = tryStep(
    () => statSync(join(path, sweepName), { throwIfNoEntry: false }),
    () => undefined,
  )
  return found && `${found.ino} ${found.mtimeMs} ${found.size}`
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
export function requireSameVersion({ grokscope, path, program, gpu }: SweepFolder): void {
  const folder = join(path, 'program')
  if (program !== null && (!existsSync(folder) || hashOfFiles(folder) !== program)) {
    throw new LabError(
      'CONFLICT',
      `${folder} is not the program that was put there: a file in it was changed, added or removed; plan the sweep again, into another folder, and move the journals there`,
    )
  }
  if (grokscope === version) return
  // The program in the folder computes on the processor alone.
  const way = `, or by \`node ${shellQuoted(join(path, 'program', 'task.mjs'))} ${shellQuoted(path)} INDEX\``
  throw new LabError(
    'CONFLICT',
    `${path} was planned by Grokscope ${grokscope}, this is ${version}; go on with that${gpu === null ? way : ''}`,
  )
}

/** Its folders are called by their arithmetic alone in an archive. */
const unnamedVersion = '0.1.0'

/**
 * What an archive calls the sweep: by its key, the GPU that computes it, if one does, and the version that planned it, since equal keys
 * promise equal bits on one arithmetic and within one version alone. Its runs there are tagged `sweep:KEY` by this.
 */
export function archiveKey({ key, gpu, grokscope }: Pick<SweepFolder, 'key' | 'gpu' | 'grokscope'>): string {
  const others = [...(gpu === null ? [] : [gpu]), ...(grokscope === unnamedVersion ? [] : [grokscope])]
  if (others.length === 0) return key
  return shortKey(
    createHash('sha256')
      .update([key, ...others].join('\n'))
      .digest('hex'),
  )
}

/** The command that goes on with a sweep where it lies, as it is typed. */
export function sweepRunCommand({ path, gpu }: Pick<SweepFolder, 'path' | 'gpu'>): string {
  return `grokscope sweep run ${shellQuoted(path)}${gpu === null ? '' : ' --on gpu'}`
}

/**
 * Refuses to compute a sweep by another arithmetic than the one that its folder was made for: a GPU, or null for WebAssembly. Equal keys
 * promise equal bits on one alone.
 */
export function requireArithmetic({ path, gpu }: SweepFolder, own: string | null): void {
  if (gpu === own) return
  const named = (arithmetic: string | null) => arithmetic ?? 'the processor, by WebAssembly'
  const way = `\`${sweepRunCommand({ path, gpu })}\` goes on where that is; or choose another folder`
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

/** Of all but hidden files, which a system leaves where somebody looks. */
function hashOfFiles(folder: string): string {
  const hash = createHash('sha256')
  const names = namesIn(folder).filter((name) => !name.startsWith('.'))
  for (const name of names.sort()) {
    hash.update(`${name}\n`).update(readOrExplain(join(folder, name), (path) => readFileSync(path)))
  }
  return hash.digest('hex')
}

/** Also what another program made by now, what a kill left between the making of a folder and its sweep.json, and what macOS leaves in any folder. */
function isOwn(name: string): boolean {
  const isLeft = /^(\.grokscope-.*\.part|\.DS_Store|\._.*)$/.test(name)
  return isLeft || [sweepName, journalsFolder, 'program', dataFile, startsFolder].includes(name)
}
