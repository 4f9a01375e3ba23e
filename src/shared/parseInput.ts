import type { z } from 'zod'
import { LabError, type ErrorCode } from './errors.ts'
import { findUnacceptable } from './findUnacceptable.ts'
import { fitLines } from './fitLines.ts'
import { countThings } from './formatting/countThings.ts'
import { withPresentNames } from './formerNames.ts'
import { printable } from './printable.ts'
import { quote } from './quote.ts'
import { shorten } from './shorten.ts'
import type { Bounds } from './specification/bounds.ts'
import type { Repair } from './specification/paths.ts'

/** One thing that is wrong with a specification, or with another input. */
export interface SpecificationProblem {
  path: string
  value: unknown
  message: string
  /** Of a number that lies beyond them: the one it is beyond. */
  bounds?: Bounds
  /** What would put it right, where fields do not fit one another. */
  repairs?: readonly Repair[]
}

/** What to call an input, and a failure of it. */
interface Door {
  code: ErrorCode
  /** Names the input itself where no field of it is meant. */
  whole: string
  /** Stands before each problem. */
  prefix?: string
  /** What is said besides of a field that was left out, by its path. */
  hint?: (path: string) => string
  /** What is said besides of a field that there is not. */
  hintOfUnknown?: (path: string) => string
}

/**
 * What comes from outside, as its schema has it, under the names of this version or of an older one. Throws an error that names each wrong field, its value and what is
 * allowed, with the `SpecificationProblem`s as detail, as many as there is room for.
 */
export function parseInput<Schema extends z.ZodType>(schema: Schema, given: unknown, door: Door): z.output<Schema> {
  const unacceptable = findUnacceptable(given)
  if (unacceptable) {
    const path = nameOf(unacceptable.path, door.whole)
    throw refusal([{ path, value: undefined, message: `${path}: ${unacceptable.message}` }], 1, door)
  }
  const input = withPresentNames(given)
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const issues = tightestBounds(result.error.issues)
  const total = issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0)
  throw refusal(describeIssues(issues, input, door), total, door)
}

/** More problems than these nobody reads. */
export const maxProblems = 100

function refusal(problems: SpecificationProblem[], total: number, { code, prefix = '' }: Door): LabError {
  const lines = problems.map(({ message }) => `${prefix}${message}`)
  return new LabError(code, fitLines(lines, total), problems)
}

type Issue = z.core.$ZodIssue

/** Of the bounds that one number is beyond, the tightest: one too large for a whole number of doubles is so for its field too. */
function tightestBounds(issues: readonly Issue[]): readonly Issue[] {
  const tightest = new Map<string, number>()
  for (const issue of issues) {
    const key = keyOf(issue)
    tightest.set(key, Math.max(tightness(issue), tightest.get(key) ?? -Infinity))
  }
  return issues.filter((issue) => tightness(issue) === tightest.get(keyOf(issue)))
}

const keyOf = ({ code, path }: Issue) => JSON.stringify([code, ...path])

/** The higher the less of all numbers a bound allows; the same for whatever is no bound. */
function tightness(issue: Issue): number {
  if (issue.code === 'too_big') return -Number(issue.maximum)
  return issue.code === 'too_small' ? Number(issue.minimum) : 0
}

/** The first problems; each unknown field is one of its own. */
function describeIssues(issues: readonly Issue[], input: unknown, door: Door): SpecificationProblem[] {
  const problems: SpecificationProblem[] = []
  for (const issue of issues) {
    if (problems.length >= maxProblems) break
    const fields =
      issue.code === 'unrecognized_keys'
        ? issue.keys.slice(0, maxProblems).map((key) => [...issue.path, key])
        : [issue.path]
    problems.push(...fields.map((field) => describe(issue, field, input, door)))
  }
  return problems.slice(0, maxProblems)
}

