import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createArchiveReader, type ArchiveReader } from '../../../../src/main/services/archiveReader.ts'
import { openArchive, type Archive } from '../../../../src/main/store/archive.ts'
import { describeRuns } from '../../../../src/shared/figures/latex/describeRuns.ts'
import { toRunSpec } from '../../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../../src/shared/parseExperiment.ts'
import type { Provenance, RunDetail } from '../../../../src/shared/run.ts'
import { templates } from '../../../../src/shared/specification/templates.ts'
import { provenance } from '../../../support/archive.ts'
import { recordExperiments, smallExperiment } from '../../../support/browserArchive.ts'
import { temporaryFolder } from '../../../support/folders.ts'
import { runSummary } from '../../../support/runSummary.ts'

const path = join(temporaryFolder(), 'a.grokscope')
let archive: Archive
let reader: ArchiveReader
let plane: string[]
let other: string[]
beforeAll(async () => {
  const cell = (trainFraction: number, ridge: number) =>
    smallExperiment({
      name: 'plane',
      seeds: [0, 1],
      task: { kind: 'modularAddition', modulus: 7, trainFraction },
      dynamics: { kind: 'isolated', ridge, steps: 20 },
    })
  plane = await recordExperiments(path, [cell(0.5, 0.1), cell(0.5, 1), cell(0.7, 0.1), cell(0.7, 1)])
  other = await recordExperiments(path, [smallExperiment({ name: 'other', seeds: [3, 5] })])
  archive = openArchive(path, { readOnly: true })
  reader = createArchiveReader(archive)
})
afterAll(async () => {
  await reader.close()
  archive.close()
})

const told = async (runIds: readonly string[]) =>
  describeRuns(
    (await Promise.all(runIds.map((runId) => reader.request('run.show', { runId })))).filter(
      (run) => run.spec !== null,
    ),
  )

it('tells of runs of one specification with their seeds, and of what they were computed with', async () => {
  const words = await told(other)
  expect(words).toMatch(
    /^other: task .*; seeds 3, 5 \(N = 2\)\. Computed with Grokscope .*; specifications \w{12}, \w{12}\.$/,
  )
})

it('tells of the cells of a sweep together: what they share once, of what differs each value', async () => {
  const words = await told(plane)
  expect(words.match(/plane:/g)).toHaveLength(1)
  expect(words.match(/isolated/g)).toHaveLength(1)
  expect(words).toContain('$n$ = 14 or 20')
  expect(words).toContain('= 0.1 or 1')
  expect(words).toContain('4 settings, seeds 0–1 (N = 2) each')
  expect(await told([...plane, ...other])).toMatch(/plane: .* other: /)
  // One cell lacks a seed.
  expect(await told(plane.slice(1))).toContain('; 4 settings, 7 runs. ')
})

/** As an archive has it that computed these. */
const detailOf = (input: Parameters<typeof smallExperiment>[0], seed: number, changes: Partial<RunDetail> = {}) =>
  ({
    ...runSummary({ experiment: 'a', seed, status: 'finished', specificationHash: null }),
    train: null,
    provenance: null,
    spec: toRunSpec(parseExperiment(smallExperiment(input)), seed),
    ...changes,
  }) as unknown as RunDetail

it('counts as settings what was asked for, also where no words tell it apart', () => {
  const frequencies = (last: number) => [1, 2, 3, 4, last]
  const task = { kind: 'modularAddition', modulus: 13, trainFraction: 0.5 } as const
  const runs = [5, 6].flatMap((last) =>
    [0, 1].map((seed) =>
      detailOf({ task, interventions: [{ kind: 'removeFrequencies', at: 5, frequencies: frequencies(last) }] }, seed),
    ),
  )
  expect(describeRuns(runs)).toContain('; 2 settings, seeds 0–1 (N = 2) each.')
  // What is kept of a run is no setting of it.
  const kept = [1, 2].map((measureEvery, seed) => detailOf({ record: { measureEvery } }, seed))
  expect(describeRuns(kept)).toContain('; seeds 0–1 (N = 2).')
})

it('tells of how many steps a run takes at most, of a study none, and of runs that did not come to their end', () => {
  const dynamics = { kind: 'isolated', steps: 2000 } as const
  expect(describeRuns([detailOf({ dynamics }, 0)])).toMatch(/; 2\s000 steps; seed 0\./)
  const stopped = detailOf({ dynamics, stop: { after: 'generalized', steps: 100 } }, 0, { step: 314 })
  expect(describeRuns([stopped])).toMatch(/; early end 100 steps after "grokked"; at most 2\s000 steps; seed 0\./)
  const failed = detailOf({ dynamics }, 1, { status: 'failed', step: 3 })
  expect(describeRuns([detailOf({ dynamics }, 0), failed])).toContain('(N = 2); 1 run of 2 not to the end.')
  const study = toRunSpec(parseExperiment(templates.multiScaleFeatures), 0)
  const words = describeRuns([detailOf({}, 0, { spec: study })])
  expect(words).toMatch(/^a: study /)
  expect(words).not.toMatch(/\d steps?;/)
})

it('tells in which precision the softmax was, where it may differ from what a reader expects', () => {
  const how = (changes: Partial<Provenance>) =>
    /\((.*)\)/.exec(describeRuns([detailOf({}, 0, { provenance: { ...provenance, ...changes } })]))![1]
  expect(how({ backend: 'webgpu', precision: 'float32', lossPrecision: 'float32' })).toBe(
    'webgpu, float32 with the softmax in float32',
  )
  expect(how({ backend: 'wasm', precision: 'float32', lossPrecision: 'float64' })).toBe(
    'wasm, float32 with the softmax in float64',
  )
  expect(how({ backend: 'wasm', precision: 'float64', lossPrecision: 'float64' })).toBe('wasm, float64')
  const { lossPrecision: _, ...without } = provenance
  expect(describeRuns([detailOf({}, 0, { provenance: { ...without, precision: 'float32' } })])).toContain(
    '(plain, float32)',
  )
})
