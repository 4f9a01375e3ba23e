import DatabaseConstructor from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { RecordChecksums } from '../../../src/main/store/recordChecksums.ts'
import { RunRecords } from '../../../src/main/store/runRecords.ts'
import { smallSpec, temporaryArchives } from '../../support/archive.ts'

const { open } = temporaryArchives()

/** Three runs, what writes of them, and whether the record of each is what its checksum says. */
function threeRuns() {
  const archive = open()
  const { runIds } = archive.runs.createExperiment({ spec: smallSpec({ seeds: [0, 1, 2] }) })
  archive.close()
  const database = new DatabaseConstructor(archive.path)
  onTestFinished(() => void database.close())
  const rename = database.prepare('UPDATE runs SET name = ? WHERE id = ?')
  const stored = database.prepare('SELECT recordChecksum FROM documents WHERE runId = ?').pluck()
  const checksums = new RecordChecksums(database)
  return {
    records: new RunRecords(database),
    runIds: runIds as [string, string, string],
    write: (runId: string, name: string) => () => void rename.run(name, runId),
    sound: () => runIds.map((runId) => stored.get(runId) === checksums.run(runId)),
  }
}

it('whatever is written of a run, its checksum stays true, also in a change within another', () => {
  const { records, runIds, write, sound } = threeRuns()
  const [first, second] = runIds
  expect(sound()).toEqual([true, true, true])
  records.change([first], write(first, 'a'))
  records.change([first], () => {
    records.change([second], write(second, 'b'))
    write(first, 'c')()
  })
  expect(sound()).toEqual([true, true, true])
  records.change([second], write(second, 'd'))
  expect(sound()).toEqual([true, true, true])
})

it('what is written past it makes damage, which stays damage through later changes, while others go on', () => {
  const { records, runIds, write, sound } = threeRuns()
  const [first, second] = runIds
  write(first, 'forged')()
  records.change([first, second], () => {
    write(first, 'a')()
    write(second, 'b')()
  })
  expect(sound()).toEqual([false, true, true])
  records.change([first], write(first, 'c'))
  expect(sound()).toEqual([false, true, true])
})

it('a run that came anew has a record of its own, and one that went is looked at again where it comes back', () => {
  const { records, runIds, write, sound } = threeRuns()
  const [first, second] = runIds
  write(first, 'new')()
  records.add([first])
  expect(sound()).toEqual([true, true, true])
  records.change([second], write(second, 'a'))
  records.forget([second])
  write(second, 'forged')()
  records.change([second], write(second, 'b'))
  expect(sound()).toEqual([true, false, true])
})

it('a change that fails leaves everything as it was, and the next one is none within it', () => {
  const { records, runIds, write, sound } = threeRuns()
  const [first] = runIds
  const fail = () => {
    write(first, 'a')()
    throw new Error('disk full')
  }
  expect(() => records.change([first], fail)).toThrow('disk full')
  expect(sound()).toEqual([true, true, true])
  records.change([first], write(first, 'b'))
  expect(sound()).toEqual([true, true, true])
})

it('the revision grows with every change, and what lasts with those that are not progress', () => {
  const { records, runIds } = threeRuns()
  const { revision } = records
  const [all, lasting] = [revision.all, revision.lasting]
  expect(records.change(runIds, () => 'output', { isProgress: true })).toBe('output')
  expect([revision.all - all, revision.lasting - lasting]).toEqual([1, 0])
  records.change(runIds, () => {})
  expect([revision.all - all, revision.lasting - lasting]).toEqual([2, 1])
  expect(records.rewrite(() => 'output')).toBe('output')
  records.add([])
  records.forget([])
  expect([revision.all - all, revision.lasting - lasting]).toEqual([5, 4])
})

it('names the runs that were written of since a revision, while it knows of all changes since, and none came or went', () => {
  const { records, runIds } = threeRuns()
  const [first, second] = runIds
  const { revision } = records
  const start = revision.all
  expect(revision.writtenSince(start)).toEqual(new Set())
  records.change([first], () => {})
  const later = revision.all
  records.change([second], () => {}, { isProgress: true })
  expect(revision.writtenSince(start)).toEqual(new Set([first, second]))
  expect(revision.writtenSince(later)).toEqual(new Set([second]))
  records.forget([second])
  expect([revision.writtenSince(later), revision.writtenSince(revision.all)]).toEqual([null, new Set()])

  const many = revision.all
  for (let change = 0; change < 1000; change++) records.change([first], () => {})
  expect(revision.writtenSince(many)).toEqual(new Set([first]))
  records.change([first], () => {})
  expect([revision.writtenSince(many), revision.writtenSince(many + 1)]).toEqual([null, new Set([first])])
})
