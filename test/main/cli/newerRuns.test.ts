import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCommandLine } from '../../support/commandLine.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { newerKinds, storeNewerRun } from '../../support/newerRuns.ts'

const folder = temporaryFolder()
const archive = join(folder, 'newer.grokscope')
const [{ write }] = newerKinds as [(typeof newerKinds)[number]]
const { newer, other } = storeNewerRun(archive, write)
const run = (...words: string[]) => runCommandLine(folder, ...words, '--archive', archive)
const reason = `run ${newer} was made by a newer version of Grokscope, 9.9.9: dynamics.kind: "teleport" has no known kind`

describe('a run of a later version, in the terminal', () => {
  it('is listed beside the others', async () => {
    const { code, stdout } = await run('list')
    expect([code, stdout]).toEqual([0, expect.stringMatching(/of tomorrow[^\n]*finished[^]*of today/)])
    const listed = (await run('list', '--json')).stdout.trim().split('\n')
    expect(listed.map((line) => (JSON.parse(line) as { id: string }).id)).toContain(newer)
  })

  it('is shown, with its specification as it is stored and what is not known of it', async () => {
    const { code, stdout } = await run('show', newer)
    expect([code, stdout]).toEqual([0, expect.stringContaining(reason)])
    expect(stdout).toMatch(/newer .*Open the archive with the version of Grokscope that made the run/)
    expect(stdout).toMatch(/integrity +stored data match their hash\n/)
    expect(stdout).toMatch(/trainLoss +100 /)
    expect(stdout).toContain('"range": 3')
    expect(JSON.parse((await run('show', newer, '--json')).stdout)).toMatchObject({
      newer: expect.stringContaining(reason) as string,
      spec: { dynamics: { kind: 'teleport' } },
      findings: [],
    })
    expect(JSON.parse((await run('show', other, '--json')).stdout)).toMatchObject({
      newer: null,
      specificationHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    })
  })

  it.each(['csv', 'json'])('is exported as %s', async (format) => {
    const out = join(folder, `run.${format}`)
    expect(await run('export', newer, '--format', format, '--out', out)).toMatchObject({ code: 0, stderr: '' })
    expect(existsSync(out)).toBe(true)
  })

  it.each([
    ['goes not on', ['resume', newer, '--steps', '200']],
    ['has no matrices to export', ['export', newer, '--format', 'npz', '--out', join(folder, 'run.npz')]],
  ])('%s, and it is said with which version it would', async (_, words) => {
    const { code, stderr } = await run(...words)
    expect([code, stderr]).toEqual([2, expect.stringContaining(reason)])
    expect(stderr).toContain('Open the archive with the version of Grokscope that made the run, or with a newer one.')
  })

  it('is no damage to the doctor', async () => {
    const { code, stdout } = await run('doctor')
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining('3 runs checked, all as they were stored; 1 made by a newer version'),
    ])
    expect(JSON.parse((await run('doctor', '--json')).stdout)).toMatchObject({ runs: 3, newer: 1, damaged: [] })
  })
})
