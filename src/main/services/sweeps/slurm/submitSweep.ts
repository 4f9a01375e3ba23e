import { shellQuoted } from '../../../../shared/shellQuoted.ts'
import { chmodSync, createReadStream, existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { LabError, toErrorRecord, type ErrorRecord } from '../../../../shared/errors.ts'
import { findActing } from '../../../../shared/printable.ts'
import { quote } from '../../../../shared/quote.ts'
import type { SlurmOptions } from '../../../../shared/sweep/slurmOptions.ts'
import { readOrExplain } from '../../../files/fileFailures.ts'
import { writeWhole } from '../../../files/writeWhole.ts'
import type { SweepFolder } from '../../../sweep/sweepFolder.ts'
import { forgetProblem, listProblems, surveySweep } from '../../../sweep/sweepJournals.ts'
import { foreseeTask } from './foreseeTask.ts'
import { maxArraySize, readQueue, submitArray } from './slurmCommands.ts'
import { nodePath, scriptPath, slurmScript } from './slurmScript.ts'

/** What one `sbatch` submits. */
export interface TaskArray {
  /** Which. */
  tasks: number[]
  /** After `sbatch`. */
  words: string[]
}

/** The script of a sweep's tasks, and what submits them. */
export interface SlurmPlan {
  script: string
  arrays: TaskArray[]
  /** What a person types to the same effect, on a machine of the cluster. */
  commands: string[]
}

export interface SubmitOptions extends SlurmOptions {
  /** The Node that the tasks take, unless one lies in the folder. */
  node: string
  /** Puts that Node into the folder. */
  copyNode?: boolean | undefined
}

export interface Submission {
  jobs: { job: string; tasks: number }[]
  /** Tasks that are in the queue already. */
  queued: number
  /** Tasks that were not submitted, as Slurm refused. */
  left: number
  refusal?: ErrorRecord
  /** What is to be known besides. */
  remarks: string[]
}

/** The script and the commands for tasks of a sweep; nothing is written, and nobody is asked. Throws USAGE. */
export function planSlurm(
  sweep: Pick<SweepFolder, 'key' | 'spec' | 'cells' | 'perTask' | 'path'>,
  tasks: readonly number[],
  options: SubmitOptions,
  arraySize: number,
): SlurmPlan {
  const script = slurmScript(sweep, { ...foreseeTask(sweep), ...options }, options.node)
  const arrays = planArrays(tasks, options, arraySize)
  const commands = arrays.map(({ words }) => `sbatch ${words.join(' ')}`)
  return { script, arrays, commands: [`cd ${shellQuoted(resolve(sweep.path))}`, ...commands] }
}

/** A folder that Slurm can be given. */
export interface SlurmFolder extends SlurmPlan {
  /** One more than the greatest index of an array. */
  arraySize: number
  /** What is to be known besides. */
  remarks: string[]
}

/**
 * Writes the script for the tasks that are not complete into the folder, and the Node where that is asked; nothing is submitted,
 * and Slurm need not be here. Throws CONFLICT where the folder has no program, FILE_UNWRITABLE and USAGE.
 */
export async function writeForSlurm(
  sweep: SweepFolder,
  options: SubmitOptions,
  tasks = openTasks(sweep),
): Promise<SlurmFolder> {
  requireSlurmFolder(sweep.path)
  requireProgram(sweep)
  const { size: arraySize, isKnown } = await maxArraySize()
  const plan = planSlurm(sweep, tasks, options, arraySize)
  const script = join(sweep.path, scriptPath)
  if (!existsSync(script) || readOrExplain(script, (path) => readFileSync(path, 'utf8')) !== plan.script) {
    await writeWhole(script, [plan.script], { replace: true })
  }
  const node = join(sweep.path, nodePath)
  if (options.copyNode && !existsSync(node)) {
    await writeWhole(node, createReadStream(options.node), { replace: true })
    chmodSync(node, 0o755)
  }
  const remarks = isKnown ? [] : [`MaxArraySize cannot be read; ${arraySize} is taken, as Slurm does unless told`]
  return { ...plan, arraySize, remarks }
}

/**
 * Submits the tasks that are neither complete nor queued, by the script that was written. What Slurm refuses is left for another
 * time: the first refusal ends the submitting. Throws SCHEDULER where Slurm cannot be asked what is queued.
 */
export async function submitSweep(
  sweep: SweepFolder,
  options: SubmitOptions,
  { arraySize }: SlurmFolder,
): Promise<Submission> {
  // In this order: a task that ends meanwhile was in the queue, and is complete in the folder.
  const queue = await readQueue(sweep)
  const missing = openTasks(sweep).filter((task) => !queue.tasks.has(task))
  const submission: Submission = { jobs: [], queued: queue.tasks.size, left: 0, remarks: [] }
  for (const { tasks, words } of planArrays(missing, options, arraySize)) {
    if (submission.refusal) {
      submission.left += tasks.length
      continue
    }
    try {
      const { job, says } = await submitArray(sweep, words, options)
      submission.jobs.push({ job, tasks: tasks.length })
      forgetProblems(sweep, tasks)
      if (says) submission.remarks.push(says)
    } catch (error) {
      submission.refusal = toErrorRecord(error)
      submission.left += tasks.length
    }
  }
  return submission
}

/** What could not be computed of tasks is tried again, and counted anew. */
function forgetProblems(sweep: SweepFolder, tasks: readonly number[]): void {
  const told = new Set(listProblems(sweep))
  for (const task of tasks) {
    for (const run of sweep.keys.slice(task * sweep.perTask, (task + 1) * sweep.perTask)) {
      if (told.has(run)) forgetProblem(sweep, run)
    }
  }
}

/** Tasks with runs that have not ended. */
export function openTasks(sweep: SweepFolder): number[] {
  return [...new Set(surveySweep(sweep).open.map((place) => Math.floor(place / sweep.perTask)))]
}

export function allTasks({ keys, perTask }: Pick<SweepFolder, 'keys' | 'perTask'>): number[] {
  return Array.from({ length: Math.ceil(keys.length / perTask) }, (_, task) => task)
}

/** Throws USAGE where Slurm could not tell of a folder: it tells by lines. */
export function requireSlurmFolder(path: string): void {
  if (!findActing(resolve(path))) return
  throw new LabError('USAGE', `${quote(path)} cannot be a folder for Slurm: its name has a control character`)
}

function requireProgram({ path }: SweepFolder): void {
  if (existsSync(join(path, 'program', 'task.mjs'))) return
  throw new LabError(
    'CONFLICT',
    `${path} has no program/task.mjs for the nodes; \`npm run build\`, then plan the sweep again, into another folder`,
  )
}

function planArrays(tasks: readonly number[], { atOnce }: SubmitOptions, size: number): TaskArray[] {
  const arrays = new Map<number, number[]>()
  for (const task of tasks) {
    const offset = task - (task % size)
    const indices = arrays.get(offset) ?? []
    indices.push(task - offset)
    arrays.set(offset, indices)
  }
  if (atOnce !== undefined && atOnce < arrays.size) {
    throw new LabError(
      'USAGE',
      `--at-once: ${atOnce} is not allowed: ${tasks.length} tasks take ${arrays.size} arrays of at most ${size} (MaxArraySize), each of which runs at least one; at least ${arrays.size}, or more runs a task with --per-task`,
    )
  }
  const limit = atOnce === undefined ? '' : `%${Math.floor(atOnce / arrays.size)}`
  return [...arrays].map(([offset, indices]) => ({
    tasks: indices.map((index) => offset + index),
    words: [`--array=${rangesOf(indices)}${limit}`, scriptPath, String(offset)],
  }))
}

/** 0, 1, 2, 5 as 0-2,5. */
function rangesOf(indices: readonly number[]): string {
  const ranges: [number, number][] = []
  for (const index of indices) {
    const last = ranges.at(-1)
    if (last?.[1] === index - 1) last[1] = index
    else ranges.push([index, index])
  }
  return ranges.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join(',')
}
