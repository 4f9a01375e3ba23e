import { z } from 'zod'
import { maxThreads } from '../machine.ts'
import { parseInput } from '../parseInput.ts'
import { plainText } from '../plainText.ts'

/** Characters of one option. */
const longest = 4000

const line = plainText(z.string().max(longest))

/** A line of a script for sbatch is cut at white space, and has quotes and comments of its own. */
const name = line.regex(/^[^\s"'\\#]+$/, 'a name without spaces, quotes, backslashes and #')

/** These say which task a job is, and whose; the script and `squeue` depend on them. */
const ownFlags = ['--job-name', '-J', '--array', '-a', '--chdir', '-D', '--wrap', '--output', '-o', '--open-mode']

const flags = line
  .regex(/^-\S/, 'options of sbatch as one line, such as --constraint=avx2')
  .refine((text) => ownFlagIn(text) === undefined, {
    error: ({ input }) => `${ownFlagIn(String(input))} is what the sweep itself says to sbatch`,
  })

/** What a sweep asks of Slurm; what is left out, Slurm or the plan decides. */
export const slurmSchema = z.strictObject({
  partition: name.optional(),
  account: name.optional(),
  /** Of one task, as sbatch takes it. */
  time: z
    .string()
    .refine((text) => (slurmSeconds(text) ?? 0) >= 60, {
      error: 'a time of at least a minute is "minutes", "hours:minutes:seconds" or "days-hours", such as 90 or 1-12',
    })
    .optional(),
  /** Of one task, in MiB unless a unit says otherwise. */
  mem: z
    .string()
    .regex(/^\d{1,12}[KMGT]?$/i, 'memory is a whole number with K, M, G or T, such as 500M')
    .optional(),
  /** More options of sbatch, each a line of the script. */
  sbatch: z.array(flags).max(100).optional(),
  /** Lines of the script before the program. */
  setup: plainText(z.string().max(longest), { allowed: '\n\t' }).optional(),
  /** Words before the program. */
  prefix: line.optional(),
  /** Tasks that run at once. */
  atOnce: z.int().min(1).optional(),
  threads: z.int().min(1).max(maxThreads).optional(),
  /** Runs that could not be computed before no task begins another. */
  stopAfterFailures: z.int().min(1).optional(),
})

export type SlurmOptions = z.output<typeof slurmSchema>

/** Throws USAGE naming the option, its value and what is allowed. */
export function parseSlurmOptions(given: unknown): SlurmOptions {
  return parseInput(slurmSchema, given, { code: 'USAGE', whole: 'options of Slurm', prefix: '--' })
}

/** Seconds of a time as sbatch takes it: M, M:S, H:M:S, D-H, D-H:M, D-H:M:S; undefined where it is none. */
export function slurmSeconds(text: string): number | undefined {
  const found = /^(?:(\d{1,5})-)?(\d{1,8})(?::(\d{1,2}))?(?::(\d{1,2}))?$/.exec(text)
  if (!found) return undefined
  const [, days, first, second, third] = found.map((part) => (part === undefined ? undefined : Number(part)))
  if (days !== undefined) return days * 86_400 + first! * 3600 + (second ?? 0) * 60 + (third ?? 0)
  return third === undefined ? first! * 60 + (second ?? 0) : first! * 3600 + second! * 60 + third
}

function ownFlagIn(text: string): string | undefined {
  const given = text.split(/\s+/).map((word) => word.replace(/=.*/, ''))
  return ownFlags.find((flag) => given.some((word) => word === flag || (flag.length === 2 && word.startsWith(flag))))
}
