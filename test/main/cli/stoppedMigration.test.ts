import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import DatabaseConstructor from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { openArchive } from '../../../src/main/store/archive.ts'
import { smallSpec } from '../../support/archive.ts'
import { startCommandLine } from '../../support/commandLine.ts'
import { version1 } from '../../support/earlierArchives.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { heldMigration } from '../../support/heldMigration.ts'
import { program } from '../../support/program.ts'

describe.skipIf(process.platform === 'win32')(
  'a command that is stopped as an old archive is brought to this version',
  () => {
    it.each([
      [['list', '--archive', 'old.grokscope'], 'SIGINT'],
      [['show', 'qwn', '--archive', 'old.grokscope'], 'SIGHUP'],
      [['resume', 'qwn', '--archive', 'old.grokscope'], 'SIGINT'],
      [['resume', 'qwn', '--archive', 'old.grokscope'], 'SIGTERM'],
      [['import', 'old.grokscope', '--archive', 'own.grokscope'], 'SIGINT'],
    ] as const)('%j ends by %s, and leaves no file', async (words, signal) => {
      const [folder, temporary, elsewhere] = [temporaryFolder(), temporaryFolder(), temporaryFolder()]
      copyFileSync(version1, join(folder, 'old.grokscope'))
      const env = { ...heldMigration(elsewhere, 0.5).env, TMPDIR: temporary }
      const { child, outcome } = startCommandLine(folder, words, { env, detached: true })
      await expect.poll(() => isMigrating(folder, temporary, words[0])).toBe(true)
      // To all of them, as a terminal does.
      process.kill(-child.pid!, signal)
      expect(await outcome).toMatchObject({ code: null, signal, stdout: '', stderr: '' })
      expect(readdirSync(temporary)).toEqual([])
      const left = readdirSync(folder)
      expect(left.filter((name) => name !== 'own.grokscope')).toEqual(['old.grokscope'])
      if (words[0] !== 'resume')
        expect(readFileSync(join(folder, 'old.grokscope')).equals(readFileSync(version1))).toBe(true)
    })
  },
)

describe.skipIf(process.platform === 'win32')('a list whose output takes no more', () => {
  const kept = join(import.meta.dirname, '../../support/archives/0.1.0.grokscope')
  const workplace = (kind: 'old' | 'new' | 'with a log') => {
    const [folder, temporary] = [temporaryFolder(), temporaryFolder()]
    const path = join(folder, 'a.grokscope')
    copyFileSync(kept, path)
    if (kind !== 'old') openArchive(path).close()
    if (kind === 'with a log') keepLog(path)
    return { folder, temporary }
  }

  it.each([
    ['an old archive', 'old'],
    ['an archive of this version', 'new'],
    ['an archive that is read in a copy, as no program keeps its log', 'with a log'],
  ] as const)('ends as any program does whose reader has gone, and leaves no file: %s', async (_, kind) => {
    const { folder, temporary } = workplace(kind)
    const words = ['list', '--json', '--archive', 'a.grokscope']
    const { child, outcome } = startCommandLine(folder, words, { env: { TMPDIR: temporary } })
    child.stdout!.destroy()
    expect(await outcome).toMatchObject({ code: null, signal: 'SIGPIPE', stderr: '' })
    expect([readdirSync(temporary), readdirSync(folder)]).toEqual([[], ['a.grokscope']])
  })

  it.skipIf(!existsSync('/dev/full'))('leaves no copy of an old archive on a full disk', () => {
    const { folder, temporary } = workplace('old')
    const script = `exec "${process.execPath}" "${program}" list --json --archive a.grokscope > /dev/full`
    const env = { ...process.env, TMPDIR: temporary }
    const { status, stderr } = spawnSync('sh', ['-c', script], { cwd: folder, encoding: 'utf8', env })
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^standard output .*: the disk is full\n.*\n$/)])
    expect([readdirSync(temporary), readdirSync(folder)]).toEqual([[], ['a.grokscope']])
  })
})

describe.skipIf(process.platform === 'win32')('a command that reads an archive in a copy', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('leaves no file where it is ended by %s', async (signal) => {
    const [folder, temporary] = [temporaryFolder(), temporaryFolder()]
    const path = join(folder, 'a.grokscope')
    const archive = openArchive(path)
    archive.runs.createExperiment({ spec: smallSpec({ seeds: Array.from({ length: 700 }, (_, seed) => seed) }) })
    archive.close()
    keepLog(path)
    const words = ['list', '--json', '--archive', 'a.grokscope']
    const { child, outcome } = startCommandLine(folder, words, { env: { TMPDIR: temporary } })
    // More than a pipe takes: it waits for its reader.
    child.stdout!.pause()
    await expect.poll(() => readdirSync(temporary, { recursive: true }).length).toBeGreaterThan(1)
    child.kill(signal)
    child.stdout!.resume()
    expect(await outcome).toMatchObject({ code: null, signal, stderr: '' })
    expect([readdirSync(temporary), readdirSync(folder)]).toEqual([[], ['a.grokscope']])
  })
})

/** Leaves an archive as a program does that was killed: its changes go into a log, which nobody keeps. */
function keepLog(path: string): void {
  const database = new DatabaseConstructor(path)
  database.pragma('journal_mode = WAL')
  database.close()
}

/** The copy, or the lock of the archive, is made before a share of it is told. */
function isMigrating(folder: string, temporary: string, command: string): boolean {
  if (command === 'resume') return readdirSync(folder).includes('old.grokscope.lock')
  return readdirSync(temporary, { recursive: true }).some((path) => String(path).endsWith('/archive'))
}
