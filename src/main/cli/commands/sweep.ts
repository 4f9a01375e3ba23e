import { shellQuoted } from '../../../shared/shellQuoted.ts'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { availableSlots } from '../../engine/host/availableSlots.ts'
import { LabError } from '../../../shared/errors.ts'
import { formatBytes } from '../../../shared/formatting/formatNumber.ts'
import { countThings } from '../../../shared/formatting/countThings.ts'
import { formatDuration } from '../../../shared/formatting/formatTime.ts'
import { printable, printableJson, printableLines } from '../../../shared/printable.ts'
import { describeCell } from '../../../shared/sweep/planSweep.ts'
import { seedsOf } from '../../../shared/sweep/sweepSchema.ts'
import { defaultArchivePath, ownWorkers } from '../../services/nodeLaboratory.ts'
import { completeSweep } from '../../services/interchange/completeSweep.ts'
import { createDatasetReader } from '../../services/interchange/datasetFile.ts'
import { requireMemory, runsAtOnce } from '../../services/requireMemory.ts'
import type { Collection } from '../../../shared/contract/sweeps.ts'
import { collectSweep, type CollectOptions } from '../../services/sweeps/collectSweep.ts'
import { runSweepHere } from '../../services/sweeps/runSweepHere.ts'
import { taskProgram } from '../../services/sweeps/taskProgram.ts'
import { scriptPath } from '../../services/sweeps/slurm/slurmScript.ts'
import { requireSlurmFolder } from '../../services/sweeps/slurm/submitSweep.ts'
import {
  archiveKey,
  isPlanned,
  openSweepFolder,
  prepareSweepFolder,
  requireArithmetic,
  sweepRunCommand,
  type SweepFolder,
} from '../../sweep/sweepFolder.ts'
import { planSweep, type SweepPlan } from '../../sweep/sweepPlan.ts'
import { listProblems, readProblem, surveySweep } from '../../sweep/sweepJournals.ts'
import { hostBehind } from '../jobHost.ts'
import { passSignalsOn } from '../passSignalsOn.ts'
import { standardInput } from '../readJson.ts'
import { stopSignal } from '../stopSignal.ts'
import {
  askQueue,
  describeQueue,
  planOnSlurm,
  readSlurmOptions,
  refuseSlurmOptions,
  runOnSlurm,
  warnOfQueued,
  type SlurmArguments,
} from './sweepOnSlurm.ts'
import { chooseArithmetic } from './chooseArithmetic.ts'
import { describeForecast, forecastOnGpu, refuseOtherOptions, runOnGpu } from './sweepOnGpu.ts'
import { failedRuns, progressLines, reportGo, tellFailures } from './reportGo.ts'
import { readSpecifications } from './run.ts'

interface SweepArguments extends SlurmArguments {
  on: 'here' | 'slurm' | 'gpu' | 'auto'
  out?: string
  slots?: number
  perTask?: number
  json?: boolean
}

