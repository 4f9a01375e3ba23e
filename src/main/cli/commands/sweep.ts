import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { availableSlots } from '../../engine/host/availableSlots.ts'
import { errorAdvice, LabError } from '../../../shared/errors.ts'
import { formatBytes, formatCount } from '../../../shared/formatting/formatNumber.ts'
import { formatDuration } from '../../../shared/formatting/formatTime.ts'
import { printable, printableJson } from '../../../shared/printable.ts'
import { stopSignals } from '../../../shared/stopSignals.ts'
import { describeCell } from '../../../shared/sweep/planSweep.ts'
import { seedsOf } from '../../../shared/sweep/sweepSchema.ts'
import { defaultArchivePath, ownWorkers } from '../../services/nodeLaboratory.ts'
import { requireMemory, runsAtOnce } from '../../services/requireMemory.ts'
import { collectSweep } from '../../services/sweeps/collectSweep.ts'
import { runSweepHere } from '../../services/sweeps/runSweepHere.ts'
import { taskProgram } from '../../services/sweeps/taskProgram.ts'
import { openSweepFolder, planSweep, prepareSweepFolder, surveySweep, type SweepPlan } from '../../sweep/sweepFolder.ts'
import { stopSignal } from '../stopSignal.ts'
import { readSpecifications } from './run.ts'

/** `grokscope sweep plan SPEC`: what a sweep would come to; nothing is written. */
export async function planCommand(path: string, { json }: { json?: boolean }): Promise<void> {
  const { key, keys, cells, spec, perTask, cost } = await readPlan(path)
  const seeds = seedsOf(spec).length
  const tasks = Math.ceil(keys.length / perTask)
  const coreHours = cost.seconds / 3600
  if (json) {
    const { memoryBytes, diskBytes } = cost
    const plan = { key, cells: cells.length, seeds, runs: keys.length, tasks, coreHours, memoryBytes, diskBytes }
    return print(printableJson(plan))
  }
  print(`${spec.name}: ${formatCount(cells.length)} cells × ${seeds} seeds = ${formatCount(keys.length)} runs, ${key}`)
  print(`first cell: ${describeCell(cells[0]!.changes)}`)
  print(`last cell:  ${describeCell(cells.at(-1)!.changes)}`)
  print(
    `foreseen:   ${formatDuration(cost.seconds)} on one core, in ${tasks} ${tasks === 1 ? 'task' : 'tasks'}, ${formatBytes(cost.memoryBytes)} of memory a run, ${formatBytes(cost.diskBytes)} on disk`,
  )
}

/** `grokscope sweep run SPEC|DIR`: begins a sweep or goes on with it; the same command again computes what is missing. */
export async function runCommand(path: string, options: { out?: string; slots?: number }): Promise<void> {
  const { out, slots = availableSlots() } = options
  const signal = stopSignal()
  const folder = await openOrPrepare(path, out, slots)
  const before = surveySweep(folder)
  warnOfForeign(before.foreign)
  let toldAt = 0
  const go = await runSweepHere(folder, {
    slots,
    startWorker: ownWorkers(),
    signal,
    onProgress(ended) {
      if (Date.now() - toldAt < secondsBetweenLines * 1000) return
      toldAt = Date.now()
      process.stderr.write(`${ended} of ${before.open.length} runs\n`)
    },
  })
  for (const [run, { message }] of go.problems) process.stderr.write(`${printable(`run ${run}: ${message}`)}\n`)
  for (const code of new Set([...go.problems.values()].map((problem) => problem.code))) {
    process.stderr.write(`${errorAdvice[code]}\n`)
  }
  const { finished, failed, open } = surveySweep(folder)
  print(printable(`${folder.path}: ${finished} finished, ${failed} failed, ${open.length} not ended`))
  if (open.length > 0) print(printable(`\`grokscope sweep run ${folder.path}\` goes on`))
  if (failed + open.length > 0) process.exitCode = 1
}

/** `grokscope sweep status DIR`. */
export function statusCommand(path: string, { json }: { json?: boolean }): void {
  const folder = openSweepFolder(path)
  const { spec, key } = folder
  const { runs, finished, failed, begun, open, foreign } = surveySweep(folder)
  const waiting = open.length - begun
  if (json) return print(printableJson({ key, runs, finished, failed, begun, waiting, foreign: foreign.length }))
  warnOfForeign(foreign)
  print(
    printable(
      `${spec.name}: ${runs} runs: ${finished} finished, ${failed} failed, ${begun} begun, ${waiting} not begun`,
    ),
  )
}

/** `grokscope sweep collect DIR`. */
export function collectCommand(path: string, { archive }: { archive?: string }): void {
  const sweep = openSweepFolder(path)
  const { taken, present, open } = collectSweep(sweep, archive ?? defaultArchivePath())
  print(`${taken} runs taken, ${present} present before, ${open} not ended; tag sweep:${sweep.key}`)
}

/** `grokscope sweep task DIR INDEX`: by the program that a folder holds, in a process of its own; signals are passed on. */
export async function taskCommand(path: string, index: number): Promise<void> {
  const isSource = import.meta.url.endsWith('.ts')
  const entry = fileURLToPath(new URL(isSource ? '../../sweep/task.ts' : '../task/task.mjs', import.meta.url))
  const child = spawn(process.execPath, [entry, path, String(index)], { stdio: 'inherit' })
  const signals = process.platform === 'win32' ? stopSignals : ([...stopSignals, 'SIGUSR1'] as const)
  for (const signal of signals) process.on(signal, () => child.kill(signal))
  const [code] = (await once(child, 'close')) as [number | null]
  process.exitCode = code ?? 1
}

const secondsBetweenLines = 2

async function openOrPrepare(path: string, out: string | undefined, slots: number) {
  if (existsSync(path) && statSync(path).isDirectory()) {
    if (out === undefined) return openSweepFolder(path)
    throw new LabError('USAGE', `--out: ${path} is the folder of a sweep already; leave --out out`)
  }
  const plan = await readPlan(path)
  requireMemory(
    plan.cells.map(({ spec }) => spec),
    { atOnce: runsAtOnce(slots, { kind: 'wasm' }) },
  )
  const program = taskProgram()
  if (program.length === 0) process.stderr.write('no program/ in the folder: `npm run build` makes it\n')
  return prepareSweepFolder(out ?? resolve(basename(path).replace(/\.json$/, '')), plan, program)
}

async function readPlan(path: string): Promise<SweepPlan> {
  const [input, ...more] = await readSpecifications(path)
  if (more.length > 0) throw new LabError('INVALID_FILE', `${path} holds a list; a sweep is one specification`)
  return planSweep(input)
}

function warnOfForeign(foreign: readonly string[]): void {
  if (foreign.length === 0) return
  const rest = foreign.length > 1 ? ` and ${foreign.length - 1} more` : ''
  process.stderr.write(`${printable(`${foreign[0]}${rest}: no journal of this sweep; passed over`)}\n`)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
