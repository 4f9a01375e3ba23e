import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import DatabaseConstructor from 'better-sqlite3'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import type { NumpyArray } from '../../../src/main/services/interchange/numpyArray.ts'
import { openArchive } from '../../../src/main/store/archive.ts'
import { runCommandLine } from '../../support/commandLine.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { npyFile, npzOf } from '../../support/npz.ts'

const base = temporaryFolder()
let workplaces = 0

const specification = {
  task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.8 },
  network: { hidden: 16 },
  dynamics: { kind: 'isolated', steps: 20 },
}
const fromFile = { ...specification, initialization: { kind: 'file', path: 'start.npz' } }

const E: NumpyArray = { shape: [5, 16], data: Float64Array.from({ length: 80 }, (_, i) => Math.sin(i * i)) }
const indices = (...given: number[]): NumpyArray => ({ shape: [given.length], data: Int32Array.from(given) })

interface Case {
  spec?: unknown
  /** Text of the specification's file, where it is not the JSON of one. */
  text?: string
  /** Bytes of start.npz. */
  start?: Uint8Array
  options?: string[]
  says: RegExp
}

const broken: Record<string, Case> = {
  'modulus 1': { options: ['--set=task.modulus=1'], says: /^task.modulus: 1 is too small; allowed: at least 2$/m },
  'modulus 2.5': { options: ['--set=task.modulus=2.5'], says: /^task.modulus: 2.5 .* a whole number$/m },
  'modulus "37"': { options: ['--set=task.modulus="37"'], says: /^task.modulus: "37" .* a whole number$/m },
  'modulus 10⁶': { options: ['--set=task.modulus=1e6'], says: /^task.modulus: 1000000 .* at most 509$/m },
  'trainFraction NaN': {
    options: ['--set=task.trainFraction=NaN'],
    says: /^task.trainFraction: "NaN" .* a finite number$/m,
  },
  'd_h < n without a ridge': {
    options: ['--set=network.hidden=11'],
    says: /^network.hidden: 11 .* set network.hidden to at least 12, or dynamics.ridge above 0$/m,
  },
  'an unknown activation': {
    options: ['--set=network.activation=swish'],
    says: /^network.activation: "swish" .* "relu"/m,
  },
  'an unknown field': {
    spec: { ...specification, seed: 3 },
    says: /^seed: unknown field \(given 3\); did you mean seeds\?$/m,
  },
  'no steps': { options: ['--set=dynamics.steps=0'], says: /^dynamics.steps: 0 is too small; allowed: at least 1$/m },
  'a path that is not there': { options: ['--set=dynamics.nope.x=1'], says: /there is no field dynamics.nope/ },
  'no JSON': { text: '{ "task": ', says: /spec.json, line 1, character 11: the text ends where a value is expected$/m },
  'a field twice': {
    text: '{\n  "task": {},\n  "task": {} }',
    says: /spec.json, line 3, character 3: "task" stands for the second time in one object$/m,
  },
  'a field twice in a setting': {
    options: ['--set=dynamics={"kind":"isolated","steps":1,"steps":2}'],
    says: /^--set dynamics=.*: "steps" stands for the second time in one object$/m,
  },
  'an empty list': { text: '[]', says: /spec.json holds an empty list/ },
  'one bad specification among good ones': {
    spec: [specification, { ...specification, network: { hidden: 0 } }],
    says: /^experiment 2: network.hidden: 0 is too small/m,
  },
  'a good specification and then one without its file': {
    spec: [specification, fromFile],
    says: /start.npz: no such file/,
  },
  'several specifications without their files': {
    spec: [fromFile, specification, { ...fromFile, initialization: { kind: 'file', path: 'other.npz' } }],
    says: /start.npz: no such file\n.*other.npz: no such file$/m,
  },

  'neither data nor starts': {
    spec: ['data.npz', 'other.npz'].map((path) => ({
      ...fromFile,
      task: { kind: 'dataset', path, trainFraction: 0.5 },
    })),
    says: /data.npz: no such file\n.*start.npz: no such file\n.*other.npz: no such file\nCheck/m,
  },
  'no start file': { spec: fromFile, says: /start.npz: no such file$/m },
  'a truncated start file': {
    spec: fromFile,
    start: npzOf({ E }).subarray(0, 300),
    says: /start.npz: not a readable .npz file/,
  },
  'a start of wrong shape': {
    spec: fromFile,
    start: npzOf({ E: { shape: [16, 5], data: E.data } }),
    says: /E has shape \(16, 5\); this specification needs \(5, 16\); transposed it would fit: save E.T /,
  },
  'a start of wrong dtype': {
    spec: fromFile,
    start: zipSync({ 'E.npy': npyFile("{'descr': '<c16', 'fortran_order': False, 'shape': (5, 16), }") }),
    says: /E holds complex numbers; allowed: float64, float32, float16, whole numbers of any width, bool$/m,
  },
  'NaN in the start': {
    spec: fromFile,
    start: npzOf({ E: { shape: [5, 16], data: (E.data as Float64Array).with(17, NaN) } }),
    says: /E\[1, 1\] is NaN; only finite numbers are allowed$/m,
  },
  'a zip bomb': {
    spec: fromFile,
    start: zipSync({ 'E.npy': new Uint8Array(300_000_000) }, { level: 9 }),
    says: /E would unpack to 300000000 bytes; allowed: \d+$/m,
  },
  'a training pair out of range': {
    spec: fromFile,
    start: npzOf({ E, train: indices(0, 15) }),
    says: /train holds the index 15; allowed: 0 to 14$/m,
  },
  'a training pair twice': {
    spec: fromFile,
    start: npzOf({ E, train: indices(4, 2, 4) }),
    says: /train holds the index 4 twice; each pair may stand once$/m,
  },
  'a name of 20 000 nested lists': {
    text: JSON.stringify(specification).replace('{', `{"name": ${'['.repeat(20_000)}${']'.repeat(20_000)}, `),
    says: /^name(\.0)+: is nested deeper than 32 levels$/m,
  },
  'a setting of nested lists': {
    options: [`--set=name=${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    says: /^name(\.0)+: is nested deeper than 32 levels$/m,
  },
  'a long name': { options: [`--set=name=${'x'.repeat(100_000)}`], says: /^name: "x{199}… is too long; at most 200/m },
  'a setting of a long path': {
    options: [`--set=${'a'.repeat(100_000)}.b=1`],
    says: /^--set a{200}…: there is no field a{200}…; there are: name, task/m,
  },
  'a start with a long name': {
    options: [`--set=initialization={"kind":"file","path":"${'x'.repeat(300)}"}`],
    says: /^initialization.path: "x{199}… is not allowed: the name of a file or a folder has at most 255 bytes$/m,
  },
  'a start with a NUL in its name': {
    options: ['--set=initialization={"kind":"file","path":"a\\u0000b"}'],
    says: /^initialization.path: "a\\u0000b" is not allowed: a path has no NUL$/m,
  },
  'an unknown option': { options: ['--stepz=5'], says: /unknown option '--stepz=5'/ },
  'an unknown backend': { options: ['--backend=abacus'], says: /'abacus' is invalid. Allowed choices are auto, plain/ },
}

function workplace({ spec = specification, text, start }: Case): string {
  const folder = join(base, String(++workplaces))
  mkdirSync(folder)
  writeFileSync(join(folder, 'spec.json'), text ?? JSON.stringify(spec))
  if (start) writeFileSync(join(folder, 'start.npz'), start)
  return folder
}

describe('bad input is refused with exit code 2, in words, before anything is written', () => {
  it.concurrent.each(Object.entries(broken))('%s', async (_, given) => {
    const folder = workplace(given)
    const before = readdirSync(folder)
    const { code, stdout, stderr } = await runCommandLine(
      ...[folder, 'run', 'spec.json', '--archive', 'new/a.grokscope', ...(given.options ?? [])],
    )
    expect(stderr).toMatch(given.says)
    expect(stderr).not.toMatch(/^ +at /m)
    expect(stderr.length).toBeLessThan(4200)
    expect([code, stdout]).toEqual([2, ''])
    expect(readdirSync(folder)).toEqual(before)
  })

  it('float32 is no bad input: it is widened; nor are arrays that are not used: they are told', async () => {
    const folder = workplace({
      spec: fromFile,
      start: npzOf({ E: { ...E, data: Float32Array.from(E.data) }, other: indices(1, 2) }),
      says: /./,
    })
    const { code, stdout, stderr } = await runCommandLine(folder, 'run', 'spec.json', '--archive=a.grokscope', '--json')
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/^\S+start.npz: not used: other \(2\) int32; a start takes/),
    ])
    const { runId } = JSON.parse(stdout.split('\n')[0]!) as { runId: string }
    const archive = openArchive(join(folder, 'a.grokscope'), { readOnly: true })
    expect(archive.snapshots.readMatrix(runId, 0, 'E').data).toEqual(Float64Array.from(Float32Array.from(E.data)))
    archive.close()
  })
})

describe('an archive that cannot be written is refused with exit code 2 and left as it is', () => {
  const original = join(base, 'original.grokscope')
  openArchive(original).close()

  const archives: Record<string, { make(path: string): void; says: RegExp }> = {
    'a folder': { make: (path) => mkdirSync(path), says: /is a folder; an archive is a file$/m },
    'read-only': {
      make(path) {
        copyFileSync(original, path)
        chmodSync(path, 0o444)
      },
      says: /is read-only$/m,
    },
    'no SQLite database': {
      make: (path) => writeFileSync(path, 'step,accuracy\n0,0.5\n'.repeat(100)),
      says: /is not an archive: it is no SQLite database$/m,
    },
    'another program’s database': {
      make(path) {
        const database = new DatabaseConstructor(path)
        database.exec('CREATE TABLE bookmarks (address TEXT)')
        database.close()
      },
      says: /is a SQLite database, but not a Grokscope archive$/m,
    },
    'from a newer version': {
      make(path) {
        copyFileSync(original, path)
        const database = new DatabaseConstructor(path)
        database.pragma('user_version = 99')
        database.close()
      },
      says: /is an archive of version 99; this Grokscope, [\d.]+, knows versions up to \d+\nOpen it with the newer version/m,
    },
  }

  it.concurrent.each(Object.entries(archives))('%s', async (name, { make, says }) => {
    const folder = workplace({ says })
    const path = join(folder, 'a.grokscope')
    make(path)
    const content = () => (name === 'a folder' ? readdirSync(path).join() : readFileSync(path).toString('base64'))
    const before = content()
    for (const command of [['run', 'spec.json'], ['list']]) {
      const { code, stdout, stderr } = await runCommandLine(folder, ...command, '--archive', 'a.grokscope')
      // A read-only archive can be read.
      if (name === 'read-only' && command[0] === 'list') {
        expect([code, stderr]).toEqual([0, ''])
        continue
      }
      expect(stderr).toMatch(says)
      expect([code, stdout]).toEqual([2, ''])
    }
    expect(content()).toBe(before)
    expect(readdirSync(folder).filter((entry) => /unfinished|journal/.test(entry))).toEqual([])
  })
})

describe('what is asked for and not there is refused with exit code 2', () => {
  const nowhere = ['--archive', 'a.grokscope']
  it.concurrent.each([
    { options: ['list', ...nowhere], says: /there is no archive a.grokscope yet; the first run makes it/ },
    { options: ['show', 'abc', ...nowhere], says: /there is no archive a.grokscope yet/ },
    { options: ['resume', 'abc', ...nowhere], says: /there is no archive a.grokscope yet/ },
    { options: ['export', 'abc', '--format=csv', '--out=x', ...nowhere], says: /there is no archive a.grokscope yet/ },
    { options: ['show', 'abc', '--archive', '../original.grokscope'], says: /there is no run "abc"/ },
    { options: ['resume', 'abc', '--archive', '../original.grokscope'], says: /there is no run "abc"/ },
    { options: ['show', 'x'.repeat(100_000), '--archive', '../original.grokscope'], says: /no run "x{199}…/ },
    { options: ['list', '('.repeat(4000), '--archive', '../original.grokscope'], says: /character 33: .* 32 deep/ },
    { options: ['list', 'not '.repeat(20_000), '--archive', '../original.grokscope'], says: /at most 4096 characters/ },
    { options: ['list', '--archive', 'x'.repeat(300)], says: /--archive: "x{199}… .* at most 255 bytes/ },
    { options: ['run', 'x/'.repeat(3000)], says: /specification: "x.+x… .* at most 4096 bytes/ },
    { options: ['export', 'a', '--format=csv', `--out=${'x'.repeat(300)}`], says: /--out: .* at most 255 bytes/ },
    { options: [`--${'x'.repeat(100_000)}`], says: /unknown option '--x{198}…'/ },
    { options: ['list', 'p >', '--archive', '../original.grokscope'], says: /filter, character/ },
    {
      options: ['reproduce', 'fig99', ...nowhere],
      says: /figure: "fig99" is not allowed; one of musat2025, pezeshki2022, musat2025\/fig1/,
    },
    { options: ['run', 'nowhere.json', ...nowhere], says: /^nowhere.json cannot be read: no such file$/m },
    { options: ['run', '.', ...nowhere], says: /^\. cannot be read: it is a folder; a file is needed$/m },
    { options: ['list', '--archive', 'circle'], says: /circle cannot be reached \(ELOOP\)$/m },
    { options: ['sweep', 'plan', 'circle'], says: /^circle cannot be read: .* too many symbolic links$/m },
    { options: ['sweep', 'status', 'nowhere'], says: /^nowhere is not a sweep folder: there is no such folder$/m },
    { options: ['sweep', 'status', 'circle'], says: /^circle cannot be read: .* too many symbolic links$/m },
    { options: ['sweep', 'status', '.'], says: /^\. is not a sweep folder: there is no sweep.json in it$/m },
    { options: ['run', 'spec.json', '--threads=65'], says: /a whole number from 1 to 64 is allowed/ },
    { options: ['run', 'spec.json', '--slots=1025'], says: /a whole number from 1 to 1024 is allowed/ },
    { options: ['sweep', 'task', '.', '0', '--threads=65'], says: /a whole number from 1 to 64 is allowed/ },
    { options: ['serve', '--port=65536'], says: /a whole number from 1 to 65535 is allowed/ },
    { options: ['serve', '--read-only', '--slots', '2'], says: /^--slots: is not for --read-only: no runs/m },
    { options: ['serve', '--read-only', '--backend', 'wasm'], says: /^--backend: is not for --read-only/m },
    { options: ['bench', '--force'], says: /^--force: nothing is written without --out/m },
    { options: ['bench', 'gpu', '--tune', '--force'], says: /^--force: nothing is written without --out/m },
    { options: ['bench', '--tune'], says: /^--tune: is for "bench gpu"/m },
    { options: ['reproduce', 'musat2025/fig6', '--force', ...nowhere], says: /^--force: nothing is written/m },
    {
      options: ['reproduce', 'fig1', '--integrator', 'heun', ...nowhere],
      says: /^--integrator heun: musat2025\/fig1 is integrated as the paper does; musat2025\/fig6 takes one/m,
    },
    {
      options: ['figure', 'abc', '--titled', '--out=a.json', '--archive', '../original.grokscope'],
      says: /^--titled: .json has no titles of its own/m,
    },
    { options: ['queue', '--json', 'pause', ...nowhere], says: /^--json: is for `queue` alone/m },
    { options: ['dance'], says: /unknown command 'dance'/ },
    { options: [], says: /Usage: grokscope/ },
  ])('$options', async ({ options, says }) => {
    const folder = workplace({ says })
    symlinkSync('circle', join(folder, 'circle'))
    const { code, stderr } = await runCommandLine(folder, ...options)
    expect(stderr).toMatch(says)
    expect(stderr).not.toMatch(/^ +at /m)
    expect(code).toBe(2)
    expect(readdirSync(folder)).toEqual(['circle', 'spec.json'])
  })
})
