import { setRange } from './setRange.ts'
import { isAsDeclared, type Claim } from '../papers/figure.ts'

/** `holds`, `not held, as declared`, `outside the expected range, though declared to hold`. */
export function describeVerdict(claim: Claim): string {
  const { verdict, declared } = claim
  if (verdict === 'pending') return 'pending: not every run is finished'
  const words = { holds: 'holds', 'not held': 'not held', outside: 'outside the expected range' }[verdict]
  if (isAsDeclared(claim)) return verdict === 'holds' ? words : `${words}, as declared`
  return `${words}, though declared ${declared === 'holds' ? 'to hold' : declared}`
}

/** What was measured, as a person reads it: `0.50–0.98`; before the claim is decided, `so far 0.50`, or nothing yet. */
export function describeMeasured({ verdict, measured }: Claim): string {
  if (verdict === 'pending') return measured === null ? '' : `so far ${setRange(measured)}`
  return setRange(measured ?? 'nothing')
}

export function describeExpected({ expected }: Claim): string {
  return setRange(expected)
}

/** All that a claim says, as the hint of a short line of it. */
export function claimHint(claim: Claim, evidence: string): string {
  const { text, source, reason } = claim
  const measured = describeMeasured(claim) || 'not measured yet'
  const told = `${text}: ${measured}, expected ${describeExpected(claim)}; ${describeVerdict(claim)}; ${evidence}.`
  return [told, ...(reason ? [reason] : []), source].join(' ')
}
