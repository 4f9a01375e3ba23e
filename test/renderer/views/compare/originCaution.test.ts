import { expect, it } from 'vitest'
import { originCaution } from '../../../../src/renderer/views/compare/originCaution.ts'
import { compareRuns } from '../../../../src/shared/curves/comparison.ts'
import type { RunSummary } from '../../../../src/shared/run.ts'
import { runSummary } from '../../../support/runSummary.ts'

const parent = runSummary({ id: 'p', experiment: 'grok', name: 'grok, seed 0' })
const branch = (name: string, parentStep: number, more: Partial<RunSummary> = {}) =>
  runSummary({ id: name, experiment: name, name: `${name}, seed 0`, parentRunId: 'p', parentStep, ...more })
const caution = (runs: RunSummary[]) => originCaution(compareRuns(runs, undefined).runs)

it('branches beside runs that began elsewhere count from where they began, and the sentence names both', () => {
  expect(caution([parent, branch('cut', 316)])).toBe(
    'cut (from step 316 of grok, seed 0) is a branch: its steps, τ and events count from where it began.',
  )
  expect(caution([branch('cut', 316), branch('late', 400)])).toBe(
    'cut (from step 316 of p), late (from step 400 of p) are branches: their steps, τ and events count from where each began.',
  )
  const five = ['a', 'b', 'c', 'd', 'e'].map((name, place) => branch(name, place))
  expect(caution(five)).toMatch(/c \(from step 2 of p\) and 2 more are branches/)
})

it('nothing is said where no run is a branch, and of branches of one snapshot, which count alike', () => {
  expect(caution([parent, runSummary()])).toBeNull()
  expect(caution([branch('cut', 316), branch('control', 316)])).toBeNull()
  expect(caution([branch('cut', 316)])).toBeNull()
})
