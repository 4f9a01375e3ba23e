import { beforeAll, describe, expect, it, vi } from 'vitest'
import { wasmBackend } from '../../../../src/main/lab/backend/wasm/wasmBackend.ts'
import { runExperiment } from '../../../../src/main/lab/runExperiment.ts'
import { integratorKinds } from '../../../../src/shared/dynamics/integrators.ts'
import type { ComposedInput } from '../../../../src/shared/experiment.ts'
import { activations } from '../../../../src/shared/models/models.ts'
import type { RunEvent } from '../../../../src/shared/run.ts'
import { backendOnStub, provideStub, stubCalls, whyNoStub } from '../../../support/cuda/stubCuda.ts'
import { collectRun, eventsOf, runSpec, snapshotAt } from '../../../support/runs.ts'

type Isolated = Extract<ComposedInput['dynamics'], { kind: 'isolated' }>
type Integrator = NonNullable<Isolated['integrator']>

/** 28 pairs mod 7 of which 20 train: n × n with 31 hidden units, d × d with 13. */
function specification(dynamics: Partial<Isolated>, more: Partial<ComposedInput> = {}) {
  return runSpec({
    task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 },
    network: { hidden: 31 },
    dynamics: { kind: 'isolated', ridge: 0.1, steps: 12, ...dynamics },
    record: { measureEvery: 4, snapshots: [4, 8] },
    ...more,
  })
}

const forms = [
  { form: 'zero loss, n × n', ridge: 0, hidden: 31 },
  { form: 'ridge, n × n', ridge: 0.1, hidden: 31 },
  { form: 'ridge, d × d', ridge: 0.1, hidden: 13 },
] as const
const integrators: readonly Integrator[] = integratorKinds.flatMap((kind): Integrator[] => [
  { kind, stepSize: 1e-3, tolerance: 'none' },
  { kind, stepSize: 1e-3, tolerance: 1e-2 },
  { kind, stepSize: 1e-3, tolerance: 1e-2, output: 'dense' },
])
const interventions: NonNullable<ComposedInput['interventions']> = [
  { at: 3, kind: 'removeFrequencies', frequencies: [2] },
  { at: 6, kind: 'keepFrequencies', frequencies: [1, 3] },
  { at: 9, kind: 'rescale', layer: 'first', factor: 0.9 },
]
const turn = <Item>(list: readonly Item[], at: number): Item => list[at % list.length]!

/** With which HHᵀ of 20 pairs of 7 tokens can have an inverse. */
const nonlinear = activations.filter((activation) => activation !== 'identity')
/** Each form with every integrator; activations in turn, with interventions every other time. */
const cases = forms.flatMap((form, f) =>
  integrators.map((integrator, i) => ({
    ...form,
    integrator,
    activation: turn(form.ridge === 0 ? nonlinear : activations, i + 2 * f),
    // Without all frequencies HHᵀ may have no inverse.
    interventions: (i + f) % 2 === 1 ? [] : interventions.filter(({ kind }) => form.ridge > 0 || kind === 'rescale'),
  })),
)

/** How far weights and measurements of two runs are apart at worst, of the larger of 1 and the value. */
function distance(some: readonly RunEvent[], others: readonly RunEvent[], step: number): number {
  const apart = (value: number, other: number) => Math.abs(value - other) / Math.max(1, Math.abs(other))
  const weights = ['E', 'W'].flatMap((name) => {
    const theirs = snapshotAt(others, step).matrices[name]!.data
    return [...snapshotAt(some, step).matrices[name]!.data].map((value, at) => apart(value, theirs[at]!))
  })
  const measured = eventsOf(some, 'measured').map(({ values }, i) => {
    const names = ['ridgeObjective', 'testMse', 'firstLayerNormSquared'] as const
    const theirs = eventsOf(others, 'measured')[i]!.values
    return Math.max(...names.map((name) => apart(values[name]!, theirs[name]!)))
  })
  return Math.max(...weights, ...measured)
}

/** What a run tells that does not depend on time. */
const told = (events: readonly RunEvent[]) =>
  events
    .filter(({ type }) => type !== 'progress')
    .map((event) => ({ ...event, sequence: 0, ...('seconds' in event && { seconds: 0 }) }))

const outcomeOf = (events: readonly RunEvent[]) => eventsOf(events, 'settled')[0]!