/** `grokscope sweep plan SPEC`: what a sweep would come to, on Slurm with the script; nothing is written. */
export async function planCommand(path: string, options: SweepArguments): Promise<void> {
  const { json } = options
  refuseIdleOptions(options)
  if (options.on === 'gpu') refuseOtherOptions(options)
  if (options.on === 'auto') refuseOtherOptions({ ...options, slots: undefined }, 'auto')
  const plan = await readPlan(path, options.perTask)
  const { key, keys, cells, spec, perTask, cost } = plan
  const slurm = options.on === 'slurm' ? await planOnSlurm(plan, folderFor(path, options.out), options) : undefined
  const gpu = options.on === 'gpu' ? await forecastOnGpu(plan.spec) : undefined
  const chosen =
    options.on === 'auto'
      ? await chooseArithmetic({ path: folderFor(path, options.out), plan }, options.slots ?? availableSlots())
      : undefined
  const seeds = seedsOf(spec).length
  const tasks = Math.ceil(keys.length / perTask)
  const coreHours = cost.seconds / 3600
  if (json) {
    const { memoryBytes, diskBytes } = cost
    const figures = { key, cells: cells.length, seeds, runs: keys.length, tasks, coreHours, memoryBytes, diskBytes }
    return print(printableJson({ ...figures, ...slurm, ...(gpu && { gpu }), ...(chosen && { chosen }) }))
  }
  print(
    `${spec.name}: ${countThings(cells.length, 'cell')} × ${countThings(seeds, 'seed')} = ${countThings(keys.length, 'run')}, ${key}`,
  )
  print(`first cell: ${describeCell(cells[0]!.changes)}`)
  print(`last cell:  ${describeCell(cells.at(-1)!.changes)}`)
  print(
    `estimated:  ${formatDuration(cost.seconds)} on one core, in ${countThings(tasks, 'task')}, ${formatBytes(cost.memoryBytes)} of memory a run, ${formatBytes(cost.diskBytes)} on disk`,
  )
  if (gpu) print(`${describeForecast(gpu)}`)
  if (chosen) print(printable(`chosen:     ${chosen.reason}`))
  if (slurm) print(`\n${slurm.commands.join('\n')}\n\n${scriptPath}:\n${printableLines(slurm.script)}`)
}

/** What a plan says depends on these elsewhere alone. */
function refuseIdleOptions(options: SweepArguments): void {
  const { on, out, stopAfterFailures } = options
  if (on !== 'slurm') refuseSlurmOptions(options)
  if (on === 'here' && stopAfterFailures !== undefined) {
    throw new LabError('USAGE', '--stop-after-failures: is for `sweep run`, and here for --on slurm; leave it out')
  }
  if ((on === 'here' || on === 'gpu') && out !== undefined) {
    throw new LabError('USAGE', `--out: is for \`sweep run\`, and here for --on slurm and auto; leave it out`)
  }
}

/** `grokscope sweep run SPEC|DIR`: begins a sweep or goes on with it; the same command again computes what is missing. */
export async function runCommand(path: string, options: SweepArguments): Promise<void> {
  if (options.on === 'slurm') {
    const request = await readSlurmOptions(options)
    return runOnSlurm(await openOrPrepare(await placeOf(path, options), options), request, options)
  }
  refuseSlurmOptions(options)
  const { slots = availableSlots(), stopAfterFailures } = options
  if (options.on === 'auto') refuseOtherOptions({ ...options, slots: undefined }, 'auto')
  const place = await placeOf(path, options)
  const chosen = options.on === 'auto' ? await chooseArithmetic(place, slots) : undefined
  if (chosen) process.stderr.write(`${printable(`chosen: ${chosen.reason}`)}\n`)
  if (chosen?.on === 'gpu') return runOnGpu(place, { ...options, slots: undefined }, chosen.reason)
  if (options.on === 'gpu') return runOnGpu(place, options)
  const signal = stopSignal()
  const folder = await openOrPrepare(place, { ...options, on: 'here' })
  await warnOfQueued(folder)
  const before = surveySweep(folder)
  warnOfForeign(before.foreign)
  const tell = progressLines()
  const go = await runSweepHere(folder, {
    slots,
    startWorker: ownWorkers(),
    signal,
    stopAfterFailures,
    onProgress: (ended) => tell(ended, before.open.length),
  })
  reportGo(folder, go.problems, options)
}

