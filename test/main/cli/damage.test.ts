import { copyFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import DatabaseConstructor from 'better-sqlite3'
import { beforeAll, describe, expect, it } from 'vitest'
import { openArchive } from '../../../src/main/store/archive.ts'
import { eventsOf, measured, settled, smallSpec, snapshot, started } from '../../support/archive.ts'
import { runCommandLine } from '../../support/commandLine.ts'
import { temporaryFolder } from '../../support/folders.ts'

const folder = temporaryFolder()
const whole = join(folder, 'whole.grokscope')
const damaged = join(folder, 'damaged.grokscope')
let ids: [string, string, string]

beforeAll(() => {
  const archive = openArchive(whole)
  const { runIds } = archive.runs.createExperiment({ spec: smallSpec({ seeds: [0, 1, 2] }) })
  ids = runIds as typeof ids
  for (const runId of runIds.slice(0, 2)) {
    archive.applyEvents(
      eventsOf(runId, [
        started,
        measured(0, { trainLoss: 1 }),
        snapshot(0),
        snapshot(100, { reason: 'final' }),
        settled(),
      ]),
    )
  }
  archive.close()
  copyFileSync(whole, damaged)
  const database = new DatabaseConstructor(damaged)
  database.prepare('UPDATE runs SET seconds = 7 WHERE id = ?').run(ids[0])
  database.close()
})

describe('a damaged run', () => {
  it('is shown with what differs, beside others that are the same, or have no hash yet', async () => {
    const shown = async (runId: string) => {
      const { code, stdout } = await runCommandLine(folder, 'show', runId, '--json', '--archive', damaged)
      return [code, (JSON.parse(stdout) as { hash: string }).hash]
    }
    expect(await Promise.all(ids.map(shown))).toEqual([
      [0, 'differs'],
      [0, 'same'],
      [0, 'none'],
    ])
    const { stdout } = await runCommandLine(folder, 'show', ids[0], '--archive', damaged)
    expect(stdout).toMatch(/integrity +stored data differ from their hash; its record is not what was stored/)
  })

  it.each(['csv', 'json', 'npz'])('is exported as %s with a word, and the exit code says so', async (format) => {
    const out = join(folder, `run.${format}`)
    const exported = (runId: string) =>
      runCommandLine(folder, 'export', runId, '--format', format, '--out', out, '--archive', damaged)
    expect(await exported(ids[0])).toMatchObject({
      code: 1,
      stderr: `run ${ids[0]} is damaged: its record is not what was stored\n`,
    })
    expect(existsSync(out)).toBe(true)
  })

  it('is found by the doctor of its archive, who has nothing to say of a sound one', async () => {
    const found = await runCommandLine(folder, 'doctor', '--archive', damaged, '--json')
    expect(found.code).toBe(1)
    expect(JSON.parse(found.stdout)).toMatchObject({
      runs: 3,
      damaged: [{ runId: ids[0], findings: ['its record is not what was stored'] }],
    })
    const sound = await runCommandLine(folder, 'doctor', '--archive', whole)
    expect(sound).toMatchObject({ code: 0, stderr: '' })
    expect(sound.stdout).toContain('3 runs checked, all as they were stored')
  })

  it('is not said of an archive that is not there, however its path is written', async () => {
    for (const path of ['nowhere.grokscope', '~/nowhere.grokscope', join(whole, 'below')]) {
      const { code, stdout, stderr } = await runCommandLine(folder, 'doctor', `--archive=${path}`)
      expect([code, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(/nowhere\.grokscope|below/)
      expect(stderr).not.toContain('~')
    }
  })

  it('is told in words that do nothing to a terminal', async () => {
    const hostile = join(folder, 'hostile.grokscope')
    copyFileSync(whole, hostile)
    const database = new DatabaseConstructor(hostile)
    database.prepare('UPDATE measurementColumns SET name = ?').run('\u009b2J\u202e')
    database.close()
    const { code, stderr } = await runCommandLine(folder, 'doctor', '--archive', hostile)
    expect(code).toBe(1)
    expect(stderr).toMatch(/it measured .* which is not a measurement/)
    expect(stderr).not.toMatch(/[\u0080-\u009f\u202a-\u202e]/)
  })

  it('does not go on', async () => {
    const { code, stderr } = await runCommandLine(folder, 'resume', ids[0], '--steps', '200', '--archive', damaged)
    expect([code, stderr.split('\n')[0]]).toEqual([2, `run ${ids[0]} is damaged: its record is not what was stored`])
  })
})
