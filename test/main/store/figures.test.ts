import { join } from 'node:path'
import DatabaseConstructor from 'better-sqlite3'
import { afterEach, expect, it } from 'vitest'
import { openArchive, type Archive } from '../../../src/main/store/archive.ts'
import { maxFigureBytes, maxFigures } from '../../../src/main/store/figures.ts'
import { migrate, migrations } from '../../../src/main/store/migrations/migrate.ts'
import { smallSpec } from '../../support/archive.ts'
import { temporaryFolder } from '../../support/folders.ts'

const opened: Archive[] = []
const closeAll = () => opened.splice(0).forEach((archive) => archive.close())
afterEach(closeAll)

function open(path = join(temporaryFolder(), 'figures.grokscope'), options = {}): Archive {
  const archive = openArchive(path, options)
  opened.push(archive)
  return archive
}

const documentsOf = ({ figures }: Archive) => figures.list().map(({ id, document }) => [id, document])

it('are there as they were written when the archive is opened again, the newest first, and read only too', () => {
  const archive = open()
  const revision = archive.figures.write('a', '{"name":"first"}', null)
  archive.figures.write('b', '{"of":"a newer version"}', null)
  const now = archive.figures.write('a', '{"name":"changed"}', revision)
  closeAll()
  for (const readOnly of [false, true]) {
    const again = open(archive.path, { readOnly })
    expect(documentsOf(again)).toEqual([
      ['b', '{"of":"a newer version"}'],
      ['a', '{"name":"changed"}'],
    ])
    expect(again.figures.list()[1]!.revision).toBe(now)
    closeAll()
  }
})

it('are not written over, nor deleted, as something that they are no longer', () => {
  const archive = open()
  const { figures } = archive
  const seen = figures.write('a', '{"name":"seen"}', null)
  const now = figures.write('a', '{"name":"of another"}', seen)
  for (const [before, what] of [
    [seen, 'was changed'],
    [null, 'is there already'],
  ] as const) {
    const refused = { code: 'CONFLICT', message: `figure "a" ${what} since it was read` }
    expect(() => figures.write('a', '{"name":"mine"}', before)).toThrow(expect.objectContaining(refused))
    expect(() => figures.remove('a', before)).toThrow(expect.objectContaining(refused))
  }
  expect(documentsOf(archive)).toEqual([['a', '{"name":"of another"}']])
  figures.remove('a', now)
  expect(() => figures.write('a', '{"name":"mine"}', now)).toThrow('figure "a" was deleted since it was read')
  expect(documentsOf(archive)).toEqual([])
})

it('are as they are after the same was asked again', () => {
  const archive = open()
  const { figures } = archive
  const seen = figures.write('a', '1', null)
  const now = figures.write('a', '2', seen)
  for (const before of [seen, null, now]) expect(figures.write('a', '2', before)).toBe(now)
  expect(documentsOf(archive)).toEqual([['a', '2']])
  for (let k = 0; k < 2; k++) figures.remove('a', now)
  expect(documentsOf(archive)).toEqual([])
})

it('have another fingerprint after each change of any, and the same as long as none changes', () => {
  const { figures, runs } = open()
  const seen = [figures.fingerprint()]
  const first = figures.write('a', '"1"', null)
  seen.push(figures.fingerprint())
  const second = figures.write('a', '"2"', first)
  seen.push(figures.fingerprint())
  figures.write('b', '"2"', null)
  seen.push(figures.fingerprint())
  figures.remove('a', second)
  seen.push(figures.fingerprint())
  expect(new Set(seen).size).toBe(5)
  runs.createExperiment({ spec: smallSpec() })
  expect(figures.fingerprint()).toBe(seen[4])
})

it('that are too large, or too many, are refused; what another program wrote of such a size is not read', () => {
  const archive = open()
  const tooLarge = `"${'x'.repeat(maxFigureBytes - 1)}"`
  expect(() => archive.figures.write('a', tooLarge, null)).toThrow(
    `figure "a" takes ${maxFigureBytes + 1} bytes; at most ${maxFigureBytes}`,
  )
  archive.figures.write('a', tooLarge.replace('x', ''), null)
  closeAll()
  const database = new DatabaseConstructor(archive.path)
  database.prepare("INSERT INTO figures VALUES ('b', ?)").run(tooLarge)
  database.exec(`WITH RECURSIVE n (i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < ${maxFigures})
    INSERT INTO figures SELECT 'x' || i, '{}' FROM n`)
  database.close()
  const again = open(archive.path)
  expect(() => again.figures.write('c', '{}', null)).toThrow(`an archive has at most ${maxFigures} figures`)
  const { id, revision } = again.figures.list()[0]!
  again.figures.write(id, '{"name":"changed"}', revision)
  expect(documentsOf(again)[0]).toEqual([id, '{"name":"changed"}'])
  const [, b] = again.figures.list().reverse()
  expect(b).toMatchObject({ id: 'b', document: null })
})

it('of another archive are taken once, with the runs as they are called here; what differs, or is too large, is left', () => {
  const [from, to] = [open(), open()]
  const of = (...runIds: string[]) => JSON.stringify({ panels: runIds.map((runId) => ({ source: { runId } })) })
  from.figures.write('new', of('r1', 'r2'), null)
  // As it was there, and as it is called here.
  for (const [figure, here] of [
    ['same', of('r1')],
    ['moved', of('here 1')],
    ['other', of('r2')],
  ] as const) {
    from.figures.write(figure, of('r1'), null)
    to.figures.write(figure, here, null)
  }
  const database = new DatabaseConstructor(from.path)
  database.prepare("INSERT INTO figures VALUES ('huge', ?)").run(`"${'x'.repeat(maxFigureBytes)}"`)
  database.close()
  const take = () => to.figures.takeFrom(from.figures, (runId) => runId.replace('r', 'here '))
  expect(take()).toEqual({ figures: 1, figuresDiffering: 1, figuresWithoutRoom: 0 })
  expect(documentsOf(to)).toEqual([
    ['new', of('here 1', 'here 2')],
    ['other', of('r2')],
    ['moved', of('here 1')],
    ['same', of('r1')],
  ])
  expect(take()).toEqual({ figures: 0, figuresDiffering: 1, figuresWithoutRoom: 0 })
})

it('find their place in an archive from before there were any', () => {
  const path = join(temporaryFolder(), 'old.grokscope')
  const old = new DatabaseConstructor(path)
  old.pragma('auto_vacuum = INCREMENTAL')
  migrate(old, migrations.slice(0, 11))
  old.close()
  expect(open(path, { readOnly: true }).figures.list()).toEqual([])
  closeAll()
  const archive = open(path)
  archive.figures.write('a', '{}', null)
  expect(documentsOf(archive)).toEqual([['a', '{}']])
})
