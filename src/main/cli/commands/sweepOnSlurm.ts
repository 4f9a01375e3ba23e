import { shellQuoted } from '../../../shared/shellQuoted.ts'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { errorAdvice, LabError, toErrorRecord } from '../../../shared/errors.ts'
import { printable, printableJson, printableLines } from '../../../shared/printable.ts'
import { parseSlurmOptions, slurmSchema, type SlurmOptions } from '../../../shared/sweep/slurmOptions.ts'
import { configFolder } from '../../services/nodeLaboratory.ts'
import { recallSettings, rememberSettings, settingsPath } from '../../services/sweeps/slurm/siteSettings.ts'
import {
  absent,
  maxArraySize,
  readQueue,
  requireReadable,
  type SlurmQueue,
} from '../../services/sweeps/slurm/slurmCommands.ts'
import { scriptPath } from '../../services/sweeps/slurm/slurmScript.ts'
import {
  allTasks,
  openTasks,
  planSlurm,
  requireSlurmFolder,
  submitSweep,
  writeForSlurm,
  type Submission,
  type SubmitOptions,
} from '../../services/sweeps/slurm/submitSweep.ts'
import type { SweepFolder } from '../../sweep/sweepFolder.ts'
import type { SweepPlan } from '../../sweep/sweepPlan.ts'

/** The options of `sweep plan` and `sweep run` that Slurm is asked for. */
export interface SlurmArguments extends SlurmOptions {
  copyNode?: boolean
  slots?: number
}

const flagOf = {
  partition: '--partition',
  account: '--account',
  time: '--time',
  mem: '--mem',
  sbatch: '--sbatch',
  setup: '--setup',
  prefix: '--prefix',
  atOnce: '--at-once',
  threads: '--threads',
  copyNode: '--copy-node',
} as const

/** On this machine nobody would heed them. */
export function refuseSlurmOptions(options: SlurmArguments): void {
  for (const [name, flag] of Object.entries(flagOf)) {
    const value = options[name as keyof typeof flagOf]
    if (value !== undefined) throw new LabError('USAGE', `${flag}: is for --on slurm; add that, or leave ${flag} out`)
  }
}

/** What `sweep run --on slurm` would write and submit. */
export async function planOnSlurm(plan: SweepPlan, path: string, given: SlurmArguments) {
  requireSlurmFolder(path)
  const options = await readSlurmOptions(given)
  const { size, isKnown } = await maxArraySize()
  if (!isKnown) process.stderr.write(`MaxArraySize cannot be read here; assuming ${size}, Slurm’s default\n`)
  const { script, commands } = planSlurm(
    { ...plan, cells: plan.cells.map(({ changes }) => changes), path },
    allTasks(plan),
    options,
    size,
  )
  return { script, commands }
}

/** Submits what is neither complete nor queued, and goes. */
export async function runOnSlurm(
  sweep: SweepFolder,
  options: SubmitOptions,
  { json }: { json?: boolean },
): Promise<void> {
  const tasks = openTasks(sweep)
  if (tasks.length === 0) return reportSubmission(sweep, { jobs: [], queued: 0, left: 0, remarks: [] }, json)
  const written = await writeForSlurm(sweep, options, tasks)
  const submission = await submitSweep(sweep, options, written).catch((error: unknown) => {
    if (toErrorRecord(error).code === 'SCHEDULER') {
      process.stderr.write(
        `${printableLines([`${sweep.path} is ready; nothing was submitted.`, 'On a login node of its cluster:', ...written.commands].join('\n'))}\n`,
      )
    }
    throw error
  })
  for (const remark of [...written.remarks, ...submission.remarks]) process.stderr.write(`${printableLines(remark)}\n`)
  if (submission.jobs.length > 0) await rememberSettings(configFolder, options)
  reportSubmission(sweep, submission, json)
}

function reportSubmission(sweep: SweepFolder, submission: Submission, json: boolean | undefined): void {
  const { jobs, queued, left, refusal } = submission
  if (json) {
    process.stdout.write(`${printableJson({ folder: sweep.path, jobs, queued, left })}\n`)
  } else {
    process.stdout.write(`${printable(`${sweep.path}: ${describeSubmission(submission)}`)}\n`)
  }
  if (jobs.length > 0) {
    const advice = `the nodes have to see this folder; \`grokscope sweep status ${shellQuoted(sweep.path)}\` tells how far it is`
    process.stderr.write(`${printable(advice)}\n`)
  }
  if (!refusal) return
  process.stderr.write(`${printableLines(refusal.message)}\n${errorAdvice[refusal.code]}\n`)
  process.exitCode = 1
}

function describeSubmission({ jobs, queued, left }: Submission): string {
  if (jobs.length === 0 && queued === 0 && left === 0) return 'all runs have ended; nothing to submit'
  const submitted = jobs.reduce((sum, { tasks }) => sum + tasks, 0)
  const ids = jobs.length > 0 ? ` (${jobs.map(({ job }) => `job ${job}`).join(', ')})` : ''
  return `${submitted} ${submitted === 1 ? 'task' : 'tasks'} submitted${ids}, ${queued} queued before, ${left} left`
}

/**
 * What Slurm has of a sweep that was submitted. Where it does not answer, that is told, and the folder has to do; so it does, in
 * silence, on a machine without Slurm.
 */
export async function askQueue(sweep: SweepFolder): Promise<SlurmQueue | undefined> {
  if (!existsSync(join(sweep.path, scriptPath))) return undefined
  try {
    return await readQueue(sweep)
  } catch (error) {
    const { message, detail } = toErrorRecord(error)
    if (detail !== absent) process.stderr.write(`${printableLines(message)}\n`)
    return undefined
  }
}

export function describeQueue({ running, pending }: SlurmQueue): string {
  const waiting = [...pending.values()].reduce((sum, count) => sum + count, 0)
  const reasons = [...pending].map(([reason, count]) => `${count} ${reason}`).join(', ')
  return `Slurm: ${running} running, ${waiting} pending${waiting > 0 ? ` (${reasons})` : ''}`
}

/** Computing here what waits there is no error; it is done twice. */
export async function warnOfQueued(sweep: SweepFolder): Promise<void> {
  const queue = await askQueue(sweep)
  if (!queue || queue.tasks.size === 0) return
  process.stderr.write(`${describeQueue(queue)}: what they compute is computed here too\n`)
}

/** What was given before what was remembered; an empty option forgets. Throws USAGE and INVALID_FILE. */
export async function readSlurmOptions({ slots, copyNode, ...given }: SlurmArguments): Promise<SubmitOptions> {
  if (slots !== undefined) {
    throw new LabError(
      'USAGE',
      '--slots: a task of Slurm computes one run at a time; leave it out, --at-once limits tasks',
    )
  }
  const own = Object.fromEntries(Object.entries(given).filter(([name]) => name in slurmSchema.shape))
  const remembered = recallSettings(configFolder)
  const taken = Object.keys(remembered).filter((name) => !(name in own))
  if (taken.length > 0) {
    process.stderr.write(`from ${settingsPath(configFolder!)}: ${taken.map((name) => `--${name}`).join(', ')}\n`)
  }
  const isEmpty = (value: unknown) => value === '' || (Array.isArray(value) && value.every((each) => each === ''))
  const all = Object.entries({ ...remembered, ...own }).filter(([, value]) => !isEmpty(value))
  const options = parseSlurmOptions(Object.fromEntries(all))
  await requireReadable(options)
  return { ...options, node: process.execPath, copyNode }
}
