import DatabaseConstructor from 'better-sqlite3'
import { expect, it } from 'vitest'
import { openArchive } from '../../../src/main/store/archive.ts'
import { toRunSpec } from '../../../src/shared/experiment.ts'
import { facetsOf } from '../../../src/shared/specification/facets.ts'
import {
  eventsOf,
  measured,
  provenance,
  settled,
  smallSpec,
  started,
  temporaryArchives,
  trainPairs,
} from '../../support/archive.ts'
import { newerKinds, storeNewerRun } from '../../support/newerRuns.ts'
import { refusal } from '../../support/refusal.ts'

const { folder, open } = temporaryArchives()
const halfRise = { type: 'event', name: 'halfRise', step: 50, tau: 0.05, value: 0.5 } as const

it('a run is known by its summary and by all else that is kept of it', () => {
  const archive = open()
  const spec = smallSpec()
  const runId = archive.runs.createExperiment({ spec }).runIds[0]!
  const rows = [0, 50].map((step) => measured(step, { trainLoss: step, testMse: 1 }))
  archive.applyEvents(eventsOf(runId, [started, ...rows, halfRise, settled({ advice: 'rest' })]))
  archive.library.annotate(runId, 'seen')
  const shown = archive.runs.shown(runId)
  expect(shown).toEqual({
    ...archive.runs.summary(runId),
    spec: toRunSpec(spec, 0),
    facets: facetsOf(spec),
    advice: 'rest',
    provenance,
    report: null,
    notes: 'seen',
    train: trainPairs,
    measured: ['trainLoss', 'testMse'],
    foreignSpec: null,
  })
  expect({ ...archive.runs.run(runId), foreignSpec: null }).toEqual(shown)
})

it('of one whose document goes while it is open is said that it is damaged, not what fell in reading it', () => {
  const path = `${folder()}/gone.grokscope`
  const written = open(path)
  const runId = written.runs.createExperiment({ spec: smallSpec() }).runIds[0]!
  written.close()
  const archive = openArchive(path, { readOnly: true })
  const other = new DatabaseConstructor(path)
  other.pragma('foreign_keys = OFF')
  other.exec('DELETE FROM documents')
  other.close()
  for (const read of [() => archive.runs.shown(runId), () => archive.runs.run(runId)]) {
    const error = refusal(read)
    expect([error.code, error.cause]).toEqual(['ARCHIVE_UNREADABLE', undefined])
    expect(error.message).toContain(`the specification of run ${runId} is damaged: it is missing`)
  }
  archive.close()
})

it('of one that a newer version made the report is shown, if it can be read', () => {
  const path = `${folder()}/newer.grokscope`
  const unknown = newerKinds.find(({ what }) => what === 'an unknown dynamics')!.write
  const stored = { accepted: 5, rejected: 1, fieldEvaluations: 24, largestLocalError: 0.5 }
  const { newer } = storeNewerRun(
    path,
    `${unknown}; UPDATE documents SET report = '${JSON.stringify(stored)}' WHERE runId = RUN`,
  )
  expect(open(path).runs.shown(newer)).toMatchObject({ spec: null, report: stored })
})

it.each(newerKinds)(
  'of one that a newer version made what can be read is shown: $what',
  ({ write, told, isReadable }) => {
    const path = `${folder()}/newer.grokscope`
    const { newer, other } = storeNewerRun(path, write)
    const { runs, library } = open(path)
    library.annotate(newer, 'from elsewhere')
    const shown = runs.shown(newer)
    expect(shown).toMatchObject({ id: newer, name: 'of tomorrow, seed 0', notes: 'from elsewhere', train: trainPairs })
    expect(shown.measured[0]).toBe('trainLoss')
    if (isReadable) {
      expect(runs.run(newer).spec).toEqual(shown.spec)
      expect(shown.foreignSpec).toBeNull()
    } else {
      expect(() => runs.run(newer)).toThrow(
        expect.objectContaining({ code: 'RUN_NEWER', message: expect.stringMatching(told) as string }),
      )
      expect(shown).toMatchObject({ spec: null, foreignSpec: { name: 'of tomorrow' }, report: null })
      expect(shown.provenance?.grokscope ?? null).toBe(/backend/.test(String(told)) ? null : '9.9.9')
    }
    expect(runs.shown(other)).toMatchObject({ foreignSpec: null, spec: { name: 'of today' } })
  },
)

it.each([
  ['an event without a value', 'UPDATE events SET value = NULL', /event halfRise of run \w+ is damaged: no value/],
  [
    'training pairs beyond the data',
    "UPDATE documents SET train = x'63000000'",
    /the training set of run \w+ is damaged/,
  ],
  ['no specification', "UPDATE documents SET spec = '[]'", /run \w+ is damaged: "\[\]" is not an object/],
])('a run with %s is damaged, and shown by nobody', (_, damage, message) => {
  const archive = open()
  const runId = archive.runs.createExperiment({ spec: smallSpec() }).runIds[0]!
  archive.applyEvents(eventsOf(runId, [started, halfRise]))
  archive.close()
  const database = new DatabaseConstructor(archive.path)
  database.exec(damage)
  database.close()
  const { runs } = open(archive.path, { readOnly: true })
  for (const read of [() => runs.run(runId), () => runs.shown(runId)]) {
    expect(read).toThrow(expect.objectContaining({ code: 'ARCHIVE_UNREADABLE' }))
    expect(read).toThrow(message)
  }
})
