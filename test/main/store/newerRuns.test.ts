import DatabaseConstructor, { type Database } from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { newerRun, otherVersion, readKnown } from '../../../src/main/store/newerRuns.ts'
import { LabError } from '../../../src/shared/errors.ts'
import { version } from '../../../src/shared/version.ts'
import { temporaryArchives } from '../../support/archive.ts'
import { newerKinds, storeNewerRun } from '../../support/newerRuns.ts'

const { folder } = temporaryArchives()

/** Of a run of which that was written, beside one of this version. */
function whatIsNewer(write: string, spoil?: (database: Database, runId: string) => void) {
  const path = `${folder()}/newer.grokscope`
  const { newer, other } = storeNewerRun(path, write)
  const database = new DatabaseConstructor(path)
  onTestFinished(() => void database.close())
  spoil?.(database, newer)
  expect(newerRun(database, other)).toBeNull()
  return { database, newer, told: newerRun(database, newer) }
}

const begins = (runId: string) => `run ${runId} was made by a newer version of Grokscope, 9.9.9: `
const experimentAlone = `UPDATE experiments SET spec = json_set(spec, '$.record.loud', 3)
  WHERE id = (SELECT experimentId FROM runs WHERE id = RUN)`
const report = (largestLocalError: string) =>
  `UPDATE documents SET report = '{"accepted":1,"rejected":0,"fieldEvaluations":4,"largestLocalError":${largestLocalError}}'
   WHERE runId = RUN`

it.each(newerKinds)(
  'what a newer version has stored is told, and no other row of it: $what',
  ({ write, told: what }) => {
    const { newer, told } = whatIsNewer(write)
    expect(told).toContain(begins(newer))
    expect(told).toMatch(what)
    const rows = /\b(event|measurement|matrix) "/g
    expect(told!.match(rows)?.length).toBe(what.source.match(rows)?.length)
  },
)

it('what a newer version has written in an experiment alone, or in a report, is told as such', () => {
  const ofExperiment = whatIsNewer(experimentAlone)
  expect(ofExperiment.told).toBe(`${begins(ofExperiment.newer)}record.loud: unknown field (given 3)`)
  const ofReport = whatIsNewer(report('"huge"'))
  expect(ofReport.told).toContain(begins(ofReport.newer))
  expect(ofReport.told).toContain('largestLocalError')
  expect(whatIsNewer(report('1')).told).toBeNull()
})

it('each thing that is not known is told once, however often it is there', () => {
  const spec = `json_set(spec, '$.record.loud', 3)`
  const { newer, told } = whatIsNewer(
    `${experimentAlone}; UPDATE documents SET spec = ${spec} WHERE runId = RUN;
     UPDATE runs SET specificationHash = 'ab' WHERE id = RUN; UPDATE events SET name = 'awakened' WHERE runId = RUN`,
  )
  expect(told).toBe(`${begins(newer)}record.loud: unknown field (given 3); event "awakened"`)
})

it('what no version writes is no newer version’s, nor what is not as it was stored', () => {
  expect(whatIsNewer(`UPDATE documents SET provenance = '{' WHERE runId = RUN`).told).toBeNull()
  const changed = whatIsNewer(experimentAlone, (database, runId) => {
    database.prepare("UPDATE documents SET notes = 'changed' WHERE runId = ?").run(runId)
  })
  expect(changed.told).toBeNull()
})

it('a failure to read is told as a newer version’s where it is one, else as it is', () => {
  const { database, newer, told } = whatIsNewer(experimentAlone)
  const failure = new LabError('ARCHIVE_UNREADABLE', 'it cannot be read')
  const fail = () => {
    throw failure
  }
  expect(readKnown(database, newer, () => 7)).toBe(7)
  expect(() => readKnown(database, newer, fail)).toThrow(expect.objectContaining({ code: 'RUN_NEWER', message: told }))
  const known = whatIsNewer(report('1'))
  expect(() => readKnown(known.database, known.newer, fail)).toThrow(failure)
})

it('another version is called as it calls itself, as far as that can be shown, and this one not at all', () => {
  expect([version, 7, null, undefined].map(otherVersion)).toEqual(['', '', '', ''])
  expect(otherVersion('9.9.9')).toBe('9.9.9')
  expect(otherVersion('9'.repeat(100))).toBe('9'.repeat(40))
  expect(otherVersion('9\u001b[31m')).not.toContain('\u001b')
})
