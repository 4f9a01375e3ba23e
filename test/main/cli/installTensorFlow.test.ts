import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startCommandLine, type Outcome } from '../../support/commandLine.ts'
import { temporaryFolder } from '../../support/folders.ts'

/** A folder of programs that stand in for those that an installation calls; each notes its arguments in `calls`. */
function programs(scripts: Record<string, string>): { folder: string; calls(): string[] } {
  const folder = temporaryFolder()
  const noted = join(folder, 'calls')
  for (const [name, script] of Object.entries(scripts)) {
    const path = join(folder, 'bin', name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, `#!/bin/sh\nPATH=/usr/bin:/bin\necho "${name} $*" >> '${noted}'\n${script}\n`)
    chmodSync(path, 0o755)
  }
  return { folder, calls: () => (existsSync(noted) ? readFileSync(noted, 'utf8').trim().split('\n') : []) }
}

/** On a machine that has no other programs, with a package that npm has put in place. */
function install(folder: string, options: string[]): Promise<Outcome> {
  const place = placeIn(folder)
  mkdirSync(place, { recursive: true })
  writeFileSync(join(place, 'package.json'), '{ "main": "index.js" }')
  writeFileSync(join(place, 'index.js'), `throw new Error('it was loaded')`)
  return startCommandLine(folder, ['install-tensorflow', ...options], {
    env: {
      GROKSCOPE_TENSORFLOW: join(folder, 'own'),
      GROKSCOPE_TENSORFLOW_CPU: '1',
      PATH: join(folder, 'bin'),
    },
  }).outcome
}

function placeIn(folder: string): string {
  return join(folder, 'own/node_modules/@tensorflow/tfjs-node-gpu')
}

/** The program's own, as whoever trains on a GPU has it. */
const hasPackage = existsSync(join(import.meta.dirname, '../../../node_modules/@tensorflow/tfjs-node-gpu'))

const pip = `case "$3" in install) while [ "$1" != --target ]; do shift; done; mkdir -p "$2/tensorflow" "\${2%deps}wheels"
  touch "$2/tensorflow/libtensorflow_cc.so.2";; esac`
const compiler = `while [ "$1" != -o ]; do shift; done; touch "$2"`

