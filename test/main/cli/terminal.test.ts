import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import DatabaseConstructor from 'better-sqlite3'
import { beforeAll, describe, expect, it } from 'vitest'
import { openArchive } from '../../../src/main/store/archive.ts'
import { runCommandLine, startCommandLine, type Outcome } from '../../support/commandLine.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { acts, hostileText } from '../../support/hostileText.ts'

const folder = temporaryFolder()
/** Of the archive; a name may hold what it likes on most file systems. */
const archive = 'a\u001b[2J\u009b31m\u202e.grokscope'
let runId: string

const specification = {
  name: 'plain',
  task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.8 },
  network: { hidden: 16 },
  dynamics: { kind: 'isolated', ridge: 0.1, steps: 10 },
}

/** As another program wrote them; the run no longer is what its checksums are of. */
const written: Record<string, string> = {
  runs: 'name = @text, message = @text',
  experiments: "name = @text, spec = json_set(spec, '$.name', @text)",
  documents:
    "notes = @text, advice = @text, spec = json_set(spec, '$.name', @text), provenance = json_set(provenance, '$.device', @text)",
  tags: 'tag = @text',
}

beforeAll(async () => {
  writeFileSync(join(folder, 'spec.json'), JSON.stringify(specification))
  const { stdout } = await runCommandLine(folder, 'run', 'spec.json', '--archive', 'plain.grokscope')
  runId = stdout.split(' ')[0]!
  const older = openArchive(join(folder, 'plain.grokscope'))
  older.library.rename(runId, hostileText)
  older.library.renameExperiment(older.runs.summary(runId).experimentId, hostileText)
  older.library.annotate(runId, hostileText)
  older.library.tag([runId], { add: [hostileText] })
  older.close()
  copyFileSync(join(folder, 'plain.grokscope'), join(folder, 'older.grokscope'))
  const database = new DatabaseConstructor(join(folder, 'plain.grokscope'))
  for (const [table, fields] of Object.entries(written)) {
    database.prepare(`UPDATE ${table} SET ${fields}`).run({ text: hostileText })
  }
  database.close()
  copyFileSync(join(folder, 'plain.grokscope'), join(folder, archive))
  renameRun(join(folder, 'plain.grokscope'), hostileText)
})

/** Gives the one run of an archive another id, wherever it stands. */
function renameRun(path: string, id: string): void {
  const database = new DatabaseConstructor(path)
  database.pragma('foreign_keys = OFF')
  const columns = database
    .prepare(
      `SELECT tables.name AS "table", columns.name AS "column" FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
       WHERE tables.type = 'table' AND (columns.name = 'runId' OR (tables.name = 'runs' AND columns.name = 'id'))`,
    )
    .all() as { table: string; column: string }[]
  for (const { table, column } of columns) database.prepare(`UPDATE ${table} SET ${column} = ?`).run(id)
  database.close()
}

describe('the terminal shows names from anywhere and does nothing that they say', () => {
  const inArchive = (...options: string[]) => runCommandLine(folder, ...options, '--archive', archive)
  const inOlder = (...options: string[]) => runCommandLine(folder, ...options, '--archive', 'older.grokscope')
  const inRenamed = (...options: string[]) => runCommandLine(folder, ...options, '--archive', 'plain.grokscope')
  const commands: Record<string, () => Promise<Outcome>> = {
    list: () => inArchive('list'),
    'list as JSON': () => inArchive('list', '--json'),
    'list by a name': () => inArchive('list', `name:"${hostileText}"`),
    'list by what is no filter': () => inArchive('list', `p = "${hostileText}"`),
    show: () => inArchive('show', runId),
    'show as JSON': () => inArchive('show', runId, '--json'),
    'show what is not there': () => inArchive('show', hostileText),
    export: () => inArchive('export', runId, '--format', 'csv', '--out', `${hostileText.replaceAll('/', '')}.csv`),
    'resume what is damaged': () => inArchive('resume', runId, '--steps', '12'),
    'resume, to more steps': () => inOlder('resume', runId, '--steps', '12'),
    'resume as JSON, to more steps': () => inOlder('resume', runId, '--steps', '14', '--json'),
    'list a run with such an id': () => inRenamed('list'),
    'list a run with such an id as JSON': () => inRenamed('list', '--json'),
    'show a run with such an id': () => inRenamed('show', hostileText),
    'export a run with such an id': () => inRenamed('export', hostileText, '--format=csv', '--out=renamed.csv'),
    'resume a run with such an id': () => inRenamed('resume', hostileText, '--steps', '12'),
    'check an archive with such a run': () => inRenamed('doctor'),
    'an archive that is not there': () => runCommandLine(folder, 'list', '--archive', hostileText),
    'a specification that is not there': () => runCommandLine(folder, 'run', hostileText),
    'a setting': () => runCommandLine(folder, 'run', 'spec.json', '--set', `${hostileText}=1`),
    'a setting of a name': () => runCommandLine(folder, 'run', 'spec.json', '--set', `name=${hostileText}`),
    'an unknown option': () => runCommandLine(folder, 'list', `--${hostileText}`),
    'an unknown command': () => runCommandLine(folder, hostileText),
    'an unknown figure': () => runCommandLine(folder, 'reproduce', hostileText),
  }

  it.each(Object.entries(commands))('%s', async (name, run) => {
    const { stdout, stderr } = await run()
    expect(acts(stdout)).toBe(false)
    expect(acts(stderr)).toBe(false)
    expect(stdout + stderr).not.toBe('')
    expect(stderr).not.toMatch(/^ +at /m)
    if (name.includes('as JSON')) {
      for (const line of stdout.trimEnd().split('\n')) expect(() => JSON.parse(line) as unknown).not.toThrow()
    }
  })

  it('knows a run by its name as it is stored', async () => {
    const { stdout } = await inArchive('list', '--json', `name:"${hostileText}"`)
    expect(JSON.parse(stdout)).toMatchObject({ id: runId, name: hostileText, tags: [hostileText] })
  })
})

