import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { slurmScript, type SlurmRequest } from '../../../../src/main/services/sweeps/slurm/slurmScript.ts'
import { planSlurm } from '../../../../src/main/services/sweeps/slurm/submitSweep.ts'
import { planSweep } from '../../../../src/main/sweep/sweepPlan.ts'
import { temporaryFolder } from '../../../support/folders.ts'

const plan = planSweep({
  name: 'a `name` with $(things) "in" it',
  base: {
    task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
    network: { hidden: 8 },
    dynamics: { kind: 'training', learningRate: 0.01, weightDecay: 1, steps: 50 },
  },
  axes: [{ field: 'dynamics.weightDecay', from: 1, to: 10, count: 10 }],
})
const few = { time: '10', mem: '500M' } satisfies SlurmRequest

/** A folder in which the script finds a program that is a shell script, and a scontrol that says what it was told. */
function workplace(program: string, request: SlurmRequest = few, node = '/nowhere/node') {
  const folder = join(temporaryFolder(), 'the folder\'s "name" $x 100 %')
  for (const part of ['', 'slurm', 'program', 'bin']) mkdirSync(join(folder, part), { recursive: true })
  const executable = (name: string, text: string) =>
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
  executable('bin/scontrol', 'echo "$@" >> requeued')
  executable('slurm/node', program)
  writeFileSync(join(folder, 'sweep.json'), '{}')
  const text = slurmScript(plan, request, node)
  writeFileSync(join(folder, 'slurm/task.sh'), text)
  const job = { SLURM_ARRAY_JOB_ID: '7', SLURM_ARRAY_TASK_ID: '3', SLURM_JOB_ID: '7' }
  const env = (more: NodeJS.ProcessEnv) => ({ PATH: `${join(folder, 'bin')}:/usr/bin:/bin`, ...job, ...more })
  const words = ['slurm/task.sh', '1000']
  return {
    folder,
    text,
    run: (more: NodeJS.ProcessEnv = {}) => spawnSync('bash', words, { cwd: folder, env: env(more), encoding: 'utf8' }),
    start: () => spawn('bash', words, { cwd: folder, env: env({}) }),
    requeued: () => (existsSync(join(folder, 'requeued')) ? readFileSync(join(folder, 'requeued'), 'utf8') : ''),
  }
}

