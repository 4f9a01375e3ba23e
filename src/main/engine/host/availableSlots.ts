import { availableParallelism } from 'node:os'
import { LabError } from '../../../shared/errors.ts'
import { maxThreads } from '../../../shared/machine.ts'
import { quote } from '../../../shared/quote.ts'

/** A job of a cluster may have fewer processors than its machine; Slurm says how many, whether or not it confines the job to them. */
const promises = ['SLURM_CPUS_PER_TASK', 'SLURM_CPUS_ON_NODE']

/** How many runs are computed at once unless told. Throws USAGE where Slurm's word for it is no number. */
export function availableSlots(environment: NodeJS.ProcessEnv = process.env): number {
  const name = promises.find((promise) => environment[promise])
  if (name === undefined) return availableParallelism()
  const given = environment[name]!
  if (/^[1-9]\d*$/.test(given)) return Number(given)
  throw new LabError(
    'USAGE',
    `${name}: ${quote(given)} is not allowed; a whole number of at least 1, or --slots instead`,
  )
}

/** Threads of each of several runs that share so many slots: an even share, of at least one and no more than a backend takes. */
export function evenThreads(slots: number, runs: number): number {
  return Math.min(maxThreads, Math.max(1, Math.floor(slots / runs)))
}
