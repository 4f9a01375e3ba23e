import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { prepareSweepFolder } from '../../src/main/sweep/sweepFolder.ts'
import { planSweep } from '../../src/main/sweep/sweepPlan.ts'
import { surveySweep } from '../../src/main/sweep/sweepJournals.ts'
import { temporaryFolder } from '../support/folders.ts'

const built = join(import.meta.dirname, '../../out/task')

it('the program in a sweep’s folder computes a task with Node alone, and has nothing to do the second time', async () => {
  const program = readdirSync(built).map((name) => join(built, name))
  expect(program.length).toBeLessThanOrEqual(3)
  const plan = planSweep({
    base: {
      task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
      network: { hidden: 8 },
      dynamics: { kind: 'training', learningRate: 0.01, weightDecay: 1, steps: 50 },
    },
    axes: [{ field: 'precision', values: ['float64', 'float32'] }],
    seeds: 2,
  })
  const folder = await prepareSweepFolder(join(temporaryFolder(), 'sweep'), plan, program)
  const task = () =>
    spawnSync(process.execPath, ['sweep/program/task.mjs', 'sweep', '0'], {
      cwd: join(folder.path, '..'),
      env: {},
      encoding: 'utf8',
    })
  const { status, stdout, stderr } = task()
  expect({ status, stdout, stderr }).toEqual({
    status: 0,
    stdout: 'task 0: 4 finished, 0 failed, 0 left\n',
    stderr: '',
  })
  expect(surveySweep(folder)).toMatchObject({ runs: 4, finished: 4, open: [], foreign: [] })
  const journals = () =>
    readdirSync(join(folder.path, 'journals')).map((name) => readFileSync(join(folder.path, 'journals', name)))
  const before = journals()
  expect(task().status).toBe(0)
  expect(journals()).toEqual(before)
})

it('that program imports Node’s own modules alone, and Node asks for no later glibc than 2.28', () => {
  const text = readFileSync(join(built, 'task.mjs'), 'utf8')
  const imported = [...text.matchAll(/^import\b.*["'](.+)["'];?$/gm)].map(([, name]) => name!)
  expect(imported.length).toBeGreaterThan(5)
  expect(imported.filter((name) => !isBuiltin(name))).toEqual([])
  expect(readdirSync(built).filter((name) => !/^(task\.mjs|kernels\.float(32|64)\.wasm)$/.test(name))).toEqual([])
  if (process.platform !== 'linux') return
  const node = readFileSync(process.execPath).toString('latin1')
  const versions = [...node.matchAll(/GLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor))
  expect(Math.max(0, ...versions)).toBeLessThanOrEqual(28)
})
