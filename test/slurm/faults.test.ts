import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { resultsOf } from '../support/slurm/resultsOf.ts'
import { smallSweep } from '../support/slurm/smallSweep.ts'
import {
  hasEnded,
  journalsOf,
  logsOf,
  missing,
  parentOf,
  processes,
  signalIfThere,
  slurmVersion,
  startSlurm,
  taskOf,
  type Slurm,
  until,
  users,
} from '../support/slurm/slurm.ts'

const isHere = missing.length === 0

/** What was seen, by what was done and by who did it; written beside this file. */
const outcomes = new Map<string, Map<string, string>>()
const everyone = isHere ? users() : [{ name: `skipped: no ${missing.join(', ')} here`, uid: 0, gid: 0 }]

describe.skipIf(!isHere).each(everyone)('as $name', (user) => {
  let slurm: Slurm
  let folder: string
  let undisturbed: Map<string, string>

  beforeAll(async () => {
    slurm = startSlurm(user)
    folder = slurm.folder()
    writeFileSync(join(folder, 'small.json'), JSON.stringify(smallSweep(30_000)))
    expect((await slurm.grokscope(folder, 'sweep', 'run', 'small.json', '--out', 'here')).code).toBe(0)
    await slurm.grokscope(folder, 'sweep', 'collect', 'here', '--archive', 'here.grokscope')
    undisturbed = resultsOf(join(folder, 'here.grokscope'))
    expect(undisturbed.size).toBe(12)
  })
  // What a test that failed left behind is none of the next one's business.
  afterEach(async () => {
    slurm.control('start')
    slurm.call('scancel', '-u', slurm.call('id', '-un').trim())
    await until(() => queue().length === 0, 'the queue is empty')
  })
  afterAll(() => slurm.control('stop'))

  const lines = (text: string) => text.split('\n').filter(Boolean)
  const queue = () => lines(slurm.call('squeue', '-h', '-r', '-o', '%i %t %N %r'))
  const sleep = (seconds: number) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds))

  let sweeps = 0

  /** A new sweep; with words, submitted. */
  async function begin(...words: string[]) {
    const path = join(folder, `sweep ${sweeps++}`)
    const programs = () => processes(/program\/task\.mjs/, path)
    let job = ''
    async function submit(...more: string[]): Promise<number> {
      const given = existsSync(path) ? [path] : ['small.json', '--out', path]
      const outcome = await slurm.grokscope(folder, 'sweep', 'run', ...given, '--on', 'slurm', '--json', ...more)
      expect([outcome.code, outcome.stderr]).toEqual([0, expect.any(String)])
      const { jobs } = JSON.parse(outcome.stdout) as { jobs: { job: string; tasks: number }[] }
      job = jobs[0]?.job ?? job
      return jobs.reduce((sum, { tasks }) => sum + tasks, 0)
    }
    if (words.length > 0) await submit(...words)

    /** The programs of tasks, which have come some way and are held there until they are let go. */
    const hold = async (count = 2) => {
      await until(() => programs().length === count && journalsOf(path).length >= count, `${count} tasks compute`)
      await sleep(1)
      const held = programs()
      for (const pid of held) signalIfThere(pid, 'SIGSTOP')
      expect(held).toHaveLength(count)
      return held
    }
    const letGo = () => {
      for (const pid of programs()) signalIfThere(pid, 'SIGCONT')
    }
    /** Submitted again until all is there; then collected twice, and compared. */
    async function finish(seen: string): Promise<void> {
      const status = async () =>
        JSON.parse((await slurm.grokscope(folder, 'sweep', 'status', path, '--json')).stdout) as Record<string, number>
      let again = 0
      await until(() => queue().length === 0 && programs().length === 0, `the queue is empty: ${queue().join('; ')}`)
      while ((await status())['finished'] !== 12 && again < 3) {
        again += 1
        expect(await submit()).toBeGreaterThan(0)
        await until(() => queue().length === 0, 'what was submitted again has ended')
      }
      expect(await status()).toMatchObject({ finished: 12, failed: 0, begun: 0, waiting: 0, problems: 0 })
      const archive = `${path}.grokscope`
      const collect = () => slurm.grokscope(folder, 'sweep', 'collect', path, '--archive', archive)
      await collect()
      expect((await collect()).stdout).toMatch(/^0 runs added, 12 already present/)
      expect(resultsOf(archive)).toEqual(undisturbed)
      const task = expect.getState().currentTestName!.replace(/^.* > /, '')
      const submissions =
        again === 0 ? 'not submitted again' : `submitted again ${again === 1 ? 'once' : `${again} times`}`
      const row = outcomes.get(task) ?? new Map<string, string>()
      outcomes.set(task, row.set(user.name, `${seen}; ${submissions}; 12 of 12 runs equal to the bit`))
    }
    return { path, submit, programs, hold, letGo, finish, job: () => job }
  }

  const scriptOf = (program: number) => parentOf(program)
  const stepOf = (program: number) => parentOf(scriptOf(program))
  const startsOf = (path: string, task: string) =>
    lines(logsOf(path)).filter((line) => line.startsWith(`task ${task} on `)).length

  it('scancel of one task', async () => {
    const sweep = await begin('--per-task', '3')
    const [program] = (await sweep.hold()) as [number]
    const task = taskOf(program)
    slurm.call('scancel', `${sweep.job()}_${task}`)
    sweep.letGo()
    await until(() => hasEnded(sweep.path, task), 'it has saved its run')
    await until(() => queue().length === 0, 'the others have ended')
    expect(startsOf(sweep.path, task)).toBe(1)
    await sweep.finish('the task saves its run and stays cancelled')
  })

  it('kill -9 of slurmstepd', async () => {
    const sweep = await begin('--per-task', '3')
    const [program] = (await sweep.hold()) as [number]
    const task = taskOf(program)
    const step = stepOf(program)
    // What is held when its parent dies is told to hang up.
    sweep.letGo()
    process.kill(step, 'SIGKILL')
    await sleep(1)
    const lives = sweep.programs().includes(program)
    await until(() => queue().length === 0, 'Slurm has noticed and gone on')
    await sweep.finish(
      `the program ${lives ? 'goes on as an orphan' : 'ends with it'}; Slurm starts the task ${startsOf(sweep.path, task)} times`,
    )
  })

  it('kill -9 of slurmd alone', async () => {
    const sweep = await begin('--per-task', '3')
    await sweep.hold()
    slurm.control('kill-node', '1')
    sweep.letGo()
    await until(() => queue().length === 0, 'the rest is computed')
    slurm.control('start-node', '1')
    const starts = Math.max(...[0, 1, 2, 3].map((task) => startsOf(sweep.path, String(task))))
    await sweep.finish(
      `the task of that node goes on and reports its end; ${starts === 1 ? 'none is' : 'one is'} started twice`,
    )
  })

  it('a node loses power: slurmd, slurmstepd, script and program killed', async () => {
    const sweep = await begin('--per-task', '3')
    const held = await sweep.hold()
    const victim = queue().find((line) => / R n1 /.test(line))!
    const index = /_(\d+) /.exec(victim)![1]!
    const program = held.find((each) => taskOf(each) === index)!
    slurm.control('kill-node', '1')
    for (const pid of [stepOf(program), scriptOf(program), program]) signalIfThere(pid, 'SIGKILL')
    sweep.letGo()
    await until(() => queue().length === 0, 'the other node has computed all')
    slurm.control('start-node', '1')
    expect(startsOf(sweep.path, index)).toBe(2)
    await sweep.finish('the task is queued again by Slurm and goes on at the other node')
  })

  it('kill -9 of slurmctld in mid-array', async () => {
    const sweep = await begin('--per-task', '3')
    await sweep.hold()
    const running = Date.now()
    // Before it has saved that they run it would start them again when it comes back, and drain the nodes that have them.
    const saved = join(slurm.env['SLURM_SINGLE']!, 'state', 'job_state')
    await until(() => statSync(saved).mtimeMs > running, 'slurmctld has saved that they run')
    slurm.control('kill-ctld')
    const status = await slurm.grokscope(folder, 'sweep', 'status', sweep.path)
    expect([status.code, status.stdout, status.stderr]).toEqual([
      0,
      expect.stringMatching(/^small: 12 runs: /),
      expect.stringMatching(/^squeue: .*(Unable to contact|slurm_load_jobs|Connection refused)/s),
    ])
    const submission = await slurm.grokscope(folder, 'sweep', 'run', sweep.path, '--on', 'slurm')
    expect([submission.code, submission.stderr]).toEqual([1, expect.stringContaining('nothing was submitted')])
    sweep.letGo()
    slurm.control('start-ctld')
    await sweep.finish('status tells what the folder holds, run refuses; running tasks do not notice')
  })

  it('the time limit', async () => {
    const sweep = await begin('--per-task', '12', '--time', '1')
    const [program] = (await sweep.hold(1)) as [number]
    const isWarned = () => {
      const pending = /^ShdPnd:\s*(\w+)$/m.exec(readFileSync(`/proc/${program}/status`, 'utf8'))![1]!
      return ((Number.parseInt(pending, 16) >> (constants.signals.SIGUSR1 - 1)) & 1) === 1
    }
    await until(isWarned, 'its time is nearly over')
    sweep.letGo()
    await until(() => queue().length === 0, 'it has been queued again until it was complete')
    expect(startsOf(sweep.path, '0')).toBeGreaterThan(1)
    await sweep.finish('USR1, saved, queued again by the script until complete')
  })

  it('USR1 to the script of a task, as preemption may send it', async () => {
    const sweep = await begin('--per-task', '3')
    const [program] = (await sweep.hold()) as [number]
    const task = taskOf(program)
    // Slurm 22.05 delivers `scancel --batch --signal=USR1`, says that it cannot, and tries again.
    process.kill(scriptOf(program), 'SIGUSR1')
    process.kill(scriptOf(program), 'SIGUSR1')
    sweep.letGo()
    await until(() => queue().length === 0, 'all have ended')
    expect([0, 1, 2, 3].map((each) => startsOf(sweep.path, String(each)))).toEqual(
      [0, 1, 2, 3].map((each) => (String(each) === task ? 2 : 1)),
    )
    await sweep.finish('saved, and that task alone queued again by the script')
  })

  it('kill -9 of a task, and 100 random bytes after every journal', async () => {
    const sweep = await begin('--per-task', '3')
    const [program] = (await sweep.hold()) as [number]
    process.kill(program, 'SIGKILL')
    // Either was being written.
    for (const path of journalsOf(sweep.path)) appendFileSync(path, randomBytes(100))
    sweep.letGo()
    await sweep.finish('the task fails and is not queued again by itself')
  })

  it('journals cut short, each by a random length', async () => {
    const sweep = await begin('--per-task', '3')
    await sweep.hold()
    slurm.call('scancel', sweep.job())
    sweep.letGo()
    await until(() => queue().length === 0 && sweep.programs().length === 0, 'all are cancelled')
    for (const path of journalsOf(sweep.path)) truncateSync(path, Math.floor(Math.random() * statSync(path).size))
    await sweep.finish('what was cut off is computed again')
  })

  it('two processes on one task at once, one of them killed, collect in the middle', async () => {
    const sweep = await begin('--per-task', '3')
    const [program] = (await sweep.hold()) as [number]
    const task = taskOf(program)
    const before = journalsOf(sweep.path).length
    const { uid, gid } = user
    const words = ['program/task.mjs', '.', task]
    const other: ChildProcess = spawn(process.execPath, words, {
      cwd: sweep.path,
      env: slurm.env,
      uid,
      gid,
      stdio: 'ignore',
    })
    const ended = new Promise((resolve) => other.once('close', resolve))
    await until(() => journalsOf(sweep.path).length > before, 'the other has begun')
    expect((await slurm.grokscope(folder, 'sweep', 'collect', sweep.path, '--archive', 'middle.grokscope')).code).toBe(
      0,
    )
    other.kill('SIGKILL')
    await ended
    sweep.letGo()
    await sweep.finish('two attempts, two files')
  })

  it('begun here, killed, finished there', async () => {
    const sweep = await begin()
    const words = ['sweep', 'run', 'small.json', '--out', sweep.path, '--per-task', '3']
    const begun = slurm.grokscope(folder, ...words)
    await until(() => journalsOf(sweep.path).length > 0, 'a run has begun')
    await sleep(1)
    for (const pid of processes(/cli\/index\.ts sweep run small\.json/, folder)) process.kill(pid, 'SIGKILL')
    await begun
    await sweep.submit()
    await sweep.finish('goes on from what the folder holds')
  })

  it('begun there, cancelled, finished here', async () => {
    const sweep = await begin('--per-task', '3')
    await sweep.hold()
    const meanwhile = await slurm.grokscope(folder, 'sweep', 'status', sweep.path)
    expect(meanwhile.stdout).toMatch(/^Slurm: 2 running, 2 pending \(2 /m)
    slurm.call('scancel', sweep.job())
    sweep.letGo()
    await until(() => queue().length === 0, 'all are cancelled')
    expect((await slurm.grokscope(folder, 'sweep', 'run', sweep.path)).code).toBe(0)
    await sweep.finish('goes on from what the folder holds')
  })
})

/** Rows of what was done this time take the place of those from before. */
afterAll(() => {
  const names = everyone.map(({ name }) => name)
  const path = join(import.meta.dirname, 'outcomes.md')
  const before = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []
  const rows = new Map(
    before.filter((line) => /^\| (?!what \|)/.test(line)).map((line) => [line.split(' | ')[0]!.slice(2), line]),
  )
  for (const [what, row] of outcomes) {
    if (row.size === names.length) rows.set(what, `| ${what} | ${names.map((name) => row.get(name)).join(' | ')} |`)
  }
  if (names.length < 2 || outcomes.size === 0) return
  const text = `# What was done to sweeps, and what came of it\n\nWritten by \`npm run test:slurm\` (${slurmVersion}).\n\n`
  const head = [`| what | ${names.map((name) => `as ${name}`).join(' | ')} |`, `|---|${'---|'.repeat(names.length)}`]
  writeFileSync(path, `${text}${[...head, ...rows.values()].join('\n')}\n`)
})
