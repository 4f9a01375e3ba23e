import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { version } from '../../src/shared/version.ts'
import { startCommandLine } from '../support/commandLine.ts'
import { temporaryFolder } from '../support/folders.ts'

const sweep = {
  name: 'small',
  base: {
    task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
    network: { hidden: 8 },
    dynamics: { kind: 'training', learningRate: 0.01, weightDecay: 1, steps: 50 },
  },
  axes: [{ field: 'dynamics.weightDecay', from: 1, to: 10, count: 10 }],
  seeds: 2,
}

const config = `sh -c 'echo "MaxArraySize            = 1001"'`

/** A machine with these commands of Slurm, each a line of shell that is written down when it is called, and no others. */
function machine(commands: { sbatch?: string; squeue?: string; scontrol?: string }, more: NodeJS.ProcessEnv = {}) {
  const folder = temporaryFolder()
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  for (const name of ['bash', 'sh', 'grep']) symlinkSync(`/bin/${name}`, join(bin, name))
  for (const [name, line] of Object.entries(commands)) {
    const text = `#!/bin/sh\necho "${name} $*" >> '${folder}/calls'\n${line}\n`
    writeFileSync(join(bin, name), text, { mode: 0o755 })
  }
  writeFileSync(join(folder, 'spec.json'), JSON.stringify(sweep))
  const env = { PATH: bin, HOME: folder, XDG_CONFIG_HOME: join(folder, 'config') }
  const calls = () =>
    existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n') : []
  return {
    folder,
    calls,
    settings: join(folder, 'config', 'grokscope', 'slurm.json'),
    sweep: (...words: string[]) => startCommandLine(folder, ['sweep', ...words], { env: { ...env, ...more } }).outcome,
    submit: (...words: string[]) =>
      startCommandLine(folder, ['sweep', 'run', 'spec.json', '--on', 'slurm', ...words], { env }).outcome,
  }
}

const works = { sbatch: 'echo 17', squeue: 'true', scontrol: config }

