import { describe, expect, it } from 'vitest'
import { printableRun } from '../../../src/shared/formatting/printableRun.ts'
import { acts, hostileText } from '../../support/hostileText.ts'
import { runSummary } from '../../support/runSummary.ts'

describe('a run in the window', () => {
  it('is itself where its words only say something', () => {
    const run = runSummary({ message: 'the loss is NaN' })
    expect(printableRun(run)).toBe(run)
  })

  it.each(['name', 'experiment', 'message'] as const)('has a %s that does not act on what shows it', (field) => {
    const run = runSummary({ [field]: hostileText, tags: [hostileText] })
    const shown = printableRun(run)
    expect(acts(shown[field]!)).toBe(false)
    expect(shown).toEqual({ ...run, [field]: shown[field] })
  })
})
