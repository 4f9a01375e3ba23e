import { execFile } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { LabError } from '../../../../shared/errors.ts'
import type { SlurmOptions } from '../../../../shared/sweep/slurmOptions.ts'
import { tryStep } from '../../../../shared/tryStep.ts'
import type { SweepFolder } from '../../../sweep/sweepFolder.ts'
import { jobName } from './slurmScript.ts'

/** What Slurm has of a sweep's tasks. */
export interface SlurmQueue {
  /** Pending, running or ending. */
  tasks: Set<number>
  running: number
  /** How many wait, by Slurm's reasons. */
  pending: Map<string, number>
}

/** Asks `squeue` once for the tasks of this folder, whoever submitted them. Throws SCHEDULER with what Slurm says. */
export async function readQueue(sweep: SweepFolder): Promise<SlurmQueue> {
  const { stdout } = await ask('squeue', ['-h', '-r', '-n', jobName(sweep), '-o', '%K|%t|%r|%o'])
  const queue: SlurmQueue = { tasks: new Set(), running: 0, pending: new Map() }
  for (const line of stdout.split('\n').filter(Boolean)) {
    const [, index, state, reason, folder, offset] =
      /^(\d+)\|(\w+)\|([^|]*)\|(.*)\/slurm\/task\.sh (\d+) *$/.exec(line) ?? []
    if (folder === undefined) throw refusal('squeue', `its answer is not understood: ${line}`)
    if (!isSameFolder(folder, sweep.path)) continue
    queue.tasks.add(Number(offset) + Number(index))
    if (state === 'PD') queue.pending.set(reason!, (queue.pending.get(reason!) ?? 0) + 1)
    else queue.running += 1
  }
  return queue
}

/** Slurm's own default, where nobody says otherwise. */
const usualArraySize = 1001

/** One more than the greatest index of an array; `isKnown` says whether Slurm told. */
export async function maxArraySize(): Promise<{ size: number; isKnown: boolean }> {
  const answer = await ask('scontrol', ['show', 'config']).catch(() => undefined)
  const told = /^MaxArraySize\s*=\s*(\d+)\s*$/m.exec(answer?.stdout ?? '')?.[1]
  if (told === undefined) return { size: usualArraySize, isKnown: false }
  if (Number(told) === 0) throw refusal('scontrol', 'MaxArraySize = 0: job arrays are turned off here')
  return { size: Number(told), isKnown: true }
}

/** Submits one array in the folder, as its script asks by these options; returns the job's id and what `sbatch` says besides. Throws SCHEDULER. */
export async function submitArray(
  sweep: SweepFolder,
  words: readonly string[],
  options: SlurmOptions,
): Promise<{ job: string; says: string }> {
  const { stdout, stderr } = await ask('sbatch', ['--parsable', ...words], {
    cwd: sweep.path,
    without: variablesAgainst(options),
  })
  const job = /^(\d+)(;\S*)?$/m.exec(stdout)?.[1]
  if (job === undefined) throw refusal('sbatch', `its answer is not understood: ${stdout}${stderr}`)
  return { job, says: stderr.trim() }
}

/** Throws USAGE with what bash, where there is one, says of lines of a script that it cannot read. */
export async function requireReadable({ setup = '', prefix = '' }: SlurmOptions): Promise<void> {
  for (const [option, lines] of Object.entries({ setup, prefix: `${prefix} true` })) {
    const { error, stderr } = await start('bash', ['-n'], { input: `${lines}\n` })
    if (typeof error?.code !== 'number') continue
    throw new LabError('USAGE', `--${option}: bash cannot read it: ${stderr.trim()}`)
  }
}

async function ask(command: string, words: readonly string[], surroundings: Surroundings = {}) {
  const { error, stdout, stderr } = await start(command, words, surroundings)
  if (!error) return { stdout, stderr }
  if (error.code === 'ENOENT')
    throw refusal(command, 'no such program here; a cluster has it on its login nodes', absent)
  throw refusal(command, [stderr, stdout].join('').trim() || error.message)
}

interface Started {
  error: (Error & { code?: number | string | null }) | null
  stdout: string
  stderr: string
}

/** A user's own defaults, which Slurm puts before what the script says and to what is asked; these a sweep depends on. */
const overriding = /^(SQUEUE_.*|SBATCH_(ARRAY_INX|JOB_NAME|NO_REQUEUE|OPEN_MODE|OUTPUT|SIGNAL))$/

const memory = ['SBATCH_MEM_PER_CPU', 'SBATCH_MEM_PER_GPU', 'SBATCH_MEM_PER_NODE']

/** Those variables for options of sbatch that are not called like them. */
const otherwiseCalled: Partial<Record<string, string[]>> = {
  A: ['SBATCH_ACCOUNT'],
  C: ['SBATCH_CONSTRAINT'],
  G: ['SBATCH_GPUS'],
  M: ['SBATCH_CLUSTERS'],
  p: ['SBATCH_PARTITION'],
  q: ['SBATCH_QOS'],
  t: ['SBATCH_TIMELIMIT'],
  time: ['SBATCH_TIMELIMIT'],
  mem: memory,
  'mem-per-cpu': memory,
  'mem-per-gpu': memory,
}

/** What Slurm would put before what was asked, were it in the user's environment. */
function variablesAgainst({ sbatch = [], ...options }: SlurmOptions): string[] {
  const asked = (['partition', 'account', 'time', 'mem'] as const).filter((name) => options[name] !== undefined)
  const words = sbatch.flatMap((line) => line.split(/\s+/))
  const more = words.flatMap((word) => /^-(?:-([\w-]+)|(\w))/.exec(word)?.slice(1).filter(Boolean) ?? [])
  return [...asked, ...more].flatMap(
    (name) => otherwiseCalled[name] ?? `SBATCH_${name.toUpperCase().replaceAll('-', '_')}`,
  )
}

interface Surroundings {
  cwd?: string
  input?: string
  /** Variables of the environment that it does not get. */
  without?: readonly string[]
}

function start(command: string, words: readonly string[], { cwd, input = '', without = [] }: Surroundings) {
  const kept = (name: string) => !overriding.test(name) && !without.includes(name)
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => kept(name)))
  return new Promise<Started>((resolve) => {
    const child = execFile(command, words, { cwd, env, maxBuffer: 2 ** 28 }, (error, stdout, stderr) =>
      resolve({ error, stdout, stderr }),
    )
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
  })
}

/** The detail of an error where Slurm is not here. */
export const absent = 'absent'

function refusal(command: string, message: string, detail?: typeof absent): LabError {
  return new LabError('SCHEDULER', `${command}: ${message}`, detail)
}

function isSameFolder(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) =>
    tryStep(
      () => realpathSync(path),
      () => undefined,
    ),
  )
  return a !== undefined && a === b
}
