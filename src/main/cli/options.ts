import { InvalidArgumentError, Option } from 'commander'
import { LabError } from '../../shared/errors.ts'
import { backendKinds, maxThreads } from '../../shared/machine.ts'
import { givenPath } from '../services/givenPath.ts'

/** Options that several commands have, and what reads their values. */

/** Each slot at work is a process with tens of megabytes. */
const maxSlots = 1024

export const archive = () => pathOption('--archive <file>', 'the archive (default: the one in your data folder)')
export const json = () => new Option('--json', 'print one JSON object per line')
export const yes = () => new Option('--yes', 'start without asking, however long it is expected to take')
export const force = () => new Option('--force', 'replace existing files')
/** Throws USAGE where nothing is written that could replace a file. */
export function refuseIdleForce({ out, force }: { out?: string; force?: boolean }): void {
  if (force && out === undefined) throw new LabError('USAGE', '--force: nothing is written without --out; leave it out')
}
export const backend = () =>
  new Option('--backend <kind>', 'the backend (default: the fastest measured on this machine)').choices([
    'auto',
    ...backendKinds,
  ])
export const threads = () =>
  new Option('--threads <count>', 'threads of each run').argParser(wholeNumberUpTo(maxThreads))
export const slots = () =>
  new Option(
    '--slots <count>',
    'runs at once (default: one per processor, or per processor allotted to the Slurm job)',
  ).argParser(wholeNumberUpTo(maxSlots))

export function pathOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((path) => givenPath(path, flags.split(' ')[0]!))
}

export function collect(value: string, before: string[]): string[] {
  return [...before, value]
}

export const wholeNumber = wholeNumberUpTo(Infinity)

export function wholeNumberUpTo(max: number): (value: string) => number {
  const allowed = max === Infinity ? 'of at least 1' : `from 1 to ${max}`
  return (value) => {
    const number = Number(value)
    if (!Number.isInteger(number) || number < 1 || number > max)
      throw new InvalidArgumentError(`a whole number ${allowed} is allowed.`)
    return number
  }
}