describe('the script of a task', () => {
  it('does the task at its index from the offset, and ends as the program does', () => {
    const { run, requeued } = workplace('echo "program: $@"; exit 1')
    const { status, stdout, stderr } = run()
    expect([status, stderr]).toEqual([1, ''])
    expect(stdout).toMatch(/^task 1003 on .*, start 1, [-0-9T:]+Z\nprogram: program\/task.mjs \. 1003\n$/)
    expect(requeued()).toBe('')
  })

  it('queues that task alone again at 75, fifty times', () => {
    const { run, requeued } = workplace('exit 75')
    expect(run({ SLURM_RESTART_COUNT: '49' }).status).toBe(0)
    expect(requeued()).toBe('requeue 7_3\n')
    const last = run({ SLURM_RESTART_COUNT: '50' })
    expect([last.status, last.stderr]).toEqual([
      75,
      'task 1003 is not queued again: `sweep run` submits what is missing\n',
    ])
    expect(requeued()).toBe('requeue 7_3\n')
  })

  it.each([
    ['SIGUSR1', 'USR1', 75, 'requeue 7_3\n'],
    ['SIGTERM', 'TERM', 1, ''],
  ] as const)('passes %s on, and waits until the program has saved', async (signal, name, code, requeue) => {
    const program = `trap 'sleep 0.3; echo ${name} >> heard; exit ${code}' ${name}; echo ready; while :; do sleep 0.05; done`
    const { start, folder, requeued } = workplace(program)
    const child = start()
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    let told = ''
    await new Promise<void>((resolve) =>
      child.stdout.on('data', (part) => /ready/.test((told += String(part))) && resolve()),
    )
    child.kill(signal)
    expect(await ended).toBe(code === 75 ? 0 : code)
    expect(readFileSync(join(folder, 'heard'), 'utf8')).toBe(`${name}\n`)
    expect(requeued()).toBe(requeue)
  })

  it('passes on a signal that comes before it knows the number of its program', async () => {
    const early = 'until [ -e ready ]; do sleep 0.02; done; kill -USR1 $$'
    const setup = `trap 'case $BASH_COMMAND in "program=\\$!") ${early};; esac' DEBUG`
    const program = "trap 'echo USR1 >> heard; exit 75' USR1; touch ready; while :; do sleep 0.05; done"
    const { start, folder, requeued } = workplace(program, { ...few, setup })
    const child = start()
    await new Promise((resolve) => child.once('close', resolve))
    expect(readFileSync(join(folder, 'heard'), 'utf8')).toBe('USR1\n')
    expect(requeued()).toBe('requeue 7_3\n')
  })

  it('says where the folder is not on the node, or there is no Node', () => {
    const { run, folder } = workplace('exit 0')
    writeFileSync(join(folder, 'slurm/node'), '')
    spawnSync('chmod', ['-x', join(folder, 'slurm/node')])
    const bare = join(folder, 'bin')
    for (const name of ['hostname', 'date']) spawnSync('ln', ['-s', `/bin/${name}`, bare])
    const without = spawnSync('/bin/bash', ['slurm/task.sh', '0'], {
      cwd: folder,
      env: { PATH: bare, SLURM_ARRAY_TASK_ID: '0' },
      encoding: 'utf8',
    })
    expect([without.status, without.stderr]).toEqual([2, expect.stringMatching(/^no Node on .*--copy-node/)])
    spawnSync('rm', [join(folder, 'sweep.json')])
    const lost = run()
    expect([lost.status, lost.stderr]).toEqual([2, expect.stringContaining('has to lie on a disk that the nodes see')])
  })

  it('asks for what was asked, the user’s own options last, and runs the setup before the program and the prefix with it', () => {
    const request = {
      ...few,
      partition: 'short',
      account: 'proj',
      sbatch: ['--constraint=avx2', '--mem=1G'],
      setup: 'export WORD="a b"\nif true; then\n\texport OTHER=1\nfi',
      prefix: 'env PREFIXED=yes',
      threads: 2,
      stopAfterFailures: 3,
    }
    const { run, text } = workplace('echo "$WORD,$OTHER,$PREFIXED,$*"', request)
    expect(text.split('\n').filter((line) => line.startsWith('#SBATCH'))).toEqual(
      [
        `--job-name=sweep-${plan.key}`,
        '--output=slurm/log-%A_%a.txt --open-mode=append',
        '--ntasks=1 --cpus-per-task=2',
        '--time=10 --mem=500M',
        '--signal=B:USR1@60 --requeue',
        '--partition=short',
        '--account=proj',
        '--constraint=avx2',
        '--mem=1G',
      ].map((flag) => `#SBATCH ${flag}`),
    )
    expect(run().stdout.split('\n')[1]).toBe('a b,1,yes,program/task.mjs . 1003 --threads 2 --stop-after-failures 3')
  })

  it('is warned in time to save, however short its time', () => {
    const lead = (time: string) => /USR1@(\d+)/.exec(slurmScript(plan, { ...few, time }, 'node'))![1]
    expect(['1', '2:00', '10', '1-0'].map(lead)).toEqual(['15', '30', '60', '60'])
  })
})

describe('the arrays of a sweep', () => {
  const arraysOf = (tasks: readonly number[], size: number, atOnce?: number) =>
    planSlurm(
      { ...plan, cells: plan.cells.map(({ changes }) => changes), path: "/home/a b/it's" },
      tasks,
      { node: 'node', ...(atOnce ? { atOnce } : {}) },
      size,
    ).commands

  it('count from an offset, as far as the cluster lets an array reach', () => {
    expect(arraysOf([0, 1, 2, 5, 999, 1000, 1001, 1003, 2500], 1001)).toEqual([
      `cd '/home/a b/it'\\''s'`,
      'sbatch --array=0-2,5,999-1000 slurm/task.sh 0',
      'sbatch --array=0,2 slurm/task.sh 1001',
      'sbatch --array=498 slurm/task.sh 2002',
    ])
    expect(arraysOf([7], 1)[1]).toBe('sbatch --array=0 slurm/task.sh 7')
  })

  it('share what may run at once, and are refused where each alone were more', () => {
    expect(arraysOf([0, 1, 10, 11], 10, 5).slice(1)).toEqual([
      'sbatch --array=0-1%2 slurm/task.sh 0',
      'sbatch --array=0-1%2 slurm/task.sh 10',
    ])
    expect(() => arraysOf([0, 10, 20], 10, 2)).toThrow(
      /^--at-once: 2 is not allowed: 3 tasks take 3 arrays of at most 10/,
    )
  })

  it('hold tasks of about half an hour, and no more than a thousand', () => {
    const sized = (steps: number, count: number) => {
      const dynamics = { kind: 'training', learningRate: 0.01, weightDecay: 1, steps }
      const base = {
        task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
        network: { hidden: 8 },
        dynamics,
      }
      const axes = [{ field: 'dynamics.weightDecay', from: 1, to: 2, count }]
      const { perTask, cost } = planSweep({ base, axes })
      return { perTask, seconds: (perTask * cost.seconds) / count }
    }
    const long = sized(100_000_000, 100)
    expect([long.perTask > 1, long.seconds > 900, long.seconds <= 1800]).toEqual([true, true, true])
    expect(Math.ceil(3000 / sized(1_000_000_000, 3000).perTask)).toBeLessThanOrEqual(1000)
  })
})
