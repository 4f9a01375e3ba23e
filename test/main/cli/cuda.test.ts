import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
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
  beforeAll(() => void provideStub())

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
})
