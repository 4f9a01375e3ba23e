import { describeEvidence } from '../formatting/describeEvidence.ts'
import { describeExpected, describeMeasured, describeVerdict } from '../formatting/describeClaim.ts'
import type { RowMark, TablePanel } from '../panel.ts'
import type { Claim, Verdict } from '../papers/figure.ts'

const marks: Record<Verdict, RowMark> = { holds: 'holds', 'not held': 'fails', outside: 'fails', pending: 'open' }

/** What a figure claims, what was measured and what was expected; its data say besides what each verdict rests on. */
export function claimsPanel(claims: readonly Claim[], title: string): TablePanel {
  const all = (words: (claim: Claim) => string) => claims.map(words)
  return {
    kind: 'table',
    id: 'claims',
    title,
    caption: '',
    columns: [
      { name: 'claim', label: 'claim', cells: all(({ text }) => text) },
      { name: 'measured', label: 'measured', cells: all((claim) => describeMeasured(claim) || '–') },
      { name: 'expected', label: 'expected', cells: all(describeExpected) },
    ],
    marks: claims.map(({ verdict }) => marks[verdict]),
    with: {
      verdict: all(describeVerdict),
      evidence: all(({ evidence }) => describeEvidence(evidence)),
      source: all(({ source }) => source),
      reason: all(({ reason = '' }) => reason),
    },
  }
}
