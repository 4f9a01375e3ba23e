import type { Claim } from '../../src/shared/papers/figure.ts'

/** A claim that holds on five of five seeds, but for what is given. */
export function claim(given: Partial<Claim> = {}): Claim {
  const run = { experiment: 'Paper, figure 6', status: 'finished', code: null, step: 5000, neededStep: 2600 } as const
  return {
    id: 'accuracyAt2600',
    text: 'Test accuracy at step 2600',
    measured: '0.998 … 1.000',
    expected: '≥ 0.995',
    values: [0.998, 1, 1, 1, 1],
    range: { min: 0.995 },
    verdict: 'holds',
    declared: 'holds',
    source: 'Musat, Fig. 6',
    evidence: { reached: 5, needed: 5, runs: [0, 1, 2, 3, 4].map((seed) => ({ runId: `run${seed}`, seed, ...run })) },
    ...given,
  }
}
