import type { Claim, Evidence } from '../../../shared/papers/figure.ts'
import { describeRange, threeDigits, type Range, type Statement } from './figure.ts'

/** A statement against its range; before all of its runs are complete it is pending, whatever was measured so far. */
export function judge(statement: Statement, evidence: Evidence, isComplete: boolean): Claim {
  const { id, text, source, basis, values, range, declared } = statement
  // Also false where there is no value, and where one is NaN: what cannot be read does not hold.
  const holds = values.length > 0 && values.every((value) => isWithin(value, range))
  return {
    id,
    text,
    measured: describeValues(values, statement.format ?? threeDigits),
    expected: describeRange(range),
    values: [...values],
    range,
    verdict: !isComplete ? 'pending' : holds ? 'holds' : basis === 'paper' ? 'not held' : 'outside',
    declared: declared?.verdict ?? 'holds',
    ...(declared ? { reason: declared.reason } : {}),
    source,
    evidence,
  }
}

function isWithin(value: number, { min = -Infinity, max = Infinity }: Range): boolean {
  return value >= min && value <= max
}

/** `0.024`, `0.024 … 0.03`, `none`, `0.024, none in 2`; null where nothing was measured. */
function describeValues(values: readonly number[], format: (value: number) => string): string | null {
  const found = values.filter((value) => !Number.isNaN(value))
  if (found.length === 0) return values.length === 0 ? null : 'none'
  const [low, high] = [Math.min(...found), Math.max(...found)].map(format)
  const words = low === high ? low! : `${low} … ${high}`
  const missing = values.length - found.length
  return missing === 0 ? words : `${words}, none in ${missing}`
}