function describe(
  issue: Issue,
  field: readonly PropertyKey[],
  input: unknown,
  { whole, hint, hintOfUnknown }: Door,
): SpecificationProblem {
  const path = nameOf(field, whole)
  const value = issue.code === 'custom' ? (issue.params?.['value'] ?? valueAt(input, field)) : valueAt(input, field)
  const what =
    issue.code === 'unrecognized_keys'
      ? `unknown field (given ${quote(value)})${hintOfUnknown?.(path) ?? ''}`
      : value === undefined
        ? `missing; ${allowed(issue).replace(/^is not allowed(: |; )/, '')}`
        : `${quote(value)} ${allowed(issue)}${isDecimalComma(issue, value) ? '; the decimal sign is a point' : ''}`
  const besides = value === undefined ? (hint?.(path) ?? '') : ''
  return { path, value, message: `${path}: ${what}${besides}`, ...detailsOf(issue) }
}

function isDecimalComma(issue: Issue, value: unknown): boolean {
  const isNumber =
    issue.code === 'invalid_type' ? ['int', 'number'].includes(issue.expected) : issue.code === 'invalid_union'
  return isNumber && typeof value === 'string' && /^\s*[-+\u2212]?\d*,\d+\s*$/.test(value)
}

function detailsOf(issue: Issue): Pick<SpecificationProblem, 'bounds' | 'repairs'> {
  switch (issue.code) {
    case 'too_small':
      return { bounds: { [issue.inclusive ? 'min' : 'above']: Number(issue.minimum) } }
    case 'too_big':
      return { bounds: { [issue.inclusive ? 'max' : 'below']: Number(issue.maximum) } }
    case 'custom':
      return issue.params?.['repairs'] ? { repairs: issue.params['repairs'] as Repair[] } : {}
    default:
      return {}
  }
}

function allowed(issue: Issue): string {
  switch (issue.code) {
    case 'too_small':
      if (issue.origin === 'array') return `has too few entries; at least ${issue.minimum}`
      if (issue.origin === 'string')
        return `is ${issue.minimum === 1 ? 'empty' : 'too short'}; at least ${countThings(Number(issue.minimum), 'character')}`
      return `is too small; allowed: ${issue.inclusive ? 'at least' : 'above'} ${issue.minimum}`
    case 'too_big':
      if (issue.origin === 'array') return `has too many entries; at most ${issue.maximum}`
      if (issue.origin === 'string') return `is too long; at most ${issue.maximum} characters`
      return `is too large; allowed: ${issue.inclusive ? 'at most' : 'below'} ${issue.maximum}`
    case 'invalid_type':
      // A text where a whole number belongs is told so, not that any number would do.
      if (issue.message.startsWith('expected')) return `is not allowed; ${issue.message}`
      return `is not allowed; expected ${typeNames[issue.expected] ?? issue.expected}`
    case 'invalid_value':
      return `is not allowed; one of ${issue.values.map((value) => quote(value)).join(', ')}`
    case 'invalid_key':
      return `stands under a name that ${[...new Set(issue.issues.map(allowed))].join(' and ')}`
    case 'invalid_union': {
      if ('options' in issue && issue.options) {
        return `has no known ${issue.discriminator}; one of ${issue.options.map((o) => quote(o)).join(', ')}`
      }
      const branches = issue.errors.map((errors) => [...new Set(errors.map(allowed))].join(' and '))
      return [...new Set(branches)].join(', or ').replaceAll(/, or is not allowed; (expected )?/g, ', or ')
    }
    default:
      return `is not allowed: ${shorten(issue.message, longestName)}`
  }
}

const typeNames: Record<string, string> = {
  int: 'a whole number',
  number: 'a finite number',
  string: 'a text',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  record: 'an object',
}

/** Of the path of a field. */
const longestName = 200

function nameOf(path: readonly PropertyKey[], whole: string): string {
  return path.length === 0 ? whole : shorten(printable(path.map(String).join('.')), longestName)
}

/** The value at a path, or the plain value that stands where the path goes on. */
function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : value,
    input,
  )
}
