import type { Evidence } from '../papers/figure.ts'
import { formatCount } from './formatNumber.ts'

/** How many runs a claim rests on, and to which step: `5 of 5 seeds to step 2 600`, `9 of 12 runs to steps 600–20 000`. */
export function describeEvidence({ reached, needed, runs }: Evidence): string {
  const steps = runs.map(({ neededStep }) => neededStep)
  const [first, last] = [Math.min(...steps), Math.max(...steps)].map(formatCount)
  const seeds = new Set(runs.map(({ experiment }) => experiment)).size === 1
  return `${reached} of ${needed} ${seeds ? 'seed' : 'run'}${needed === 1 ? '' : 's'} to ${
    first === last ? `step ${first}` : `steps ${first}–${last}`
  }`
}