describe('sweep run --on slurm', () => {
  it('asks the queue once, submits the rest and ends; accounting is never asked', async () => {
    const { submit, calls, folder, sweep: command } = machine(works)
    const { code, stdout, stderr } = await submit('--per-task', '2', '--at-once', '4', '--out', 'a b')
    expect([code, stdout]).toEqual([0, 'a b: 10 tasks submitted (job 17), 0 queued before, 0 left\n'])
    expect(stderr).toBe("the nodes have to see this folder; `grokscope sweep status 'a b'` tells how far it is\n")
    expect(calls().map((call) => call.replace(/sweep-[0-9a-f]{20}/, 'sweep-KEY'))).toEqual([
      'scontrol show config',
      'squeue -h -r -n sweep-KEY -o %K|%t|%r|%o',
      'sbatch --parsable --array=0-9%4 slurm/task.sh 0',
    ])
    const { stdout: told, stderr: quiet } = await command('status', 'a b')
    expect([told, quiet]).toEqual([
      "small: 20 runs: 0 finished, 0 failed, 0 begun, 20 not begun\nSlurm: 0 running, 0 pending\n`grokscope sweep run 'a b' --on slurm` submits the rest\n",
      '',
    ])
    expect(calls()).toHaveLength(4)
    expect(readdirSync(join(folder, 'a b')).sort()).toEqual(['journals', 'program', 'slurm', 'sweep.json'])
  })

  it('submits by the very script that `plan` prints', async () => {
    const { submit, folder, sweep: command } = machine(works)
    const words = ['--partition', 'short', '--setup', 'module load x\nexport A="b c"', '--time', '30', '--mem', '1G']
    const { stdout } = await command('plan', 'spec.json', '--on', 'slurm', '--out', 'here', ...words, '--json')
    const { script, commands } = JSON.parse(stdout) as { script: string; commands: string[] }
    expect(commands).toEqual([`cd ${join(folder, 'here')}`, 'sbatch --array=0 slurm/task.sh 0'])
    const spoken = await command('plan', 'spec.json', '--on', 'slurm', '--out', 'here', ...words)
    expect(spoken.stdout).toContain(script)
    expect(existsSync(join(folder, 'here'))).toBe(false)
    await submit('--out', 'here', ...words)
    expect(readFileSync(join(folder, 'here/slurm/task.sh'), 'utf8')).toBe(script)
  })

  it('leaves out what is pending, running or ending from this folder, whoever submitted it', async () => {
    const squeue = (folder: string) =>
      `echo "0|R|None|$PWD/${folder}/slurm/task.sh 0\n1|PD|Priority|$PWD/${folder}/slurm/task.sh 3\n2|CG|None|/elsewhere/slurm/task.sh 0"`
    const { submit, calls, sweep: command } = machine({ ...works, squeue: squeue('s') })
    const { stdout } = await submit('--per-task', '2', '--out', 's', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ jobs: [{ job: '17', tasks: 8 }], queued: 2, left: 0 })
    expect(calls().at(-1)).toBe('sbatch --parsable --array=1-3,5-9 slurm/task.sh 0')
    expect((await command('status', 's')).stdout).toContain('Slurm: 1 running, 1 pending (1 Priority)\n')
  })

  it('without sbatch writes the folder, and says what to type where there is one', async () => {
    const { submit, folder, sweep: command } = machine({})
    const { code, stdout, stderr } = await submit('--out', "it's")
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain(
      `it's is ready; nothing was submitted.\nOn a login node of its cluster:\ncd '${folder}/it'\\''s'\nsbatch --array=0 slurm/task.sh 0\n`,
    )
    expect(stderr).toContain('squeue: no such program here')
    // A folder that was copied to such a machine is looked at as any other.
    expect(await command('status', "it's")).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.not.stringContaining('Slurm') as string,
    })
  })

  it.each([
    [
      'a partition that is not there',
      'sbatch: error: invalid partition specified: x\nsbatch: error: Batch job submission failed: Invalid partition name specified',
    ],
    [
      'a limit',
      'sbatch: error: QOSMaxSubmitJobPerUserLimit\nsbatch: error: Batch job submission failed: Job violates accounting/QOS policy',
    ],
  ])('shows the whole refusal of %s, remembers nothing, and leaves the rest for the same command', async (_, says) => {
    const sbatch = `test "$4" = 0 && echo "17;cluster" || { echo "${says}" >&2; exit 1; }`
    const scontrol = config.replace('1001', '4')
    const { submit, calls } = machine({ ...works, sbatch, scontrol })
    const { code, stdout, stderr } = await submit('--per-task', '2', '--out', 's')
    expect([code, stdout]).toEqual([1, 's: 4 tasks submitted (job 17), 0 queued before, 6 left\n'])
    expect(stderr).toContain(says)
    expect(calls().filter((call) => call.startsWith('sbatch'))).toHaveLength(2)
    const all = machine({ ...works, sbatch: `echo "${says}" >&2; exit 1` })
    expect((await all.submit('--partition', 'x')).code).toBe(1)
    expect(existsSync(all.settings)).toBe(false)
  })

  it('takes 1001 where MaxArraySize cannot be read, and says so; 0 is no array at all', async () => {
    for (const scontrol of ['exit 1', 'echo MaxArraySize = many']) {
      const { code, stderr } = await machine({ ...works, scontrol }).submit()
      expect([code, stderr]).toEqual([0, expect.stringContaining('MaxArraySize cannot be read; 1001 is taken')])
    }
    const { code, stderr } = await machine({ ...works, scontrol: config.replace('1001', '0') }).submit()
    expect([code, stderr]).toEqual([1, expect.stringContaining('job arrays are turned off here')])
  })

  it('asks as it must whatever the user’s own defaults are', async () => {
    const tell = (name: string) =>
      `/usr/bin/env | grep -E '^S(QUEUE|BATCH)_' >> env; ${name === 'sbatch' ? 'echo 17' : 'true'}`
    const own = { SQUEUE_STATES: 'R', SBATCH_JOB_NAME: 'mine', SBATCH_PARTITION: 'short' }
    const { folder, sweep: command } = machine({ ...works, sbatch: tell('sbatch'), squeue: tell('squeue') }, own)
    expect((await command('run', 'spec.json', '--on', 'slurm', '--out', 's')).code).toBe(0)
    expect(readFileSync(join(folder, 'env'), 'utf8')).toBe('SBATCH_PARTITION=short\n')
    expect(readFileSync(join(folder, 's/env'), 'utf8')).toBe('SBATCH_PARTITION=short\n')
  })

  it('has what was asked, and no default of the user’s in its place', async () => {
    const own = {
      ...{ SBATCH_PARTITION: 'long', SBATCH_ACCOUNT: 'mine', SBATCH_TIMELIMIT: '5', SBATCH_MEM_PER_CPU: '1G' },
      ...{ SBATCH_QOS: 'low', SBATCH_CONSTRAINT: 'sse', SBATCH_RESERVATION: 'weekly', SBATCH_GRES: 'disk:1' },
    }
    const sbatch = `/usr/bin/env | grep -E '^SBATCH_' > env; echo 17`
    const { folder, sweep: command } = machine({ ...works, sbatch }, own)
    const submit = ['run', 'spec.json', '--on', 'slurm']
    await command(...submit, '--out', 'a', '--partition', 'short', '--account', 'proj', '--time', '30', '--mem', '1G')
    const left = (name: string) =>
      readFileSync(join(folder, name, 'env'), 'utf8')
        .trim()
        .split('\n')
        .sort()
    expect(left('a')).toEqual(
      Object.entries(own)
        .slice(4)
        .map((each) => each.join('='))
        .sort(),
    )
    await command(...submit, '--out', 'b', '--sbatch=--qos=long -Cavx2', '--sbatch=--reservation now')
    // Partition and account were remembered.
    expect(left('b')).toEqual(['SBATCH_GRES=disk:1', 'SBATCH_MEM_PER_CPU=1G', 'SBATCH_TIMELIMIT=5'])
  })

  it('does not guess at answers that it cannot read', async () => {
    const strange = await machine({ ...works, squeue: 'echo "0|R|None|/x/other.sh"' }).submit()
    expect([strange.code, strange.stderr]).toEqual([
      1,
      expect.stringContaining('squeue: its answer is not understood: 0|R'),
    ])
    const silent = await machine({ ...works, sbatch: 'echo hello' }).submit()
    expect([silent.code, silent.stderr]).toEqual([
      1,
      expect.stringContaining('sbatch: its answer is not understood: hello'),
    ])
  })

  it('remembers what is the same for every sweep, until it is said otherwise', async () => {
    const { submit, settings, folder } = machine(works)
    const site = ['--partition', 'short', '--account', 'proj', '--sbatch=--qos=long', '--sbatch=-C avx2']
    await submit('--out', 'one', ...site, '--time', '45', '--setup', 'module load nodejs')
    const kept = { partition: 'short', account: 'proj', sbatch: ['--qos=long', '-C avx2'], setup: 'module load nodejs' }
    expect(JSON.parse(readFileSync(settings, 'utf8'))).toEqual(kept)
    const { stderr } = await submit('--out', 'two', '--account', '', '--setup', '')
    expect(stderr).toContain(`from ${settings}: --partition, --sbatch\n`)
    const script = readFileSync(join(folder, 'two/slurm/task.sh'), 'utf8')
    expect(script).toContain('#SBATCH --partition=short\n#SBATCH --qos=long\n#SBATCH -C avx2\n')
    expect(script).not.toMatch(/account|nodejs 24|time=45/)
    expect(Object.keys(JSON.parse(readFileSync(settings, 'utf8')) as object)).toEqual(['partition', 'sbatch'])
    writeFileSync(settings, '{"partition": 5}')
    const damaged = await submit('--out', 'three')
    expect([damaged.code, damaged.stderr]).toEqual([
      2,
      expect.stringContaining(`${settings}: partition: 5 is not allowed`),
    ])
    writeFileSync(settings, '{')
    expect((await submit('--out', 'three')).stderr).toContain(`${settings} cannot be read`)
  })

  it.each([
    [['--time', 'soon'], /^--time: "soon" is not allowed: a time of at least a minute/],
    [['--mem', 'much'], /^--mem: "much" is not allowed/],
    [['--sbatch=-J mine'], /^--sbatch.0: .*-J is what the sweep itself says/],
    [['--setup', 'if true; then'], /^--setup: bash cannot read it: .*syntax error/s],
    [['--prefix', "echo 'a"], /^--prefix: bash cannot read it: /],
    [['--per-task', '0'], /'--per-task <count>' argument '0' is invalid/],
    [['--threads', '65'], /'--threads <count>' argument '65' is invalid. a whole number from 1 to 64 is allowed/],
    [['--slots', '2'], /^--slots: a task of Slurm computes one run at a time/],
    [['--out', 'a\tb'], /^"a\\tb" cannot be a folder for Slurm: its name has a control character/],
  ])('refuses %j, and writes and submits nothing', async (words, says) => {
    const { submit, calls, folder } = machine(works)
    const { code, stderr } = await submit(...words)
    expect([code, stderr]).toEqual([2, expect.stringMatching(says)])
    expect(calls()).toEqual([])
    expect(readdirSync(folder).sort()).toEqual(['bin', 'spec.json'])
  })

  it('refuses options that are for Slurm alone without it', async () => {
    const { sweep: command, folder } = machine(works)
    const { code, stderr } = await command('run', 'spec.json', '--partition', 'short')
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^--partition: is for --on slurm/)])
    expect(existsSync(join(folder, 'spec'))).toBe(false)
  })

  it('keeps to the tasks of the folder', async () => {
    const { submit } = machine(works)
    await submit('--per-task', '4', '--out', 's')
    const { code, stderr } = await submit('--per-task', '5', '--out', 's')
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^--per-task: 5 is not allowed: s was planned with 4 runs a task/),
    ])
  })

  it('goes on with a folder of another version by the program in it, and replaces an older script', async () => {
    const { submit, sweep: command, folder, calls } = machine(works)
    await submit('--out', 's')
    const file = join(folder, 's/sweep.json')
    writeFileSync(file, readFileSync(file, 'utf8').replace(`"grokscope":"${version}"`, '"grokscope":"0.0.9"'))
    writeFileSync(join(folder, 's/slurm/task.sh'), '# by an older version\n')
    const { code } = await command('run', 's', '--on', 'slurm')
    expect(code).toBe(0)
    expect(calls().filter((call) => call.startsWith('sbatch'))).toHaveLength(2)
    expect(readFileSync(join(folder, 's/slurm/task.sh'), 'utf8')).toContain('#SBATCH --job-name=sweep-')
    const here = await command('run', 's')
    expect([here.code, here.stderr]).toEqual([2, expect.stringContaining('was planned by Grokscope 0.0.9')])
  })

  it('puts a Node beside the program where that is asked', async () => {
    const { submit, folder } = machine(works)
    await submit('--out', 's', '--copy-node')
    const node = readFileSync(join(folder, 's/slurm/node'))
    expect(node.equals(readFileSync(process.execPath))).toBe(true)
  })

  it.runIf(process.getuid?.() === 0)('says where another user may not write into the folder', async () => {
    const { submit, folder } = machine(works)
    await submit('--out', 's')
    writeFileSync(join(folder, 's/slurm/task.sh'), '# by an older version\n')
    spawnSync('chmod', ['755', folder])
    const other = { uid: 65_534, gid: 65_534, env: { PATH: join(folder, 'bin'), HOME: '/nonexistent' } }
    const { code, stderr } = await startCommandLine('/', ['sweep', 'run', join(folder, 's'), '--on', 'slurm'], other)
      .outcome
    expect([code, stderr]).toEqual([2, expect.stringMatching(/s\/slurm\/task.sh may not be written by this user/)])
  })
})
