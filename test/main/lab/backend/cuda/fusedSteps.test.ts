import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Backend } from '../../../../../src/main/lab/backend/backend.ts'
import { withSteps, type CudaBackend } from '../../../../../src/main/lab/backend/cuda/cudaBackend.ts'
import { chooseCudaSteps } from '../../../../../src/main/lab/chooseCudaSteps.ts'
import { plainBackend } from '../../../../../src/main/lab/backend/plain.ts'
import { isolatedField } from '../../../../../src/main/lab/dynamics/isolatedField.ts'
import { matricesLike } from '../../../../../src/main/lab/network/matrixLists.ts'
import { layerOf } from '../../../../../src/main/lab/network/network.ts'
import { prepareNetwork } from '../../../../../src/main/lab/prepareNetwork.ts'
import type { Activation, ComposedInput } from '../../../../../src/shared/experiment.ts'
import { activations } from '../../../../../src/shared/models/models.ts'
import { backendOnStub, provideStub, stubCalls, whyNoStub } from '../../../../support/cuda/stubCuda.ts'
import { temporaryFolder } from '../../../../support/folders.ts'
import { collectRun, eventsOf, runSpec, snapshotAt } from '../../../../support/runs.ts'

/** Numbers of samples, units and outputs below, at and above the side of a tile and of a group of outputs. */
const shapes = [
  { modulus: 5, trainFraction: 0.3, hidden: 5 },
  { modulus: 7, trainFraction: 0.7, hidden: 31 },
  { modulus: 11, trainFraction: 0.5, hidden: 61 },
  { modulus: 16, trainFraction: 0.48, hidden: 65 },
  { modulus: 19, trainFraction: 0.1, hidden: 33 },
  { modulus: 33, trainFraction: 0.12, hidden: 70 },
]
interface Case {
  readonly modulus: number
  readonly trainFraction: number
  readonly hidden: number
  readonly activation: Activation
  readonly ridge: number
}
const fieldCases: readonly Case[] = activations.flatMap((activation) =>
  shapes.flatMap((shape) => [
    { ...shape, activation, ridge: 0.1 },
    // Without a ridge HHᵀ needs an inverse that rounding leaves digits of.
    ...(activation === 'tanh' && shape.modulus < 12 ? [{ ...shape, activation, ridge: 0 }] : []),
  ]),
)

function specification(
  { modulus, trainFraction, hidden, activation, ridge }: Case,
  dynamics: Partial<Extract<ComposedInput['dynamics'], { kind: 'isolated' }>> = {},
  more: Partial<ComposedInput> = {},
) {
  return runSpec({
    task: { kind: 'modularAddition', modulus, trainFraction },
    network: { hidden, activation },
    dynamics: { kind: 'isolated', ridge, steps: 12, ...dynamics },
    ...more,
  })
}

/** The field, what it left behind, and its network. */
function fieldOn(backend: Backend, given: Case) {
  const spec = specification(given)
  const { network } = prepareNetwork(spec as Parameters<typeof prepareNetwork>[0], backend, undefined, undefined)
  const field = isolatedField(network, given.ridge)
  return { field, network, velocity: matricesLike(backend, field.state) }
}

function relativeDistance(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  const largest = Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return Array.from(found).reduce((most, value, at) => Math.max(most, Math.abs(value - expected[at]!)), 0) / largest
}

/** Row by row the entries on and below the diagonal. */
function lowerOf(entries: ArrayLike<number>, order: number): number[] {
  return Array.from(entries).filter((_, at) => at % order <= Math.floor(at / order))
}

const example: Case = { modulus: 11, trainFraction: 0.6, hidden: 43, activation: 'relu', ridge: 0.1 }

