import { expect, it } from 'vitest'
import { plainBackend } from '../../../src/main/lab/backend/plain.ts'
import { timeRun } from '../../../src/main/lab/timeRun.ts'
import { templates } from '../../../src/shared/specification/templates.ts'
import { precisionOf } from '../../../src/shared/experiment.ts'
import { runSpec } from '../../support/runs.ts'

it.each(Object.entries(templates))('a step of the template %s is timed within moments', async (_, template) => {
  const spec = runSpec(template)
  const seconds = await timeRun(spec, plainBackend(precisionOf(spec)), 0.05)
  expect(seconds).toBeGreaterThan(0)
  expect(seconds).toBeLessThan(Infinity)
})

it('does not wait for the start that a run names', async () => {
  const trained = { kind: 'trained', steps: 1_000_000, learningRate: 0.1, weightDecay: 0 } as const
  const spec = runSpec({ ...templates.training, initialization: trained, seeds: [0] })
  expect(await timeRun(spec, plainBackend('float64'), 0.05)).toBeGreaterThan(0)
})

it('has no time for a step of a run that fails before its first', async () => {
  // Of HHᵀ of linear units the rank is at most p, below the n that it must be inverted for.
  const singular = runSpec({ ...templates.isolated, network: { hidden: 256, activation: 'identity' } })
  expect(await timeRun(singular, plainBackend('float64'), 0.05)).toBeNull()
  const study = { ...templates.multiScaleFeatures.study, stepSize: 50 }
  expect(await timeRun(runSpec({ ...templates.multiScaleFeatures, study }), plainBackend('float64'), 0.05)).toBeNull()
})