describe('a specification', () => {
  const bytes = (text: string, encoding: 'utf8' | 'utf16le' = 'utf8') => Buffer.from(text, encoding)
  const json = JSON.stringify(specification)
  const swapped = (text: string) => bytes(text, 'utf16le').swap16()
  const wide = (text: string) => Buffer.concat([...text].map((letter) => Buffer.of(letter.charCodeAt(0), 0, 0, 0)))
  let count = 0

  function runBytes(content: Uint8Array | string, ...options: string[]) {
    const file = `given-${++count}.json`
    writeFileSync(join(folder, file), content)
    return runCommandLine(folder, 'run', file, '--archive', `new-${count}.grokscope`, ...options)
  }

  it.each([
    ['UTF-16', bytes(`\ufeff${json}`, 'utf16le')],
    ['UTF-16', swapped(`\ufeff${json}`)],
    ['UTF-16', bytes(json, 'utf16le')],
    ['UTF-16', swapped(json)],
    ['UTF-32', wide(json)],
    ['UTF-32', Buffer.concat([Buffer.of(0xff, 0xfe, 0, 0), wide(json)])],
  ])('in %s is told so', async (encoding, content) => {
    const { code, stderr } = await runBytes(content)
    expect([code, stderr.split('\n')[0]]).toEqual([2, `given-${count}.json is ${encoding}; save it as UTF-8`])
  })

  it('in another encoding still is told where it is no UTF-8', async () => {
    const { code, stderr } = await runBytes(Buffer.from('{\n"name": "caf\u00e9"}', 'latin1'))
    expect([code, stderr.split('\n')[0]]).toEqual([
      2,
      `given-${count}.json is not UTF-8 at line 2, character 13; save it as UTF-8`,
    ])
  })

  it('may begin with a byte-order mark', async () => {
    const { code } = await runBytes(bytes(`\ufeff${json}`))
    expect(code).toBe(0)
  })

  it('has an end', async () => {
    const { code, stderr } = await runBytes(`${' '.repeat(16 * 2 ** 20)}${json}`)
    expect([code, stderr.split('\n')[0]]).toEqual([
      2,
      `given-${count}.json is longer than 16777216 bytes; a specification has some hundreds`,
    ])
  })

  it('may come over standard input, with its relative paths from here', async () => {
    const given = { ...specification, initialization: { kind: 'file', path: 'nowhere.npz' } }
    const run = (input: string) =>
      startCommandLine(folder, ['run', '-', '--archive', 'new-input.grokscope'], { input }).outcome
    expect(await run(json)).toMatchObject({ code: 0 })
    expect((await run(JSON.stringify(given))).stderr).toMatch(`${join(folder, 'nowhere.npz')}: no such file`)
    expect((await run('{')).stderr).toMatch(/^standard input, line 1, character 2: /)
  })
})

describe('~/ at the start of a path', () => {
  it('is the home folder: of an option, an argument, a file that a specification names', async () => {
    const home = join(folder, 'home')
    mkdirSync(home)
    const start = { ...specification, initialization: { kind: 'file', path: '~/start.npz' } }
    writeFileSync(join(home, 'start.json'), JSON.stringify(start))
    writeFileSync(join(home, 'spec.json'), JSON.stringify(specification))
    const run = (...options: string[]) => startCommandLine(folder, options, { env: { HOME: home } }).outcome
    expect((await run('run', '~/start.json')).stderr).toMatch(`${join(home, 'start.npz')}: no such file`)
    expect(await run('run', '~/spec.json', '--archive=~/home.grokscope')).toMatchObject({ code: 0 })
    const { stdout } = await run('list', '--archive', '~/home.grokscope', '--json')
    const { id } = JSON.parse(stdout) as { id: string }
    expect(await run('export', id, '--archive=~/home.grokscope', '--format=csv', '--out=~/x.csv')).toMatchObject({
      code: 0,
    })
    expect((await run('list', '--archive', '~nobody/x')).stderr).toMatch('there is no archive ~nobody/x yet')
  })

  it('is nowhere without one', async () => {
    const { code, stderr } = await startCommandLine(folder, ['list', '--archive=~/x.grokscope'], { env: { HOME: '' } })
      .outcome
    expect(code).toBe(2)
    expect(stderr).toMatch(
      '--archive: "~/x.grokscope" cannot be resolved: HOME is not set to a folder; write the path in full',
    )
  })
})
