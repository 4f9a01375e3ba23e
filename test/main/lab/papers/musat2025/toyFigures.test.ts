import { describe, expect, it } from 'vitest'
import { evaluateFigure } from '../../../../../src/main/lab/papers/evaluateFigure.ts'
import { figure1 } from '../../../../../src/main/lab/papers/musat2025/figure1.ts'
import { figure2 } from '../../../../../src/main/lab/papers/musat2025/figure2.ts'
import { figure3 } from '../../../../../src/main/lab/papers/musat2025/figure3.ts'
import { figure4 } from '../../../../../src/main/lab/papers/musat2025/figure4.ts'
import { recordedRun } from '../../../../support/recordedRun.ts'
import { collectRun, runSpec } from '../../../../support/runs.ts'

describe.each([figure1, figure2, figure3, figure4])('$number', (figure) => {
  it('holds every claim on its own runs', async () => {
    const runs = await Promise.all(
      figure.experiments({}).map(async (input) => {
        const spec = runSpec(input)
        return recordedRun(spec, await collectRun(spec))
      }),
    )
    const { claims, panels } = evaluateFigure(figure, runs)
    expect(claims.map(({ text, measured, expected, verdict }) => ({ text, measured, expected, verdict }))).toEqual(
      claims.map(({ text, measured, expected }) => ({ text, measured, expected, verdict: 'holds' })),
    )
    for (const panel of panels) {
      if (panel.kind !== 'lines') continue
      expect(panel.series.length).toBeGreaterThan(2)
      for (const { x, y } of panel.series) expect(x).toHaveLength(y.length)
    }
  })

  it('is pending without runs', () => {
    for (const { verdict } of evaluateFigure(figure, []).claims) expect(verdict).toBe('pending')
  })
})
