import { shellQuoted } from '../../../../shared/shellQuoted.ts'
import { version } from '../../../../shared/version.ts'
import { slurmSeconds, type SlurmOptions } from '../../../../shared/sweep/slurmOptions.ts'
import type { SweepFolder } from '../../../sweep/sweepFolder.ts'

/** The script's place in the folder of a sweep. */
export const scriptPath = 'slurm/task.sh'
/** A Node that may lie beside it. */
export const nodePath = 'slurm/node'

export const taskDefaults = { requeues: 50 } as const

/** What every task asks for. */
export type SlurmRequest = SlurmOptions & Required<Pick<SlurmOptions, 'time' | 'mem'>>

/** The jobs of a sweep are found in the queue by it. */
export function jobName({ key }: Pick<SweepFolder, 'key'>): string {
  return `sweep-${key}`
}

/**
 * The batch script of a sweep's tasks: started in its folder by `sbatch --array=I-J slurm/task.sh OFFSET`, job I does task
 * OFFSET + I. `node` is the Node of the machine that submits. The text does not hold the folder's name.
 */
export function slurmScript(sweep: Pick<SweepFolder, 'key' | 'spec'>, request: SlurmRequest, node: string): string {
  const { partition, account, time, mem, sbatch = [], setup, prefix, threads = 1, stopAfterFailures } = request
  const flags = [
    `--job-name=${jobName(sweep)}`,
    '--output=slurm/log-%A_%a.txt --open-mode=append',
    `--ntasks=1 --cpus-per-task=${threads}`,
    `--time=${time} --mem=${mem}`,
    `--signal=B:USR1@${warningSeconds(time)} --requeue`,
    ...(partition === undefined ? [] : [`--partition=${partition}`]),
    ...(account === undefined ? [] : [`--account=${account}`]),
    ...sbatch,
  ]
  const options = [
    ...(threads > 1 ? [`--threads ${threads}`] : []),
    ...(stopAfterFailures === undefined ? [] : [`--stop-after-failures ${stopAfterFailures}`]),
  ]
  const program = [prefix ?? '', '"$node" program/task.mjs . "$task"', ...options].filter(Boolean).join(' ')
  return `#!/bin/bash
# A task of the sweep "${sweep.spec.name}", written by Grokscope ${version}.
# In the sweep's folder, \`sbatch --array=I-J ${scriptPath} OFFSET\` computes tasks OFFSET + I to OFFSET + J.
${flags.map((flag) => `#SBATCH ${flag}`).join('\n')}

task=$((\${1:?OFFSET} + \${SLURM_ARRAY_TASK_ID:?submit it with sbatch --array}))
echo "task $task on $(hostname), start $((\${SLURM_RESTART_COUNT:-0} + 1)), $(date -u +%FT%TZ)"
if [ ! -f sweep.json ]; then
  echo "no sweep.json in $PWD: the folder of a sweep has to lie on a disk that the nodes see" >&2
  exit 2
fi
${setup === undefined ? '' : `\n${setup}\n\n`}node=${nodePath}
[ -x "$node" ] || node=${shellQuoted(node)}
[ -x "$node" ] || node=$(command -v node) || {
  echo "no Node on $(hostname): submit with --copy-node, or with --setup 'module load nodejs'" >&2
  exit 2
}

# A shell does not hear signals while it runs a program, so the program runs beside it: before the time limit comes USR1,
# and the program saves its run and ends with 75; by scancel and preemption comes TERM, and it saves and stays ended.
# One that comes before the number of the program is known is passed on then.
program= heard= early=
pass() {
  heard=$1
  if [ "$program" ]; then kill "-$1" "$program" 2>/dev/null; else early=$1; fi
}
trap 'pass USR1' USR1
trap 'pass TERM' TERM
${program} &
program=$!
[ -z "$early" ] || kill "-$early" "$program" 2>/dev/null
while heard=; wait "$program"; code=$?; [ "$heard" ]; do :; done

if [ "$code" = 75 ]; then
  if [ "\${SLURM_RESTART_COUNT:-0}" -lt ${taskDefaults.requeues} ]; then
    # This task alone: the number of the job may be that of its whole array.
    scontrol requeue "\${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID" && exit 0
  fi
  echo "task $task is not queued again: \\\`sweep run\\\` submits what is missing" >&2
fi
exit "$code"
`
}

/** Slurm may send it up to a minute early; a task saves within seconds. */
function warningSeconds(time: string): number {
  return Math.min(60, Math.floor(slurmSeconds(time)! / 4))
}
