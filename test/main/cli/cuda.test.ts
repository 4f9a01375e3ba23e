import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { FigureResult } from '../../../src/shared/papers/figure.ts'
import { startCommandLine } from '../../support/commandLine.ts'
import { provideStub, whyNoStub } from '../../support/cuda/stubCuda.ts'
import { temporaryFolder } from '../../support/folders.ts'

const specification = (more: object = {}) => ({
  task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
  network: { hidden: 31 },
  dynamics: { kind: 'isolated', ridge: 0, integrator: { kind: 'euler', stepSize: 1e-3 }, steps: 40 },
  record: { measureEvery: 10, snapshots: [10, 20] },
  ...more,
})

interface Shown {
  id: string
  name: string
  status: string
  step: number
  message: string | null
  provenance: { backend: string; device: string; precision: string }
}

describe.skipIf(whyNoStub)(`--backend cuda, by a stand-in (${whyNoStub ?? 'for tests'})`, () => {
  const folder = temporaryFolder()
  const archive = join(folder, 'card.grokscope')
  let stub: string
  beforeAll(() => void (stub = provideStub()))

  async function call(options: readonly string[], env: NodeJS.ProcessEnv = {}) {
    return startCommandLine(folder, [...options, '--archive', archive], { env }).outcome
  }
  async function run(name: string, spec: object, env: NodeJS.ProcessEnv = {}, backend = 'cuda') {
    const file = join(folder, `${name}.json`)
    writeFileSync(file, JSON.stringify({ name, ...spec }))
    return call(['run', file, '--backend', backend], env)
  }
  async function shown(name: string): Promise<Shown[]> {
    const lines = (await call(['list', '--json'])).stdout.trim().split('\n')
    const listed = lines.map((line) => JSON.parse(line) as Shown).filter((each) => each.name.startsWith(name))
    return Promise.all(listed.map(async ({ id }) => JSON.parse((await call(['show', id, '--json'])).stdout) as Shown))
  }

  it('computes an isolated run, whose provenance says on what', async () => {
    expect(await run('whole', specification())).toMatchObject({ code: 0 })
    expect(await shown('whole')).toMatchObject([
      {
        status: 'finished',
        step: 40,
        provenance: {
          backend: 'cuda',
          device: expect.stringMatching(/^stand-in on the processor, for tests: .*cuBLAS 12\.1\.3/) as string,
          precision: 'float64',
        },
      },
    ])
  })

  it('is refused where nothing but a stand-in is there, or float32 is asked for', async () => {
    const refused = await run('refused', specification(), { GROKSCOPE_CUDA_STUB: '' })
    expect(refused.code).not.toBe(0)
    expect(refused.stdout + refused.stderr).toContain('CUDA: only a stand-in for the driver was found')
    const single = await run('single', specification({ precision: 'float32' }))
    expect(single.code).not.toBe(0)
    expect(single.stdout + single.stderr).toContain('precision: "float32" is not allowed with CUDA')
  })

  it.each([
    ['lost', 'cusolverDnDpotrf:45:6', 'CUDA: cusolverDnDpotrf failed: status 6'],
    ['full', 'cusolverDnDpotrf:45:2', 'CUDA: the card has no memory left (cusolverDnDpotrf: status 2)'],
  ])(
    'ends a run whose card is %s by name, and goes on with the next; the archive is whole',
    async (name, fail, words) => {
      const failed = await run(name, specification({ seeds: [0, 1] }), { GROKSCOPE_STUB_FAIL: fail })
      expect(failed.code).not.toBe(0)
      const runs = await shown(name)
      expect(runs).toHaveLength(2)
      for (const { status, message, step } of runs) {
        expect({ status, message }).toEqual({ status: 'failed', message: expect.stringContaining(words) as string })
        expect(step).toSatisfy((reached: number) => reached > 0 && reached < 40)
      }
      expect(await run('after', specification(), {}, 'wasm')).toMatchObject({ code: 0 })
      expect(await call(['doctor', '--json'])).toMatchObject({ code: 0 })
    },
  )

  /** What `reproduce` told of a figure at last. */
  const verdictOf = (stdout: string) =>
    JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as { type: string } & Pick<FigureResult, 'runs' | 'claims'>

  it('reproduces Figure 6: its claims are drawn of what the card computes, which is what WebAssembly does', async () => {
    const here = ['--archive', join(folder, 'figure.grokscope')]
    const options = ['reproduce', 'fig6', '--backend', 'cuda', '--json', ...here]
    const { child, outcome, output } = startCommandLine(folder, options)
    // All of it takes minutes on a processor: it is stopped as a user stops it.
    await expect.poll(() => measured(output(), 20)).toBeDefined()
    child.kill('SIGINT')
    const { code, stdout } = await outcome
    const { runs, claims } = verdictOf(stdout)
    expect([code, runs.length]).toEqual([1, 5])
    expect(new Set(claims.map(({ verdict }) => verdict))).toEqual(new Set(['pending']))
    const loss = claims.find(({ id }) => id === 'trainLoss')!
    // Drawn of what is there: a training loss of rounding errors.
    expect(loss.measured).toMatch(/10\^?\{?[-−⁻]/)
    const [first, ...waiting] = runs
    for (const { status } of waiting) expect(status).toBe('cancelled')
    const { outcome: told } = startCommandLine(folder, ['show', first!.runId!, '--json', ...here])
    const { provenance } = JSON.parse((await told).stdout) as Shown
    expect(provenance).toMatchObject({
      backend: 'cuda',
      device: expect.stringMatching(/^stand-in on the processor, for tests: /) as string,
      precision: 'float64',
    })

    const file = join(folder, 'figure6.json')
    writeFileSync(file, (await startCommandLine(folder, ['template', 'musat2025/fig6']).outcome).stdout)
    const shortened = ['--set', 'dynamics.steps=20', '--set', 'seeds=[0]']
    const other = await call(['run', file, '--backend', 'wasm', '--json', ...shortened])
    expect(other).toMatchObject({ code: 0 })
    const [ours, theirs] = [measured(stdout, 20)!, measured(other.stdout, 20)!]
    for (const name of ['firstLayerNormSquared', 'secondLayerNormSquared', 'testMse']) {
      expect(Math.abs(ours[name]! / theirs[name]! - 1)).toBeLessThan(1e-9)
    }
  })

  it.each([
    ['the driver', [], 'CUDA: no NVIDIA driver was found: libcuda.so.1 is missing'],
    ['a library', ['libcuda.so.1', 'libcublas.so.12'], 'CUDA: libcusolver.so.11 was not found beside'],
  ])('reproduces nothing without %s, and names it at every run', async (name, there, words) => {
    const place = join(folder, name)
    mkdirSync(place)
    for (const file of there) symlinkSync(join(stub, file), join(place, file))
    const options = ['reproduce', 'fig6', '--backend', 'cuda', '--json', '--archive', join(folder, `${name}.grokscope`)]
    const { code, stdout } = await startCommandLine(folder, options, { env: { GROKSCOPE_CUDA: place } }).outcome
    const { runs, claims } = verdictOf(stdout)
    expect([code, runs.map(({ status }) => status)]).toEqual([1, Array(5).fill('failed')])
    expect(claims).not.toEqual([])
    for (const { verdict, measured: found } of claims) expect([verdict, found]).toEqual(['pending', null])
    const ends = stdout.split('\n').filter((line) => line.includes('"type":"settled"'))
    expect(ends).toHaveLength(5)
    for (const end of ends) expect(end).toContain(words)
  })
})

/** What a program told that it measured at a step; undefined where it has not. */
function measured(stdout: string, step: number): Record<string, number> | undefined {
  const lines = stdout.split('\n').filter((line) => line.includes('"type":"measured"') && line.endsWith('}'))
  type Measured = { step: number; values: Record<string, number> }
  return lines.map((line) => JSON.parse(line) as Measured).find((each) => each.step === step)?.values
}
