import { expect, test } from 'vitest'
import { branchSpec } from '../../../src/renderer/views/new/branchSpec.ts'
import { toRunSpec } from '../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../src/shared/parseExperiment.ts'
import { branchOriginOf, specificationOfRun } from '../../../src/shared/specification/specificationOfRun.ts'
import { smallSpec } from '../../support/archive.ts'

const spec = toRunSpec({ ...smallSpec(), name: 'a, from 20, b' }, 3)

test('what is run again of a branch starts fresh, so its name does not say from which step that began', () => {
  const drafted = parseExperiment(branchSpec({ name: 'grok, seed 3', spec: spec as never, step: 316 }))
  const branch = { experimentId: 'e', spec: toRunSpec(drafted, 3), parentRunId: 'p', parentStep: 316 }
  expect(drafted.name).toBe('grok, seed 3, from 316')
  expect(specificationOfRun(branch)).toMatchObject({ name: 'grok, seed 3', seeds: [3] })
  const varied = { ...branch, spec: { ...branch.spec, name: 'grok, from 316, wd = 2' } }
  expect(specificationOfRun(varied)).toMatchObject({ name: 'grok, wd = 2' })
})

test('of a run that is no branch, and of a step that is not that of the branch, the name stays', () => {
  const run = { experimentId: 'e', spec, parentRunId: null, parentStep: null }
  expect(specificationOfRun(run)).toMatchObject({ name: 'a, from 20, b' })
  expect(specificationOfRun({ ...run, parentRunId: 'p', parentStep: 2 })).toMatchObject({ name: 'a, from 20, b' })
  expect(branchOriginOf(run)).toBeNull()
  expect(branchOriginOf({ ...run, parentRunId: 'p', parentStep: 2 })).toEqual({ runId: 'p', step: 2 })
})
