import { describe, expect, it } from 'vitest'
import { claimReport } from '../../../src/main/cli/claimReport.ts'
import { errorAdvice, outcomes } from '../../../src/shared/errors.ts'
import type { FigureResult, RunEvidence } from '../../../src/shared/papers/figure.ts'
import { claim } from '../../support/claim.ts'

const run = (given: Partial<RunEvidence>): RunEvidence => ({
  runId: 'abcd2345',
  experiment: 'Paper, figure 6',
  seed: 0,
  status: 'finished',
  code: null,
  step: 5000,
  neededStep: 5000,
  ...given,
})

function reported(given: Partial<FigureResult>, archive?: string): string {
  return claimReport({ figure: 'musat2025/fig6', runs: [run({})], claims: [claim()], panels: [], ...given }, archive)
}

describe('the claims of a figure in the terminal', () => {
  it('stand with verdict, value, expectation and evidence', () => {
    const [head, row, sum] = reported({}).split('\n')
    expect(head).toMatch(/^verdict +claim +measured +expected +evidence$/)
    expect(row).toMatch(/^✓ holds +Test accuracy at step 2600 +0\.998 … 1\.000 +≥ 0\.995 +5 of 5 seeds to step 2.600$/)
    expect(sum).toBe('1 of 1 claims as declared: 1 holds')
  })

  it('have values so far while they are pending, and say which runs to resume, how', () => {
    const evidence = { reached: 2, needed: 5, runs: [run({ neededStep: 2600 })] }
    const claims = [claim({ verdict: 'pending', evidence }), claim({ verdict: 'pending', measured: null })]
    const runs = [
      run({}),
      run({ seed: 1, status: 'interrupted', step: 700, runId: 'efgh6789' }),
      run({ seed: 2, status: 'missing', step: 0, runId: null }),
      run({ seed: 3, status: 'running', step: 900 }),
    ]
    const text = reported({ claims, runs }, 'my runs.grokscope')
    expect(text).toMatch(/· pending .* so far 0\.998 … 1\.000 .* 2 of 5 seeds to step/)
    expect(text).toMatch(/· pending .* nothing yet /)
    expect(text).toContain('0 of 2 claims as declared: 2 pending\n1 of 4 runs are finished; no claim is decided before')
    expect(text.split('\n').slice(-2)).toEqual([
      "  Paper, figure 6, seed 1: interrupted at step 700 of 5\u2009000; grokscope resume efgh6789 --archive 'my runs.grokscope'",
      '  Paper, figure 6, seed 2: missing',
    ])
  })

  it('offer no command for a run that would end at the same step again, but what helps', () => {
    for (const code of outcomes) {
      const failed = run({ seed: 1, status: 'failed', code, step: 700, runId: 'efgh6789' })
      const lost = run({ seed: 2, status: 'failed', code: 'WORKER_DIED', step: 900, runId: 'ijkm2345' })
      const lines = reported({ runs: [run({}), failed, lost, { ...failed, seed: 3, runId: 'nopq6789' }] }).split('\n')
      expect(lines.slice(-4)).toEqual([
        `  Paper, figure 6, seed 1: failed at step 700 of 5\u2009000: ${code}; resumed, it would end at the same step again`,
        '  Paper, figure 6, seed 2: failed at step 900 of 5\u2009000; grokscope resume ijkm2345',
        `  Paper, figure 6, seed 3: failed at step 700 of 5\u2009000: ${code}; resumed, it would end at the same step again`,
        `${code}: ${errorAdvice[code]}`,
      ])
    }
  })

  it('say what is unlike declared, and why a finding is declared', () => {
    const reason = 'Euler overshoots.'
    const claims = [
      claim({ verdict: 'not held', declared: 'not held', reason }),
      claim({ verdict: 'holds', declared: 'not held', reason }),
      claim({ verdict: 'not held' }),
      claim({ verdict: 'outside' }),
    ]
    const lines = reported({ claims }).split('\n')
    expect(lines.slice(1, 5).map((line) => line.slice(0, line.indexOf('  ')))).toEqual([
      '✓ not held, as declared',
      '! holds, unlike declared',
      '✗ not held',
      '! outside',
    ])
    expect(lines[5]).toBe('1 of 4 claims as declared: 1 holds, 2 not held, 1 outside')
    expect(lines[6]).toBe(`Declared not held: Test accuracy at step 2600. ${reason}`)
  })
})