describe.skipIf(whyNoStub)(`whole steps in one kernel, on a stand-in (${whyNoStub ?? 'for tests'})`, () => {
  let folder: string
  beforeAll(() => {
    folder = provideStub()
  })
  afterEach(() => void vi.unstubAllEnvs())

  /** A card that starts all blocks of a kernel together, on so many multiprocessors. */
  async function fusedBackend(multiprocessors = 2): Promise<CudaBackend> {
    vi.stubEnv('GROKSCOPE_STUB_COOPERATIVE', '1')
    vi.stubEnv('GROKSCOPE_STUB_MULTIPROCESSORS', String(multiprocessors))
    return withSteps(await backendOnStub(), { isFused: true, reason: 'asked for' })
  }

  async function withFused<Found>(use: (backend: CudaBackend) => Promise<Found> | Found, multiprocessors?: number) {
    const backend = await fusedBackend(multiprocessors)
    try {
      return await use(backend)
    } finally {
      backend.close()
    }
  }

  it.each(fieldCases)(
    'evaluate the field of the plain backend ($activation, p = $modulus, d_h = $hidden, ridge $ridge)',
    async (given) => {
      const plain = fieldOn(plainBackend('float64'), given)
      plain.field.evaluate(plain.velocity)
      await withFused((backend) => {
        const { field, network, velocity } = fieldOn(backend, given)
        expect(field.fused!.evaluate(velocity[0]!)).toBe(true)
        const read = (matrix: Parameters<Backend['download']>[0]) => backend.download(matrix)
        const known = (matrix: Parameters<Backend['download']>[0]) => plain.network.backend.download(matrix)
        expect(relativeDistance(read(velocity[0]!), known(plain.velocity[0]!))).toBeLessThan(1e-9)
        const second = layerOf(network, 'second')[0]!
        expect(relativeDistance(read(second), known(layerOf(plain.network, 'second')[0]!))).toBeLessThan(1e-9)
        const order = field.factor.rows
        const factors = [read(field.factor), known(plain.field.factor)].map((all) => lowerOf(all, order))
        expect(relativeDistance(factors[0]!, factors[1]!)).toBeLessThan(1e-9)
        expect(field.ridgeObjective() / plain.field.ridgeObjective() - 1).toBeCloseTo(0, 9)
      })
    },
  )

  it.each([1, 5])(
    'have the same bits however many are taken at once, on %i multiprocessors',
    async (multiprocessors) => {
      const states = async (parts: readonly number[], on: number) =>
        withFused((backend) => {
          const { field, velocity } = fieldOn(backend, example)
          expect(field.fused!.evaluate(velocity[0]!)).toBe(true)
          const numbers = parts.map((steps) => field.fused!.take(steps, velocity[0]!, 0.01))
          return {
            matrices: [...field.state, ...velocity].map((matrix) => [...backend.download(matrix)]),
            // The strict upper triangle is nobody's.
            factor: lowerOf(backend.download(field.factor), field.factor.rows),
            squares: numbers.flatMap(({ squares }, at) => [...squares.slice(at === 0 ? 0 : 1)]),
            changes: numbers.flatMap(({ changes }) => [...changes]),
            objective: field.ridgeObjective(),
          }
        }, on)
      const whole = await states([6], 2)
      expect(whole.squares).toHaveLength(7)
      for (const parts of [[6], [1, 3, 2], [1, 1, 1, 1, 1, 1]]) {
        const found = await states(parts, multiprocessors)
        expect(found).toEqual(whole)
      }
    },
  )

  const byLibraries = { isFused: false, reason: '' }
  const integrator = { kind: 'euler', stepSize: 0.01 } as const
  const recorded = { record: { measureEvery: 5, snapshots: [5, 10] } }

  it.each(activations)('follow those of the plain backend, and resume to the bit (%s)', async (activation) => {
    const spec = specification({ ...example, activation }, { integrator, steps: 12 }, recorded)
    const onHost = await collectRun(spec)
    const whole = await withFused((backend) => collectRun(spec, { backend }))
    expect(eventsOf(whole, 'settled')).toMatchObject([{ status: 'finished', step: 12 }])
    expect(eventsOf(whole, 'started')[0]!.provenance).toMatchObject({
      steps: 'many in one kernel',
      choice: 'asked for',
    })
    for (const name of ['E', 'W']) {
      const [found, expected] = [whole, onHost].map((events) => snapshotAt(events, 12).matrices[name]!.data)
      expect(relativeDistance(found!, expected!)).toBeLessThan(1e-9)
    }
    const [ours, theirs] = [whole, onHost].map((events) => eventsOf(events, 'measured').map(({ values }) => values))
    ours!.forEach((values, at) => {
      for (const name of ['ridgeObjective', 'conditionNumber', 'localError'] as const) {
        if (theirs![at]![name] !== undefined && at > 0)
          expect(values[name]! / theirs![at]![name]! - 1).toBeCloseTo(0, 7)
      }
    })

    // Also where this card would take steps of a new run otherwise.
    const resumeFrom = snapshotAt(whole, 5)
    const resumed = await withFused((backend) =>
      collectRun(spec, { backend: withSteps(backend, byLibraries), resumeFrom }),
    )
    expect(snapshotAt(resumed, 12)).toEqual(snapshotAt(whole, 12))
  })

  it('are not taken by a run that began without them, nor by other integrators', async () => {
    const spec = specification(example, { integrator, steps: 10 }, recorded)
    const begun = await withFused((backend) => collectRun(spec, { backend: withSteps(backend, byLibraries) }))
    const before = stubCalls(folder, 'cuLaunchCooperativeKernel')
    const resumed = await withFused((backend) => collectRun(spec, { backend, resumeFrom: snapshotAt(begun, 5) }))
    expect(snapshotAt(resumed, 10)).toEqual(snapshotAt(begun, 10))
    const heun = specification(example, { integrator: { kind: 'heun', stepSize: 0.01 }, steps: 4 })
    const other = await withFused((backend) => collectRun(heun, { backend }))
    expect(eventsOf(other, 'settled')).toMatchObject([{ status: 'finished' }])
    expect(stubCalls(folder, 'cuLaunchCooperativeKernel')).toBe(before)
  })

  it('go on after an intervention, which no launch crosses', async () => {
    const interventions = [{ at: 7, kind: 'rescale', layer: 'first', factor: 0.5 }] as const
    const spec = specification(example, { integrator, steps: 12 }, { ...recorded, interventions: [...interventions] })
    const [found, expected] = [await withFused((backend) => collectRun(spec, { backend })), await collectRun(spec)]
    const [ours, theirs] = [found, expected].map((events) => snapshotAt(events, 12).matrices['E']!.data)
    expect(relativeDistance(ours!, theirs!)).toBeLessThan(1e-9)
  })

  it('are one launch each time that they are given, which asks for nothing but their numbers', async () => {
    const all = ['cuLaunchCooperativeKernel', 'cusolverDnDpotrf', 'cuMemAlloc_v2', 'cuMemcpyDtoH_v2', 'cuLaunchKernel']
    const callsOf = async (steps: number) => {
      const before = all.map((name) => stubCalls(folder, name))
      const record = { measureEvery: 10_000, snapshots: 'events' } as const
      const spec = specification(example, { integrator: { kind: 'euler', stepSize: 1e-4 }, steps }, { record })
      const found = await withFused((backend) => collectRun(spec, { backend }))
      expect(eventsOf(found, 'settled')).toMatchObject([{ status: 'finished' }])
      return all.map((name, i) => stubCalls(folder, name) - before[i]!)
    }
    // Where no time passes, the steps that are given at once double: 1, 2, 4, …
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0)
    const [few, many] = [await callsOf(15), await callsOf(63)]
    clock.mockRestore()
    // And the evaluation at the start.
    expect([few[0], many[0]]).toEqual([4 + 1, 6 + 1])
    // A reading a launch, and the copy of where it starts.
    expect(many.map((count, i) => count - few[i]!)).toEqual([2, 0, 0, 2, 2])
    expect(few[1]).toBe(0)
  })

  it('leave the state where a factorization fails, name that step, and end a run by the words of the libraries', async () => {
    const gelu = { modulus: 7, trainFraction: 0.7, hidden: 31, activation: 'gelu', ridge: 0 } as const
    const record = { measureEvery: 1000, snapshots: [2] }
    const spec = specification(gelu, { integrator: { kind: 'euler', stepSize: 1 }, steps: 60 }, { record })
    const outcomeOf = (events: Awaited<ReturnType<typeof collectRun>>) => eventsOf(events, 'settled')[0]!
    const expected = outcomeOf(await collectRun(spec))
    expect(expected.status).toBe('failed')
    const { code, step } = expected
    expect(outcomeOf(await withFused((backend) => collectRun(spec, { backend })))).toMatchObject({
      status: 'failed',
      code,
      step,
    })

    await withFused((backend) => {
      const { field, velocity } = fieldOn(backend, gelu)
      const { fused, state } = field
      expect(fused!.evaluate(velocity[0]!)).toBe(true)
      const { failed } = fused!.take(60, velocity[0]!, 1)
      expect(failed).toBeGreaterThan(0)
      const stopped = [...backend.download(state[0]!)]

      const again = fieldOn(backend, gelu)
      expect(again.field.fused!.evaluate(again.velocity[0]!)).toBe(true)
      expect(again.field.fused!.take(failed, again.velocity[0]!, 1).failed).toBe(failed)
      expect([...backend.download(again.field.state[0]!)]).toEqual(stopped)
      expect(again.field.fused!.evaluate(again.velocity[0]!)).toBe(false)
      expect([...backend.download(again.field.state[0]!)]).toEqual(stopped)
    })
  })

  it('are offered only where blocks start together, on tokens, in n × n form, up to a size', async () => {
    const offered = (given: Case) => withFused((backend) => fieldOn(backend, given).field.fused !== undefined)
    expect(await offered(example)).toBe(true)
    expect(await offered({ ...example, hidden: 13 })).toBe(false)
    expect(await offered({ ...example, modulus: 47, trainFraction: 1, hidden: 1200 })).toBe(false)
    vi.unstubAllEnvs()
    const backend = await backendOnStub()
    expect(fieldOn(backend, example).field.fused).toBeUndefined()
    backend.close()
  })

  describe('are chosen for a run', () => {
    const spec = specification(example, { integrator, steps: 4 })
    const cache = temporaryFolder()
    const chosen = (given: Parameters<typeof chooseCudaSteps>[1], file: string) =>
      withFused((backend) => {
        vi.stubEnv('GROKSCOPE_CUDA_STEPS', join(cache, file))
        return chooseCudaSteps(backend, given)
      })
    /** A clock by which the first of both that are timed takes so many seconds, the other so many. */
    const timed = (first: number, second: number) => {
      const launches = () => stubCalls(folder, 'cuLaunchCooperativeKernel')
      const solves = () => stubCalls(folder, 'cusolverDnDpotrf')
      return vi.spyOn(performance, 'now').mockImplementation(() => first * 1e-3 * launches() + second * 1e-3 * solves())
    }

    it('by what takes less time, once for its sizes, after the test', async () => {
      const clock = timed(1, 1)
      const fast = await chosen({ spec }, 'fast.json')
      expect(fast).toMatchObject({
        isFused: true,
        reason: expect.stringMatching(/^a step takes .* ms by cuBLAS/) as string,
      })
      // It is tested before every run, and not timed again.
      const launches = () => stubCalls(folder, 'cuLaunchCooperativeKernel')
      const byTestAndTiming = launches()
      expect(await chosen({ spec }, 'fast.json')).toEqual(fast)
      const byTest = launches() - byTestAndTiming
      expect(byTest).toBeGreaterThan(0)
      expect(await chosen({ spec }, 'fast.json')).toEqual(fast)
      expect(launches() - byTestAndTiming).toBe(2 * byTest)
      clock.mockRestore()
      const slow = timed(1000, 1)
      const before = launches()
      expect(await chosen({ spec }, 'slow.json')).toMatchObject({ isFused: false })
      expect(launches() - before).toBeGreaterThan(byTest)
      slow.mockRestore()
      const after = launches()
      expect(await chosen({ spec }, 'slow.json')).toMatchObject({ isFused: false })
      expect(launches()).toBe(after)
    })

    it('as the run began, where it goes on', async () => {
      const began = (scalars: Record<string, number>) =>
        ({ step: 2, tau: 0.02, reason: 'scheduled', matrices: {}, scalars }) as const
      expect(await chosen({ spec, resumeFrom: began({ fusedSteps: 1 }) }, 'on.json')).toMatchObject({ isFused: true })
      expect(await chosen({ spec, resumeFrom: began({}) }, 'on.json')).toMatchObject({ isFused: false })
    })

    it('not at all where there is no choice', async () => {
      const heun = specification(example, { integrator: { kind: 'heun', stepSize: 0.01 } })
      expect(await chosen({ spec: heun }, 'none.json')).toBeUndefined()
      expect(await chosen({ spec: specification({ ...example, hidden: 13 }) }, 'none.json')).toBeUndefined()
    })
  })
})