describe.skipIf(process.platform !== 'linux' || process.arch !== 'x64')('grokscope install-tensorflow', () => {
  it('brings library and binding, and never what is there already', async () => {
    const { folder, calls } = programs({ python3: pip, 'g++': compiler })
    const first = await install(folder, ['--processor', '--yes'])
    // Then it is loaded.
    expect(first).toMatchObject({ code: 2, stderr: expect.stringMatching(/does not load: it was loaded/) as string })
    expect(calls()).toEqual([
      expect.stringMatching(/^python3 -m pip download --no-deps .* tensorflow-cpu==2\.20\.0$/),
      expect.stringMatching(/^python3 -m pip install --no-deps .* --no-index .* tensorflow-cpu==2\.20\.0$/),
      expect.stringMatching(/^g\+\+ .*tfjs_backend\.cc .* -l:libtensorflow_cc\.so\.2 /),
    ])
    await install(folder, ['--processor', '--yes'])
    expect(calls()).toHaveLength(3)
  })

  it('builds on Google’s archive where that is there', async () => {
    const { folder, calls } = programs({ 'g++': compiler })
    mkdirSync(join(placeIn(folder), 'deps/lib'), { recursive: true })
    writeFileSync(join(placeIn(folder), 'deps/lib/libtensorflow.so.2'), '')
    await install(folder, ['--yes'])
    expect(calls()).toEqual([expect.stringMatching(/ -l:libtensorflow\.so\.2 /)])
  })

  it('fetches NVIDIA’s wheels one by one, after it has asked', async () => {
    const { folder, calls } = programs({ python3: 'exit 3' })
    const refused = await install(folder, [])
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toMatch(/pip fetches tensorflow==2\.20\.0, nvidia-.* \(2\.1 GB.* add --yes to start/)
    expect(calls()).toEqual([])
    const failed = await install(folder, ['--tensorflow', '2.18.1', '--yes'])
    expect(failed.stderr).toMatch(/TensorFlow: python3 ended with exit code 3; what it wrote stands above/)
    await install(folder, ['--tensorflow', '2.18.1', '--processor', '--yes'])
    expect(calls()).toEqual([
      expect.stringMatching(/ tensorflow==2\.18\.1$/),
      expect.stringMatching(/ tensorflow-cpu==2\.18\.1$/),
    ])
  })

  it('names what it lacks itself', async () => {
    const { folder } = programs({})
    const withoutPython = await install(folder, ['--processor', '--yes'])
    expect(withoutPython.stderr).toMatch(/TensorFlow: python3 is not found; install Python with pip/)
    mkdirSync(join(placeIn(folder), 'deps/lib'), { recursive: true })
    writeFileSync(join(placeIn(folder), 'deps/lib/libtensorflow_cc.so.2'), '')
    const withoutCompiler = await install(folder, ['--processor', '--yes'])
    expect(withoutCompiler.stderr).toMatch(/TensorFlow: g\+\+ is not found; install a C\+\+ compiler/)
  })

  it.skipIf(hasPackage)('says where it looked, and begins nothing where it may not write', async () => {
    const { folder, calls } = programs({ npm: '' })
    const occupied = join(folder, 'occupied')
    writeFileSync(occupied, 'a file')
    const start = (command: string, own: string) =>
      startCommandLine(folder, [command], {
        env: { GROKSCOPE_TENSORFLOW: own, GROKSCOPE_TENSORFLOW_CPU: '1', PATH: join(folder, 'bin') },
      }).outcome
    for (const own of [occupied, join(occupied, 'below')]) {
      const { code, stderr } = await start('install-tensorflow', own)
      expect(code).toBe(2)
      expect(stderr).toContain('cannot be written: a part of its path is a file, not a folder')
      expect(stderr).toContain(occupied)
    }
    expect(calls()).toEqual([])
    expect((await start('doctor', join(folder, 'nowhere'))).stdout).toContain(
      `is not installed, with Grokscope or in "${join(folder, 'nowhere')}" (GROKSCOPE_TENSORFLOW)`,
    )
    expect((await start('install-tensorflow', 'relative')).stderr).toContain(
      'GROKSCOPE_TENSORFLOW: "relative" is no absolute path',
    )
  })

  it('takes the versions that were tried', async () => {
    const { folder } = programs({})
    expect((await install(folder, ['--tensorflow', '2.21.0'])).stderr).toMatch(/Allowed choices are 2\.20\.0, 2\.18\.1/)
  })
})

it('runs that cannot have TensorFlow fail by name, one after the other, and leave the archive whole', async () => {
  const folder = temporaryFolder()
  const spec = (modulus: number) => ({
    task: { kind: 'modularAddition', modulus, trainFraction: 0.7 },
    network: { hidden: 16 },
    dynamics: { kind: 'training', learningRate: 0.01, weightDecay: 1, steps: 5 },
    precision: 'float32',
  })
  writeFileSync(join(folder, 'runs.json'), JSON.stringify([spec(5), spec(7)]))
  // Neither driver nor, where the package is there, leave to do without.
  const env = { GROKSCOPE_TENSORFLOW_CPU: '', PATH: '' }
  const start = (...options: string[]) =>
    startCommandLine(folder, [...options, '--archive', 'a.grokscope'], { env }).outcome
  const run = await start('run', 'runs.json', '--backend', 'tensorflow')
  expect(run.code).toBe(1)
  expect(run.stdout.match(/failed at step 0 .*: TensorFlow: /g)).toHaveLength(2)
  expect((await start('doctor')).stdout).toContain('2 runs checked, all as they were stored')
})