describe.skipIf(whyNoStub)(`runs on CUDA, by a stand-in (${whyNoStub ?? 'for tests'})`, () => {
  let folder: string
  beforeAll(() => {
    folder = provideStub()
  })
  const onHost = async (spec: ReturnType<typeof specification>) =>
    collectRun(spec, { backend: await wasmBackend('float64', 1) })

  async function onCard(spec: ReturnType<typeof specification>, more: Parameters<typeof collectRun>[1] = {}) {
    const backend = await backendOnStub()
    try {
      return await collectRun(spec, { backend, ...more })
    } finally {
      backend.close()
    }
  }

  it.each(cases)(
    'follow those on WebAssembly and resume to the bit ($form, $activation, $integrator, interventions $interventions)',
    async ({ ridge, hidden, integrator, activation, interventions: given }) => {
      const more = { network: { hidden, activation }, interventions: given }
      const spec = specification({ ridge, integrator }, more)
      const whole = await onCard(spec)
      expect(outcomeOf(whole)).toMatchObject({ status: 'finished', step: 12 })
      expect(distance(whole, await onHost(spec), 12)).toBeLessThan(1e-9)
      const resumed = await onCard(spec, { resumeFrom: snapshotAt(whole, 4) })
      expect(snapshotAt(resumed, 12).matrices).toEqual(snapshotAt(whole, 12).matrices)
      expect(eventsOf(resumed, 'measured').at(-1)!.values).toEqual(eventsOf(whole, 'measured').at(-1)!.values)
    },
  )

  it.each<[string, ComposedInput['dynamics'], Partial<ComposedInput>]>([
    ['zeroLossFlow', { kind: 'zeroLossFlow', steps: 12 }, {}],
    ['training', { kind: 'training', optimizer: 'adamw', learningRate: 1e-3, weightDecay: 1, steps: 12 }, {}],
    [
      'training on batches',
      { kind: 'training', loss: 'crossEntropy', learningRate: 0.1, weightDecay: 0.1, batch: { size: 5 }, steps: 12 },
      { network: { hidden: 31, biases: true } },
    ],
    [
      'isolated on inputs that are no tokens',
      { kind: 'isolated', ridge: 0.1, steps: 12 },
      { task: { kind: 'sparseParity', bits: 6, parityBits: 2, samples: 40, trainFraction: 0.7 } },
    ],
  ])('follow WebAssembly whatever the dynamics: %s', async (_, dynamics, more) => {
    const spec = runSpec({
      ...{ task: { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 }, network: { hidden: 61 } },
      ...{ record: { measureEvery: 4, snapshots: [4] }, dynamics, ...more },
    } as ComposedInput)
    const [found, expected] = [await onCard(spec as never), await onHost(spec as never)]
    expect(outcomeOf(found)).toMatchObject({ status: 'finished' })
    for (const [name, { data }] of Object.entries(snapshotAt(expected, 12).matrices)) {
      const ours = snapshotAt(found, 12).matrices[name]!.data
      expect(Math.max(...data.map((value, at) => Math.abs(value - ours[at]!)))).toBeLessThan(1e-9)
    }
  })

  it('tells the same whether steps are given one by one or many at once', async () => {
    const spec = specification({ steps: 40, integrator: { kind: 'euler', stepSize: 0.05 } })
    const whole = await onCard(spec)
    // The local error passes its threshold within what is given at once.
    expect(eventsOf(whole, 'event').map(({ name }) => name)).toContain('localErrorExceeded')
    const everyStep = await onCard({ ...spec, record: { ...spec.record, measureEvery: 1 } })
    const events = (all: readonly RunEvent[]) =>
      eventsOf(all, 'event').map(({ name, step, value }) => [name, step, value])
    const ofIntegrator = (all: readonly RunEvent[]) => events(all).filter(([name]) => name === 'localErrorExceeded')
    expect(ofIntegrator(whole)).toEqual(ofIntegrator(everyStep))
    expect(snapshotAt(everyStep, 40)).toEqual(snapshotAt(whole, 40))
    expect(told(await onCard(spec))).toEqual(told(whole))
  })

  it('asks the card for nothing between what is measured, and calls it as often at every step', async () => {
    const counted = [
      'cuLaunchKernel',
      'cublasDgemm_v2',
      'cublasDgemmStridedBatched',
      'cublasDsyrk_v2',
      'cusolverDnDpotrf',
    ]
    const all = [...counted, 'cuMemcpyDtoH_v2', 'cuMemAlloc_v2']
    const callsOf = async (steps: number) => {
      const before = all.map((name) => stubCalls(folder, name))
      const record = { measureEvery: 10_000, snapshots: 'events' } as const
      const integrator = { kind: 'euler', stepSize: 1e-4 } as const
      const found = await onCard(specification({ ridge: 0, steps, integrator }, { record }))
      expect(outcomeOf(found).status).toBe('finished')
      return all.map((name, i) => stubCalls(folder, name) - before[i]!)
    }
    // Where no time passes, the steps that are given at once double: 64 are given in seven parts, 164 in eight.
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0)
    const [few, many] = [await callsOf(64), await callsOf(164)]
    clock.mockRestore()
    expect(Object.fromEntries(all.map((name, i) => [name, many[i]! - few[i]!]))).toEqual({
      // Of each part: a copy of its start, and the norm at its end.
      cuLaunchKernel: 100 * 18 + 3,
      cublasDgemm_v2: 100 * 4,
      cublasDgemmStridedBatched: 0,
      cublasDsyrk_v2: 100,
      cusolverDnDpotrf: 100,
      cuMemcpyDtoH_v2: 1,
      cuMemAlloc_v2: 0,
    })
  })

  it('fail by the same words at the same step as on WebAssembly where a factorization fails', async () => {
    const integrator = { kind: 'euler', stepSize: 1 } as const
    const network = { hidden: 31, activation: 'gelu' } as const
    const record = { measureEvery: 1000, snapshots: [2] }
    const spec = specification({ ridge: 0, steps: 60, integrator }, { network, record })
    const [found, expected] = [await onCard(spec), await onHost(spec)].map(outcomeOf)
    expect(expected!.status).toBe('failed')
    const { code, message, step } = expected!
    expect(found).toMatchObject({ status: 'failed', code, step, message })
  })

  it('continue from where they were cancelled, though the card was ahead', async () => {
    const record = { measureEvery: 1000, snapshots: 'events' } as const
    const spec = specification({ steps: 300, integrator: { kind: 'heun', stepSize: 1e-3 } }, { record })
    const whole = await onCard(spec)
    const events: RunEvent[] = []
    const controller = new AbortController()
    const backend = await backendOnStub()
    for await (const event of runExperiment(spec, { runId: 'test', backend, signal: controller.signal })) {
      events.push(event)
      if (event.type === 'progress') controller.abort()
    }
    const { status, step } = outcomeOf(events)
    expect(status).toBe('cancelled')
    const resumed = await onCard(spec, { resumeFrom: snapshotAt(events, step) })
    expect(snapshotAt(resumed, 300)).toEqual(snapshotAt(whole, 300))
  })
})