/** `grokscope sweep status DIR`: by its journals, and by one question to Slurm where it was submitted there. */
export async function statusCommand(path: string, { json }: { json?: boolean }): Promise<void> {
  const folder = openSweepFolder(path)
  const { spec, key, gpu } = folder
  const { runs, finished, failed, failures, begun, open, foreign } = surveySweep(folder)
  const waiting = open.length - begun
  const queue = await askQueue(folder)
  const notEnded = new Set(open.map((place) => folder.keys[place]!))
  const problems = listProblems(folder).filter((run) => notEnded.has(run))
  if (json) {
    const slurm = queue && { running: queue.running, pending: Object.fromEntries(queue.pending) }
    const counts = { runs, finished, failed, begun, waiting, problems: problems.length, foreign: foreign.length }
    const reasons = {
      failures: failedRuns(folder, failures),
      notComputed: problems.map((run) => ({ run, message: readProblem(folder, run) })),
    }
    return print(printableJson({ key, ...counts, gpu, ...(slurm ? { slurm } : {}), ...reasons }))
  }
  warnOfForeign(foreign)
  print(
    printable(
      `${spec.name}: ${countThings(runs, 'run')}: ${finished} finished, ${failed} failed, ${begun} begun, ${waiting} not begun`,
    ),
  )
  if (gpu !== null) print(printable(`computed on ${gpu}`))
  if (queue) print(printable(describeQueue(queue)))
  if (queue?.tasks.size === 0 && open.length > 0) {
    print(printable(`\`grokscope sweep run ${shellQuoted(folder.path)} --on slurm\` submits the rest`))
  }
  tellFailures(folder, failures)
  for (const run of problems.slice(0, shownProblems)) {
    process.stderr.write(`${printable(`run ${run} could not be computed: ${readProblem(folder, run)}`)}\n`)
  }
  if (problems.length > shownProblems) process.stderr.write(`… and ${problems.length - shownProblems} more runs\n`)
}

const shownProblems = 5

/** `grokscope sweep collect DIR`. A window or `serve` that has the archive open takes the runs, and then shows the sweep. */
export async function collectCommand(
  path: string,
  { archive, partial = false, json }: { archive?: string; partial?: boolean; json?: boolean },
): Promise<void> {
  const sweep = openSweepFolder(path)
  const collection = await collect(sweep, archive ?? defaultArchivePath(), { partial })
  const { taken, present, binned, open, begun, beside, foreign } = collection
  const tag = `sweep:${archiveKey(sweep)}`
  if (json) return print(printableJson({ key: sweep.key, tag, ...collection, foreign: foreign.length }))
  warnOfForeign(foreign)
  print(`${countThings(taken, 'run')} added, ${present} already present, ${open} unfinished; tag ${tag}`)
  if (binned > 0) print(`${binned} of those already present ${binned === 1 ? 'is' : 'are'} in the bin of the archive`)
  if (beside > 0) {
    const verb = beside === 1 ? 'lies' : 'lie'
    print(`${beside} of those added ${verb} beside a copy that was resumed or extended in the archive, which is kept`)
  }
  if (open === 0) return
  if (partial)
    print(
      `${collection.partial} of the unfinished runs were added as they are; ${sweep.gpu ? '' : 'resume them, or '}collect again to replace them`,
    )
  print(
    printable(
      `${begun} of the unfinished have begun; \`${sweepRunCommand({ path, gpu: sweep.gpu })}\` computes them, and then they are added`,
    ),
  )
}

async function collect(sweep: SweepFolder, archivePath: string, options: CollectOptions): Promise<Collection> {
  try {
    return collectSweep(sweep, archivePath, options)
  } catch (error) {
    const host = await hostBehind(error)
    if (!host) throw error
    process.stderr.write('the archive is open in another Grokscope, which takes them\n')
    try {
      const { id } = await host.request('sweep.open', { path: resolve(sweep.path) })
      return await host.request('sweep.collect', { sweep: id, ...options })
    } finally {
      host.close()
    }
  }
}

/** `grokscope sweep task DIR INDEX`: by the program that a folder holds, in a process of its own; signals are passed on. */
export async function taskCommand(
  path: string,
  index: number,
  { threads, stopAfterFailures }: { threads?: number; stopAfterFailures?: number },
): Promise<void> {
  const isSource = import.meta.url.endsWith('.ts')
  const entry = fileURLToPath(new URL(isSource ? '../../sweep/task.ts' : '../task/task.mjs', import.meta.url))
  const options = [
    ...(threads === undefined ? [] : ['--threads', String(threads)]),
    ...(stopAfterFailures === undefined ? [] : ['--stop-after-failures', String(stopAfterFailures)]),
  ]
  const child = spawn(process.execPath, [entry, ...options, '--', path, String(index)], { stdio: 'inherit' })
  const endPassing = passSignalsOn(child)
  const [code] = (await once(child, 'close')) as [number | null]
  endPassing()
  process.exitCode = code ?? 1
}

