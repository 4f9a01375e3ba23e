import { expect, it } from 'vitest'
import { specificationCopied } from '../../../../src/renderer/views/run/specificationCopied.ts'

it('of a branch, it is said that a copied specification does not tell what the run started from', () => {
  expect(specificationCopied({ parentRunId: null, parentStep: null })).toBe('The specification is on the clipboard.')
  expect(specificationCopied({ parentRunId: 'p', parentStep: 316 })).toBe(
    'The specification is on the clipboard. It does not say that the run started from step 316 of p.',
  )
})
