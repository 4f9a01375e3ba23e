import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resultsOf } from '../support/slurm/resultsOf.ts'
import {
  hasEnded,
  journalsOf,
  logsOf,
  missing,
  mustBeHere,
  processes,
  signalIfThere,
  startSlurm,
  taskOf,
  until,
  users,
  type Slurm,
} from '../support/slurm/slurm.ts'
import { smallSweep } from '../support/slurm/smallSweep.ts'

const none = `skipped: no ${missing.join(', ')} here`
const isHere = missing.length === 0

it.runIf(mustBeHere)('Slurm is installed where continuous integration can', () => expect(missing).toEqual([]))

describe.skipIf(!isHere).each(isHere ? users() : [{ name: none, uid: 0, gid: 0 }])('as $name', (user) => {
  let slurm: Slurm
  beforeAll(() => void (slurm = startSlurm(user, { SBATCH_JOB_NAME: 'mine', SBATCH_OUTPUT: '/dev/null' })))
  afterAll(() => slurm.control('stop'))

  it('a sweep is submitted, disturbed, submitted again, and comes to the bits of one undisturbed, each run once', async () => {
    const folder = slurm.folder()
    const sweep = join(folder, 'a "sweep"\'s $folder, 100 %')
    writeFileSync(join(folder, 'sweep.json'), JSON.stringify(smallSweep(15_000)))
    const run = async (...words: string[]) => {
      const { code, stdout, stderr } = await slurm.grokscope(folder, 'sweep', 'run', ...words)
      expect([code, stderr]).toEqual([expect.any(Number), expect.any(String)])
      return { code, stdout, stderr }
    }
    const submit = () => run(sweep, '--on', 'slurm', '--json')
    const queue = () => slurm.call('squeue', '-h').trim()
    const programs = () => processes(/program\/task\.mjs/, sweep)
    const collect = async () => {
      const words = ['sweep', 'collect', sweep, '--archive', 'slurm.grokscope']
      return (await slurm.grokscope(folder, ...words)).stdout
    }

    const first = await run('sweep.json', '--out', sweep, '--on', 'slurm', '--per-task', '3', '--partition', 'main')
    expect([first.code, first.stdout]).toEqual([0, expect.stringContaining('4 tasks submitted (job ')])
    await until(() => programs().length === 2 && journalsOf(sweep).length >= 2, 'two tasks compute')
    const [killed, cancelled] = programs() as [number, number]
    // Both are caught before they are done, however fast this machine is.
    for (const pid of [killed, cancelled]) process.kill(pid, 'SIGSTOP')
    // What was submitted is not submitted again, and the partition is remembered.
    const again = await submit()
    expect(JSON.parse(again.stdout)).toMatchObject({ jobs: [], queued: 4, left: 0 })
    expect(again.stderr).toMatch(/slurm\.json: --partition$/m)

    process.kill(killed, 'SIGKILL')
    const task = taskOf(cancelled)
    slurm.call('scancel', `${jobOf(first.stdout)}_${task}`)
    signalIfThere(cancelled, 'SIGCONT')
    await until(() => hasEnded(sweep, task), 'the cancelled task has saved its run')
    expect(await collect()).toMatch(/ unfinished; tag sweep:/)
    await until(() => queue() === '', 'all tasks have ended')

    const status = async () => {
      const { stdout, stderr } = await slurm.grokscope(folder, 'sweep', 'status', sweep, '--json')
      expect(stderr).toBe('')
      return JSON.parse(stdout) as { finished: number; begun: number; waiting: number; slurm: object }
    }
    const left = await status()
    expect(left.slurm).toEqual({ running: 0, pending: {} })
    expect(left.finished).toBeLessThan(12)
    // The killed and the cancelled one, neither of which Slurm or the script queued again.
    const second = JSON.parse((await submit()).stdout) as { jobs: { tasks: number }[]; queued: number }
    expect(second).toMatchObject({ jobs: [{ tasks: 2 }], queued: 0 })
    await until(() => queue() === '', 'the rest has ended')
    expect(await status()).toMatchObject({ runs: 12, finished: 12, failed: 0, problems: 0 })
    expect(JSON.parse((await submit()).stdout)).toMatchObject({ jobs: [], queued: 0, left: 0 })

    await collect()
    expect(await collect()).toMatch(/^0 runs added, 12 already present, 0 unfinished/)
    const here = ['sweep.json', '--out', 'here']
    expect((await run(...here)).code).toBe(0)
    await slurm.grokscope(folder, 'sweep', 'collect', 'here', '--archive', 'here.grokscope')
    const results = resultsOf(join(folder, 'slurm.grokscope'))
    expect(results.size).toBe(12)
    expect(results).toEqual(resultsOf(join(folder, 'here.grokscope')))
    expect(existsSync(join(sweep, 'slurm/node'))).toBe(false)
  })
})

describe.skipIf(!isHere)('a cluster whose arrays end at index 2', () => {
  let slurm: Slurm
  beforeAll(() => void (slurm = startSlurm(users()[0]!, { MAX_ARRAY_SIZE: '3' })))
  afterAll(() => slurm.control('stop'))

  it('gets arrays from offsets, which do each task once; a partition that is not there is refused in its words', async () => {
    const folder = slurm.folder()
    writeFileSync(join(folder, 'sweep.json'), JSON.stringify(smallSweep(200)))
    const submit = (...words: string[]) =>
      slurm.grokscope(folder, 'sweep', 'run', 'sweep.json', '--out', 's', '--on', 'slurm', '--per-task', '2', ...words)
    const refused = await submit('--partition', 'nowhere')
    expect([refused.code, refused.stdout]).toEqual([1, 's: 0 tasks submitted, 0 queued before, 6 left\n'])
    expect(refused.stderr).toContain('sbatch: error: invalid partition specified: nowhere')
    expect(refused.stderr).toContain('Invalid partition name specified')
    const few = await submit('--at-once', '1')
    expect([few.code, few.stderr]).toEqual([
      2,
      expect.stringMatching(/^--at-once: 1 is not allowed: 6 tasks take 2 arrays/),
    ])
    const { code, stdout } = await submit('--at-once', '2', '--copy-node')
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^s: 6 tasks submitted \(job \d+, job \d+\), 0 queued before/),
    ])
    await until(() => slurm.call('squeue', '-h') === '', 'all have ended')
    const told = logsOf(join(folder, 's')).match(/^task \d: .*/gm)!
    expect(told.sort()).toEqual([0, 1, 2, 3, 4, 5].map((task) => `task ${task}: 2 finished, 0 failed, 0 left`))
    const status = await slurm.grokscope(folder, 'sweep', 'status', 's')
    expect(status.stdout).toBe(
      'small: 12 runs: 12 finished, 0 failed, 0 begun, 0 not begun\nSlurm: 0 running, 0 pending\n',
    )
  })
})

function jobOf(stdout: string): string {
  return /job (\d+)/.exec(stdout)![1]!
}