/** The folder of a sweep, or where it will be, and what it is then. */
async function placeOf(path: string, { out, perTask }: SweepArguments): Promise<{ path: string; plan?: SweepPlan }> {
  if (path === standardInput || !existsSync(path) || !statSync(path).isDirectory()) {
    return { path: folderFor(path, out), plan: await readPlan(path, perTask) }
  }
  if (out === undefined) return { path }
  throw new LabError('USAGE', `--out: ${path} is the folder of a sweep already; leave --out out`)
}

async function openOrPrepare(
  { path, plan }: { path: string; plan?: SweepPlan },
  { slots, on, perTask }: SweepArguments,
): Promise<SweepFolder> {
  if (!plan) return onProcessor(openSweepFolder(path))
  if (on === 'here') {
    requireMemory(
      plan.cells.map(({ spec }) => spec),
      { atOnce: runsAtOnce(slots ?? availableSlots(), { kind: 'wasm' }) },
    )
  }
  const program = taskProgram()
  if (on === 'slurm') requireSlurmFolder(path)
  if (on === 'slurm' && program.length === 0)
    throw new LabError('USAGE', 'no program for the nodes: `npm run build` makes it')
  if (program.length === 0) process.stderr.write('no program/ in the folder: `npm run build` makes it\n')
  return onProcessor(await prepareSweepFolder(path, plan, program))

  function onProcessor(folder: SweepFolder): SweepFolder {
    requireArithmetic(folder, null)
    return withTasks(folder, perTask)
  }
}

/** How many runs a task has is part of its number. */
function withTasks(folder: SweepFolder, perTask: number | undefined): SweepFolder {
  if (perTask === undefined || Math.min(perTask, folder.keys.length) === folder.perTask) return folder
  throw new LabError(
    'USAGE',
    `--per-task: ${perTask} is not allowed: ${folder.path} was planned with ${countThings(folder.perTask, 'run')} a task; leave it out, or choose another folder with --out`,
  )
}

function folderFor(path: string, out: string | undefined): string {
  if (out === undefined && path === standardInput) {
    throw new LabError('USAGE', '--out: is needed, since standard input has no name that the folder could have')
  }
  const folder = out ?? resolve(basename(path).replace(/\.json$/, ''))
  if (!existsSync(folder) || statSync(folder).isDirectory()) return folder
  throw new LabError(
    'USAGE',
    `--out: ${folder} is a file; ${out === undefined ? 'choose a folder with --out' : 'a folder is needed'}`,
  )
}

async function readPlan(path: string, perTask?: number): Promise<SweepPlan> {
  const [input, ...more] = await readSpecifications(path)
  if (more.length > 0) throw new LabError('INVALID_FILE', `${path} holds a list; a sweep is one specification`)
  if (isPlanned(input)) {
    const way = sweepRunCommand({ path: dirname(path), gpu: input.gpu ?? null })
    throw new LabError('INVALID_FILE', `${path} was planned already; \`${way}\` goes on with it`)
  }
  const reader = createDatasetReader(() => false)
  const { input: completed, dataset, starts, warnings } = await completeSweep(input, dirname(resolve(path)), reader)
  warn(warnings)
  const plan = { ...planSweep(completed, starts), dataset }
  warn(plan.warnings)
  return perTask === undefined ? plan : { ...plan, perTask: Math.min(perTask, plan.keys.length) }
}

function warn(warnings: readonly string[]): void {
  for (const warning of warnings) process.stderr.write(`${printable(warning)}\n`)
}

function warnOfForeign(foreign: readonly string[]): void {
  if (foreign.length === 0) return
  const rest = foreign.length > 1 ? ` and ${foreign.length - 1} more` : ''
  warn([`${foreign[0]}${rest}: not a journal of this sweep, or without a complete record; skipped`])
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
