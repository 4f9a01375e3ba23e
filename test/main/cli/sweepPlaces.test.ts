import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { prepareSweepFolder } from '../../../src/main/sweep/sweepFolder.ts'
import { planSweep } from '../../../src/main/sweep/sweepPlan.ts'
import { runCommandLine, startCommandLine } from '../../support/commandLine.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { program } from '../../support/program.ts'

const folder = temporaryFolder()
const sweep = {
  name: 'placed',
  base: {
    task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.7 },
    network: { hidden: 4 },
    dynamics: { kind: 'training', learningRate: 0.01, weightDecay: 0.1, steps: 2 },
  },
  axes: [{ field: 'dynamics.weightDecay', values: [0.1] }],
}
const input = JSON.stringify(sweep)

beforeAll(async () => {
  writeFileSync(join(folder, 'sweep.json'), input)
  await prepareSweepFolder(join(folder, 'planned'), planSweep(sweep), [])
  writeFileSync(join(folder, 'unnamed'), input)
  writeFileSync(join(folder, 'a file'), '')
  symlinkSync('planned', join(folder, 'link'))
})

it('the folder of a sweep may be named by its sweep.json', async () => {
  const { code, stdout } = await runCommandLine(folder, 'sweep', 'status', 'planned/sweep.json')
  expect([code, stdout]).toEqual([0, 'placed: 1 run: 0 finished, 0 failed, 0 begun, 1 not begun\n'])
})

it.concurrent.each([
  { words: ['run', 'planned/sweep.json'], says: 'planned already; `grokscope sweep run planned` goes on with it' },
  { words: ['plan', 'planned/sweep.json'], says: 'planned already; `grokscope sweep run planned` goes on with it' },
  {
    words: ['status', 'sweep.json'],
    says: 'sweep.json is the specification of a sweep, and this is not a sweep folder',
  },
  { words: ['run', '.'], says: '`grokscope sweep run sweep.json --out FOLDER` makes its folder' },
  { words: ['status', 'a file'], says: 'a file is a file; the folder of a sweep is needed' },
  { words: ['plan', 'sweep.json', '--on', 'slurm', '--out', 'a\tb'], says: '"a\\tb" cannot be a folder for Slurm' },
  { words: ['compare', 'planned', 'link'], says: 'planned and link are the same folder' },
  { words: ['compare', 'planned', 'link', '--force'], says: '--force: nothing is written without --out; leave it out' },
  { words: ['run', 'unnamed'], says: 'unnamed is a file; choose a folder with --out' },
  { words: ['run', 'sweep.json', '--out', 'a file'], says: '--out: a file is a file; a folder is needed' },
  { words: ['plan', 'sweep.json', '--stop-after-failures', '3'], says: '--stop-after-failures: is for `sweep run`' },
  { words: ['plan', 'sweep.json', '--out', 'there'], says: '--out: is for `sweep run`' },
  { words: ['plan', 'sweep.json', '--on', 'gpu', '--out', 'there'], says: '--out: is for `sweep run`' },
  {
    words: ['map', 'planned', '--color', 'phase', '--of', 'spread', '--out', 'a.svg'],
    says: '--of: is not for --color phase',
  },
  {
    words: ['map', 'planned', '--phase-delay', '9', '--out', 'a.svg'],
    says: '--phase-delay: is for --color phase; add that, or leave it out',
  },
])('sweep $words says what is named instead of what is needed', async ({ words, says }) => {
  const { code, stderr } = await runCommandLine(folder, 'sweep', ...words)
  expect([code, stderr]).toEqual([2, expect.stringContaining(says)])
})

it('a sweep from standard input says its folder, whatever lies where it is begun', async () => {
  mkdirSync(join(folder, '-'))
  const refused = await startCommandLine(folder, ['sweep', 'run', '-'], { input }).outcome
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/^--out: is needed, since standard input/)])
  const begun = await startCommandLine(folder, ['sweep', 'run', '-', '--out', 'told'], { input }).outcome
  expect([begun.code, begun.stdout]).toEqual([0, 'told: 1 finished, 0 failed, 0 not ended\n'])
})

it('a working folder that is gone is named, before anything is looked for in it', () => {
  const gone = join(folder, 'gone')
  mkdirSync(gone)
  const script = 'rmdir "$PWD" && exec "$0" "$1" sweep plan ../sweep.json'
  const { status, stderr } = spawnSync('sh', ['-c', script, process.execPath, program], { cwd: gone, encoding: 'utf8' })
  expect(existsSync(gone)).toBe(false)
  expect([status, stderr]).toEqual([2, 'the current folder no longer exists; change to another one\n'])
})
