import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startCommandLine } from '../../support/commandLine.ts'
import { temporaryFolder } from '../../support/folders.ts'

const sweep = {
  base: {
    task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
    network: { hidden: 8 },
    dynamics: { kind: 'training', learningRate: 0.01, weightDecay: 0.1, steps: 10_000_000 },
  },
  axes: [{ field: 'dynamics.weightDecay', values: [0.1, 0.2] }],
  seeds: 2,
}

it('sweep run --stop-after-failures begins no run once so many could not be computed', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'sweep.json'), JSON.stringify(sweep))
  const words = ['sweep', 'run', 'sweep.json', '--out', 'here', '--slots', '1', '--stop-after-failures', '1']
  const { child, outcome, hasEnded } = startCommandLine(folder, words)
  const begun = () => (existsSync(join(folder, 'here/journals')) ? readdirSync(join(folder, 'here/journals')) : [])
  while (begun().length === 0 && !hasEnded()) await new Promise((resolve) => setTimeout(resolve, 20))
  const workers = spawnSync('pgrep', ['-P', String(child.pid)], { encoding: 'utf8' }).stdout
  expect(workers).toMatch(/^\s*\d+\s*$/)
  process.kill(Number(workers), 'SIGKILL')
  const { code, stdout, stderr } = await outcome
  expect([code, stdout]).toEqual([1, expect.stringContaining('here: 0 finished, 0 failed, 4 not ended\n')])
  expect(stderr.match(/^run [0-9a-f]{20}: /gm)).toHaveLength(1)
  expect(begun()).toHaveLength(1)
})
