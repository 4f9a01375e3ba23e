import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createArchiveReader, type ArchiveReader } from '../../../../src/main/services/archiveReader.ts'
import { openArchive, type Archive } from '../../../../src/main/store/archive.ts'
import { describeRuns } from '../../../../src/shared/figures/latex/describeRuns.ts'
import { recordExperiments, smallExperiment } from '../../../support/browserArchive.ts'
import { temporaryFolder } from '../../../support/folders.ts'

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
