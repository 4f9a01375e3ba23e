import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, parse } from 'node:path'
import DatabaseConstructor from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { openArchive } from '../../../src/main/store/archive.ts'
import { maxFigures } from '../../../src/main/store/figures.ts'
import { noFigures } from '../../support/archive.ts'
import { runCommandLine, startCommandLine } from '../../support/commandLine.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { newerKinds, storeNewerRun } from '../../support/newerRuns.ts'
import { program } from '../../support/program.ts'

const folder = temporaryFolder()
const kept = join(import.meta.dirname, '../../support/archives/version1.grokscope')
const part = (name: string) => {
  const path = join(folder, name)
  copyFileSync(kept, path)
  return path
}
const grokscope = (...words: string[]) => runCommandLine(folder, ...words)

describe('grokscope import', () => {
  it('takes over what is not here yet, part by part, however often it is asked', async () => {
    const parts = [part('part-1.grokscope'), part('part-2.grokscope')]
    const first = await grokscope('import', ...parts, '--archive', 'all.grokscope')
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(first.stdout).toBe(
      `${parts[0]}: 2 imported, 0 already present, 0 refused\n${parts[1]}: 0 imported, 2 already present, 0 refused\n`,
    )
    // The archive itself among them, as a pattern such as *.grokscope has it.
    const again = await grokscope('import', parts[0]!, 'all.grokscope', '--archive', 'all.grokscope', '--json')
    expect(again.code).toBe(0)
    const lines = again.stdout.trim().split('\n')
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
      [parts[0]!, join(folder, 'all.grokscope')].map((path) => ({
        type: 'imported',
        path,
        imported: 0,
        alreadyPresent: 2,
        refused: [],
        ...noFigures,
      })),
    )
  })

  it('says how many figures it leaves out, and why', async () => {
    const [from, to] = [['a', 'b', 'c'], ['a']].map((figures, place) => {
      const archive = openArchive(join(folder, `${place}.grokscope`))
      for (const figure of figures) archive.figures.write(figure, JSON.stringify({ place }), null)
      archive.close()
      return archive.path
    }) as [string, string]
    const database = new DatabaseConstructor(to)
    const places = Array.from({ length: maxFigures - 1 }, (_, place) => [`full ${place}`])
    database.exec('BEGIN')
    for (const values of places) database.prepare("INSERT INTO figures VALUES (?, '{}')").run(values)
    database.exec('COMMIT')
    database.close()
    const left = [
      '1 figure was not imported: here in another form',
      '2 figures were not imported: an archive has no room for more figures',
    ]
    expect(await grokscope('import', from, '--archive', to)).toMatchObject({
      code: 0,
      stdout: `${from}: 0 imported, 0 already present, 0 refused\n`,
      stderr: `${from}: ${left.join('; ')}\n`,
    })
  })

  it('brings a copy of an old archive to this version once', async () => {
    const told = join(folder, 'told')
    const note = `
      import { subscribe } from 'node:diagnostics_channel'
      import { appendFileSync } from 'node:fs'
      import { parse } from 'node:path'
      const note = ({ path, share }) => appendFileSync(${JSON.stringify(told)}, parse(process.argv[1]).name + ' ' + path + ' ' + share + '\\n')
      subscribe('grokscope:migration', note)
    `
    const file = part('old.grokscope')
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(note)}` }
    const { outcome } = startCommandLine(folder, ['import', file, '--archive', 'once.grokscope'], { env })
    expect(await outcome).toMatchObject({ code: 0, stderr: '' })
    // By a process of its own, which tells this one.
    const begun = readFileSync(told, 'utf8')
      .split('\n')
      .filter((line) => line.endsWith(' 0'))
    expect(begun).toEqual([`migrationWorker ${file} 0`, `${parse(program).name} ${file} 0`])
  })

  it('leaves out what is damaged or of a newer version, and says which, and why', async () => {
    const mixed = join(folder, 'mixed.grokscope')
    const { newer, other } = storeNewerRun(mixed, newerKinds[0]!.write)
    const database = new DatabaseConstructor(mixed)
    database.prepare('UPDATE latest SET value = value + 1 WHERE runId = ?').run(other)
    database.close()
    const { code, stdout, stderr } = await grokscope('import', mixed, '--archive', 'whole.grokscope')
    expect([code, stdout]).toEqual([1, `${mixed}: 1 imported, 0 already present, 2 refused\n`])
    expect(stderr).toMatch(
      new RegExp(`^${mixed}: run ${newer} not imported: .*made by a newer version of Grokscope`, 'm'),
    )
    expect(stderr).toMatch(new RegExp(`^${mixed}: run ${other} not imported: `, 'm'))
  })

  it.each([
    ['a file that is not there', 'nowhere.grokscope', /there is no archive \S+\/nowhere\.grokscope$/m],
    ['what is no archive', 'text.grokscope', /text\.grokscope is not an archive/],
    ['a folder', '.', /is a folder; an archive is a file/],
    ['standard input', '-', /file: "-" is not allowed: an archive is read from a file/],
  ])('refuses %s by its name, before anything is written', async (_, file, says) => {
    writeFileSync(
      join(folder, 'text.grokscope'),
      'no archive, but long enough to be told from an empty file\n'.repeat(20),
    )
    const { code, stderr } = await grokscope('import', part('good.grokscope'), file, '--archive', 'unmade.grokscope')
    expect([code, stderr]).toEqual([2, expect.stringMatching(says)])
    expect(existsSync(join(folder, 'unmade.grokscope'))).toBe(false)
  })
})
