import type { RunSummary } from '../run.ts'
import { readRunField } from './runFields.ts'
import { parseRunQuery, type RunQuery } from './runQuery.ts'

/** The runs a filter lets through, in the order they came; an empty filter lets all through. */
export function filterRuns(text: string, runs: readonly RunSummary[], now = Date.now()): RunSummary[] {
  const holds = runPredicate(parseRunQuery(text), now)
  return runs.filter(holds)
}

/** Whether a run is among those that a filter lets through. */
export function runPredicate(query: RunQuery, now = Date.now()): (run: RunSummary) => boolean {
  switch (query.kind) {
    case 'and': {
      const parts = query.parts.map((part) => runPredicate(part, now))
      return (run) => parts.every((holds) => holds(run))
    }
    case 'or': {
      const parts = query.parts.map((part) => runPredicate(part, now))
      return (run) => parts.some((holds) => holds(run))
    }
    case 'not': {
      const part = runPredicate(query.part, now)
      return (run) => !part(run)
    }
    case 'free': {
      const holds = textPredicate('part', query.text)
      return ({ name, experiment, id, tags }) => [name, experiment, id, ...tags].some(holds)
    }
    case 'missing': {
      const { field } = query
      return (run) => readRunField(field, run, now).every((found) => found === null)
    }
    case 'number':
      return numberFieldPredicate(query, now)
    case 'text':
      return textFieldPredicate(query)
  }
}

function numberFieldPredicate(query: RunQuery & { kind: 'number' }, now: number): (run: RunSummary) => boolean {
  const holds = numberPredicate(query)
  return (run) => readRunField(query.field, run, now).some((found) => typeof found === 'number' && holds(found))
}

/** Whether a number compares as it is wanted. */
export function numberPredicate({
  operator,
  value: { from, to },
}: Pick<RunQuery & { kind: 'number' }, 'operator' | 'value'>): (found: number) => boolean {
  const isWithin = (x: number) => (from === to ? x === from : x >= from && x < to)
  const compare: Record<typeof operator, (x: number) => boolean> = {
    '=': isWithin,
    '<': (x) => x < from,
    '>=': (x) => x >= from,
    '<=': (x) => x < to || isWithin(x),
    '>': (x) => x >= to && !isWithin(x),
  }
  return compare[operator]
}

function textFieldPredicate({ field, match, text }: RunQuery & { kind: 'text' }): (run: RunSummary) => boolean {
  const holds = textPredicate(match, text)
  return (run) => readRunField(field, run).some((found) => typeof found === 'string' && holds(found))
}

/** Whether a text is, or contains, what is wanted, in letters of either case. */
export function textPredicate(match: 'whole' | 'part', text: string): (found: string) => boolean {
  const needed = text.toLowerCase()
  const holds = match === 'part' ? (found: string) => found.includes(needed) : wildcardMatch(needed)
  return (found) => holds(found.toLowerCase())
}

/** `*` stands for any letters. What lies between is looked for from left to right, each at its first place. */
function wildcardMatch(needed: string): (found: string) => boolean {
  const [first = '', ...others] = needed.split('*')
  const last = others.pop()
  if (last === undefined) return (found) => found === needed
  return (found) => {
    const end = found.length - last.length
    if (!found.startsWith(first) || !found.endsWith(last)) return false
    let from = first.length
    for (const part of others) {
      const at = found.indexOf(part, from)
      if (at < 0) return false
      from = at + part.length
    }
    return from <= end
  }
}
