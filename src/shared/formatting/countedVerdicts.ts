import { countVerdicts, verdicts, type Claim } from '../papers/figure.ts'

/** How many claims have each verdict: `13 hold, 1 not held`. */
export function countedVerdicts(claims: readonly Claim[]): string {
  const counts = countVerdicts(claims)
  const parts = verdicts.flatMap((verdict) => {
    const word = verdict === 'holds' && counts.holds > 1 ? 'hold' : verdict
    return counts[verdict] > 0 ? [`${counts[verdict]} ${word}`] : []
  })
  return parts.join(', ')
}
