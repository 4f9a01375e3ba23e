import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createExperimentService } from '../../../src/main/services/experiments.ts'
import { computeAnalysis } from '../../../src/main/services/analyses.ts'
import { collectFile } from '../../../src/main/services/interchange/collectFile.ts'
import type { ExportFormatName } from '../../../src/main/services/interchange/exportFormats.ts'
import { exportRun } from '../../../src/main/services/interchange/exportRun.ts'
import { readNpz } from '../../../src/main/services/interchange/readNpz.ts'
import type { RunService } from '../../../src/main/services/runs.ts'
import type { SpeedService } from '../../../src/main/services/speed.ts'
import type { Archive } from '../../../src/main/store/archive.ts'
import { toRunSpec } from '../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../src/shared/parseExperiment.ts'
import { measurementsOf, studies } from '../../../src/shared/studies/studies.ts'
import { temporaryArchives } from '../../support/archive.ts'
import { collectRun, eventsOf, snapshotAt } from '../../support/runs.ts'

const { folder, open } = temporaryArchives()
const uncalled = { call: () => Promise.reject(new Error('called')) }
const saved = (archive: Archive, runId: string, format: ExportFormatName) =>
  collectFile(exportRun(archive, runId, format, uncalled), 'grokscope export')
const spec = parseExperiment({
  name: 'two scales',
  study: { kind: 'multiScaleFeatures', dimension: 12, samples: 16, fastDirections: 6, places: 5 },
  seeds: [3],
})

/** A study that was computed and stored, as a host does it. */
async function storedStudy() {
  const archive = open()
  const runId = archive.runs.createExperiment({ spec }).runIds[0]!
  const events = await collectRun(toRunSpec(spec, 3), { runId })
  archive.applyEvents(events)
  return { archive, runId, events }
}

it('a study is stored whole, found by its fields, and exported with its arrays', async () => {
  const { archive, runId, events } = await storedStudy()
  const run = archive.runs.shown(runId)
  expect(run).toMatchObject({
    status: 'finished',
    step: 4,
    steps: 4,
    tau: 1e6,
    trainPairs: null,
    spec: { study: spec.study },
  })
  expect([...run.measured].sort()).toEqual([...measurementsOf(studies.multiScaleFeatures)].sort())
  const { values } = eventsOf(events, 'measured').at(-1)!
  expect(run.latest.generalizationError).toBe(values.generalizationError)
  expect(archive.integrity.checkWhole(runId)).toMatchObject({ hash: 'same', findings: [] })

  const found = (where: string) => archive.runs.listRuns({ where }).length
  expect(found('study:multiScaleFeatures')).toBe(1)
  expect(found('kappa=100 study.dimension<20')).toBe(1)
  expect(found('kappa>100')).toBe(0)
  expect(found('task:modularAddition')).toBe(0)

  const path = join(folder(), 'study.npz')
  writeFileSync(path, (await saved(archive, runId, 'npz')).bytes)
  const { arrays } = await readNpz(path, ['tau', 'theoryGeneralizationError', 'snapshotSteps', 'W', 'u'], 1e6)
  expect(arrays['W']!.shape).toEqual([5, 1, 12])
  expect(arrays['u']!.data.slice(12, 24)).toEqual(snapshotAt(events, 1).matrices['u']!.data)
  expect(arrays['tau']!.data).toEqual(Float64Array.from(eventsOf(events, 'measured'), ({ tau }) => tau))
  const record = JSON.parse(new TextDecoder().decode((await saved(archive, runId, 'json')).bytes)) as object
  expect(record).toMatchObject({ study: 'multiScaleFeatures', task: null, spec: { study: spec.study } })
})

it('what is of networks is refused of a study, in words', async () => {
  const { archive, runId } = await storedStudy()
  const said = 'study: "multiScaleFeatures" (features at two scales) is not allowed here'
  await expect(computeAnalysis(uncalled.call, archive, runId, 0, 'fourier', {})).rejects.toThrow(said)
  const backend = { kind: 'auto' } as const
  const services = { archive, runs: {} as RunService, slots: 1, backend, speed: {} as SpeedService }
  await expect(createExperimentService(services).branch(runId, 2, spec)).rejects.toThrow(said)
  await expect((async () => saved(archive, runId, 'batches'))()).rejects.toThrow('was not trained on minibatches')
  expect(() => archive.runs.requeue(runId, { steps: 9 })).toThrow(`run ${runId} is of a study`)
})
