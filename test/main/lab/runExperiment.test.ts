import { describe, expect, it } from 'vitest'
import { drawSplit } from '../../../src/main/lab/tasks/split.ts'
import { runExperiment } from '../../../src/main/lab/runExperiment.ts'
import { plainBackend } from '../../../src/main/lab/backend/plain.ts'
import { errorAdvice } from '../../../src/shared/errors.ts'
import type { ComposedInput } from '../../../src/shared/experiment.ts'
import type { IntegratorSpec } from '../../../src/shared/dynamics/integrators.ts'
import type { RunEvent } from '../../../src/shared/run.ts'
import { clockAt } from '../../../src/shared/runClock.ts'
import { backends } from '../../support/backends.ts'
import { collectRun, eventsOf, largestDifference, runSpec, snapshotAt } from '../../support/runs.ts'

type Isolated = Extract<ComposedInput['dynamics'], { kind: 'isolated' }>
type Training = Extract<ComposedInput['dynamics'], { kind: 'training' }>

function specification(dynamics: Partial<Isolated> = {}, more: Partial<ComposedInput> = {}, seed = 0) {
  return runSpec(
    {
      task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.8 },
      network: { hidden: 32, activation: 'tanh' },
      dynamics: { kind: 'isolated', steps: 40, ...dynamics },
      record: { measureEvery: 7, snapshots: [3, 5, 20, 31] },
      ...more,
    } as ComposedInput,
    seed,
  )
}

const stepSize = 0.01
const integrators: IntegratorSpec[] = [
  { kind: 'euler', stepSize },
  { kind: 'heun', stepSize },
  { kind: 'dormandPrince', stepSize, tolerance: 'none' },
  { kind: 'euler', stepSize, tolerance: 1e-3 },
  { kind: 'heun', stepSize, tolerance: 1e-3 },
  { kind: 'dormandPrince', stepSize, tolerance: 1e-6 },
  { kind: 'euler', stepSize, tolerance: 1e-3, output: 'dense' },
  { kind: 'heun', stepSize, tolerance: 1e-3, output: 'dense' },
  { kind: 'dormandPrince', stepSize, tolerance: 1e-6, output: 'dense' },
]
const named = integrators.map((integrator) => {
  const steps = typeof integrator.tolerance !== 'number' ? 'fixed' : integrator.output === 'dense' ? 'dense' : 'cut'
  return { name: `${integrator.kind}, ${steps}`, integrator }
})

/** What a run computed: all of its events but those of the clock. */
function computed(events: readonly RunEvent[], afterStep = -1): unknown[] {
  return events.flatMap((event): unknown[] => {
    switch (event.type) {
      case 'measured':
        return event.step > afterStep ? [{ step: event.step, tau: event.tau, values: event.values }] : []
      case 'snapshot':
        return event.snapshot.step > afterStep ? [event.snapshot] : []
      case 'event':
        return event.step > afterStep ? [{ name: event.name, step: event.step, value: event.value }] : []
      case 'settled':
        return [{ status: event.status, step: event.step, tau: event.tau, report: event.report }]
      default:
        return []
    }
  })
}

describe('the events of a run', () => {
  it.each(named)('come in order and are numbered without a gap ($name)', async ({ integrator }) => {
    const events = await collectRun(specification({ integrator }), { firstSequence: 12 })
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, i) => 12 + i))
    expect(events.map(({ type }, i) => type === (i === 0 ? 'started' : 'settled')).filter(Boolean).length).toBe(2)
    expect(events.at(-1)!.type).toBe('settled')
    const steps = events.map((event) => (event.type === 'snapshot' ? event.snapshot.step : event.step))
    expect(steps).toEqual(steps.toSorted((a, b) => a - b))
    expect(eventsOf(events, 'measured').map(({ step }) => step)).toEqual([0, 3, 5, 7, 14, 20, 21, 28, 31, 35, 40])
    for (const { step, tau } of eventsOf(events, 'measured')) expect(tau).toBe(step * stepSize)
    const snapshots = eventsOf(events, 'snapshot').filter(({ snapshot }) => snapshot.reason !== 'event')
    expect(snapshots.map(({ snapshot }) => snapshot.step)).toEqual([0, 3, 5, 20, 31, 40])
    expect(snapshots.at(-1)!.snapshot.reason).toBe('final')
    for (const event of snapshots) {
      const before = events.slice(0, event.sequence - 12).findLast(({ type }) => type === 'measured')
      expect(before).toMatchObject({ step: event.snapshot.step })
    }
  })

  it('name the arithmetic, the split and the versions at the start', async () => {
    const [first] = await collectRun(specification())
    expect(first).toMatchObject({ type: 'started', step: 0, train: drawSplit(15, 12, 0).train })
    const { provenance } = first as Extract<RunEvent, { type: 'started' }>
    expect(provenance).toMatchObject({ backend: 'plain', precision: 'float64', threads: 1 })
    expect(provenance.splitHash).toMatch(/^[0-9a-f]{64}$/)
  })

  it('tell what was found once, where it was found, and save the state there', async () => {
    const spec = specification({
      integrator: { kind: 'heun', stepSize: 0.05, tolerance: 1e-3 },
      steps: 120,
      ridge: 0.1,
    })
    const events = await collectRun({ ...spec, record: { ...spec.record, snapshots: 'events' } })
    const found = eventsOf(events, 'event')
    expect(found.map(({ name }) => name)).toContain('memorized')
    expect(new Set(found.map(({ name }) => name)).size).toBe(found.length)
    for (const { name, step, value } of found) {
      const { values } = eventsOf(events, 'measured').find((event) => event.step === step)!
      expect(value).toBe(name === 'memorized' ? values.trainAccuracy : values.testAccuracy)
      expect(snapshotAt(events, step).step).toBe(step)
    }
  })
})

describe('the bits of a run', () => {
  it.each(named)('are those of the seed ($name)', async ({ integrator }) => {
    const [first, again, other] = await Promise.all(
      [0, 0, 1].map((seed) => collectRun(specification({ integrator }, {}, seed))),
    )
    expect(computed(again!)).toEqual(computed(first!))
    expect(snapshotAt(other!, 0).matrices).not.toEqual(snapshotAt(first!, 0).matrices)
    expect(eventsOf(other!, 'started')[0]!.train).not.toEqual(eventsOf(first!, 'started')[0]!.train)
  })

  describe.each(backends)('on $name', ({ open }) => {
    it.each(named)('are the same when it is resumed, from whichever snapshot ($name)', async ({ integrator }) => {
      const spec = specification({ integrator })
      const whole = await collectRun(spec, { backend: await open() })
      const snapshots = eventsOf(whole, 'snapshot')
      expect(snapshots.length).toBeGreaterThanOrEqual(6)
      for (const { snapshot, sequence } of snapshots) {
        const resumed = await collectRun(spec, {
          backend: await open(),
          resumeFrom: structuredClone(snapshot),
          firstSequence: sequence + 1,
        })
        expect(resumed[0]).toMatchObject({ type: 'started', step: snapshot.step, sequence: sequence + 1 })
        expect(computed(resumed, snapshot.step)).toEqual(computed(whole, snapshot.step))
      }
    })
  })

  it.each(named.slice(-4))('in float32 too ($name)', async ({ integrator }) => {
    const spec = specification({ integrator, ridge: 0.1 }, { precision: 'float32' })
    const whole = await collectRun(spec)
    const { matrices } = snapshotAt(whole, 20)
    expect(matrices['E']!.data).toBeInstanceOf(Float32Array)
    const resumed = await collectRun(spec, { resumeFrom: snapshotAt(whole, 20) })
    expect(computed(resumed, 20)).toEqual(computed(whole, 20))
  })

  it('are the same at the same steps however often they are measured, also resumed and extended between two measurements', async () => {
    const measured = (events: RunEvent[]) =>
      new Map(eventsOf(events, 'measured').map(({ step, tau, values }) => [step, { tau, values }]))
    const often = measured(await collectRun(specification({}, { record: { measureEvery: 1, snapshots: [13, 20] } })))
    const record = { measureEvery: 'log' as const, perDecade: 4, snapshots: [13, 20] }
    const whole = await collectRun(specification({}, { record }))
    const steps = [0, 1, 2, 3, 6, 10, 13, 18, 20, 32, 40]
    expect([...measured(whole)]).toEqual(steps.map((step) => [step, often.get(step)]))
    for (const step of [13, 20]) {
      const resumed = await collectRun(specification({}, { record }), { resumeFrom: snapshotAt(whole, step) })
      expect(computed(resumed, step)).toEqual(computed(whole, step))
    }
    const short = await collectRun(specification({ steps: 20 }, { record }))
    const extended = await collectRun(specification({}, { record }), { resumeFrom: snapshotAt(short, 20) })
    expect(computed(extended, 20)).toEqual(computed(whole, 20))
  })

  it.each(named)('do not change when the run is extended ($name)', async ({ integrator }) => {
    const record = { measureEvery: 10, snapshots: [] }
    const short = await collectRun(specification({ integrator, steps: 20 }, { record }))
    const extended = await collectRun(specification({ integrator }, { record }), { resumeFrom: snapshotAt(short, 20) })
    const whole = await collectRun(specification({ integrator }, { record }))
    expect(computed(extended, 20)).toEqual(computed(whole, 20))
    expect(
      eventsOf(whole, 'measured')
        .filter(({ step }) => step <= 20)
        .map(({ values }) => values.trainLoss),
    ).toEqual(eventsOf(short, 'measured').map(({ values }) => values.trainLoss))
  })
})

describe('dense output', () => {
  const dense = named.filter(({ integrator }) => integrator.output === 'dense')
  const states = (events: readonly RunEvent[], steps: readonly number[]) =>
    steps.map((step) => ['E', 'W'].map((name) => snapshotAt(events, step).matrices[name]))
  const interventions = [{ kind: 'rescale', layer: 'first', factor: 1.5, at: 12 }] as const

  it.each(dense)('leaves the path of a run to its tolerance, whatever is recorded ($name)', async ({ integrator }) => {
    for (const more of [{}, { interventions: [...interventions] }]) {
      const [often, seldom] = await Promise.all(
        [
          { measureEvery: 1, snapshots: [5, 11, 12, 20, 31] },
          { measureEvery: 100, snapshots: [5, 12, 31] },
        ].map((record) => collectRun(specification({ integrator }, { ...more, record }))),
      )
      expect(states(often!, [5, 12, 31, 40])).toEqual(states(seldom!, [5, 12, 31, 40]))
      const { accepted, rejected } = eventsOf(often!, 'settled')[0]!.report!
      expect(eventsOf(seldom!, 'settled')[0]!.report).toMatchObject({ accepted, rejected })
    }
  })

  it.each(dense)('stops at an intervention, which is done to the state there ($name)', async ({ integrator }) => {
    const record = { measureEvery: 1, snapshots: [5, 8, 9, 10, 11, 12, 20, 31] }
    const spec = specification({ integrator }, { record, interventions: [...interventions] })
    const whole = await collectRun(spec)
    const plain = await collectRun(specification({ integrator }, { record }))
    const E = snapshotAt(plain, 12).matrices['E']!.data
    const rescaled = snapshotAt(whole, 12).matrices['E']!.data
    // One path was cut at the intervention and the other interpolated there.
    expect(
      largestDifference(
        rescaled,
        E.map((value) => 1.5 * value),
      ),
    ).toBeLessThan(5e-3)
    expect(snapshotAt(whole, 5)).toEqual(snapshotAt(plain, 5))
    // Also from within the step that ends there.
    for (const step of [5, 8, 9, 10, 11, 12, 20]) {
      const resumed = await collectRun(spec, { resumeFrom: snapshotAt(whole, step) })
      expect(computed(resumed, step)).toEqual(computed(whole, step))
    }
  })

  it.each(dense)('is consistent where it is: the second layer is that of the first ($name)', async ({ integrator }) => {
    const events = await collectRun(specification({ integrator }))
    for (const { snapshot } of eventsOf(events, 'snapshot')) {
      const begun = await collectRun(specification({ integrator, steps: 1 }), {
        initial: { parameters: { E: snapshot.matrices['E']! }, train: eventsOf(events, 'started')[0]!.train },
      })
      expect(snapshotAt(begun, 0).matrices['W']).toEqual(snapshot.matrices['W'])
    }
  })

  it('takes no more steps for what is measured often, as steps that are cut do', async () => {
    const evaluations = async (output: 'dense' | 'stepEnds', measureEvery: number) => {
      const integrator = { kind: 'dormandPrince', stepSize: 1e-3, tolerance: 1e-6, output } as const
      const record = { measureEvery, snapshots: 'events' } as const
      const events = await collectRun(specification({ integrator, ridge: 0.1, steps: 2000 }, { record }))
      return eventsOf(events, 'settled')[0]!.report!
    }
    const [seldom, often, cut] = [
      await evaluations('dense', 2000),
      await evaluations('dense', 10),
      await evaluations('stepEnds', 10),
    ]
    expect(often.accepted).toBe(seldom.accepted)
    expect(often.fieldEvaluations).toBe(seldom.fieldEvaluations + 199)
    expect(cut.accepted).toBeGreaterThanOrEqual(200)
    expect(cut.fieldEvaluations).toBeGreaterThan(3 * often.fieldEvaluations)
  })
})

describe('a cancelled run', () => {
  it.each(named)(
    'settles as cancelled with a state to resume from, to the same bits ($name)',
    async ({ integrator }) => {
      const spec = specification({ integrator })
      const whole = await collectRun(spec)
      const controller = new AbortController()
      const events: RunEvent[] = []
      const run = runExperiment(spec, { runId: 'test', backend: plainBackend('float64'), signal: controller.signal })
      for await (const event of run) {
        events.push(event)
        if (event.type === 'measured' && event.step === 14) controller.abort()
      }
      const settled = events.at(-1)!
      expect(settled).toMatchObject({ type: 'settled', status: 'cancelled', code: 'CANCELLED', step: 14 })
      expect(settled).toMatchObject({ advice: errorAdvice.CANCELLED })
      expect(settled).not.toHaveProperty('message')
      const { snapshot } = eventsOf(events, 'snapshot').at(-1)!
      expect(snapshot).toMatchObject({ step: 14, reason: 'checkpoint' })
      const resumed = await collectRun(spec, { resumeFrom: snapshot })
      expect(computed(resumed, 14)).toEqual(computed(whole, 14))
    },
  )

  it('that is told before it begins still saves its start', async () => {
    const events = await collectRun(specification(), { signal: AbortSignal.abort() })
    expect(eventsOf(events, 'snapshot').map(({ snapshot }) => snapshot.step)).toEqual([0])
    expect(events.at(-1)).toMatchObject({ status: 'cancelled', step: 0 })
  })
})

describe('a run that cannot go on', () => {
  it.each([
    { code: 'DIVERGED', activation: 'tanh', ridge: 0.1, euler: 1e6, message: /^the local error is / },
    { code: 'DIVERGED', activation: 'quadratic', ridge: 0.1, euler: 1e6, message: /^‖H‖² is / },
    { code: 'NOT_POSITIVE_DEFINITE', activation: 'relu', ridge: 0, euler: 0.5, message: /^HHᵀ .* is not / },
  ] as const)(
    'ends as failed with its step and advice, and keeps what it measured ($code, $activation)',
    async (end) => {
      const spec = specification(
        { ridge: end.ridge, integrator: { kind: 'euler', stepSize: end.euler } },
        { network: { hidden: 16, activation: end.activation }, record: { measureEvery: 1, snapshots: [] } },
      )
      const events = await collectRun(spec)
      const settled = eventsOf(events, 'settled')[0]!
      expect(settled).toMatchObject({ status: 'failed', code: end.code, advice: errorAdvice[end.code] })
      expect(settled.message).toMatch(end.message)
      const measured = eventsOf(events, 'measured')
      expect(measured.map(({ step }) => step)).toEqual(Array.from({ length: settled.step + 1 }, (_, i) => i))
      expect(measured.length).toBeGreaterThan(1)
      for (const { values } of measured) expect(values.firstLayerNormSquared).toBeLessThan(Infinity)
      expect(settled.report!.accepted).toBe(settled.step)
    },
  )

  it('at its very start is an outcome too', async () => {
    const E = { rows: 5, columns: 32, data: new Float64Array(160).fill(1) }
    const events = await collectRun(specification(), { initial: { parameters: { E } } })
    expect(events.map(({ type }) => type)).toEqual(['started', 'settled'])
    expect(events[1]).toMatchObject({ status: 'failed', code: 'NOT_POSITIVE_DEFINITE', step: 0 })
  })
})

describe('a given start', () => {
  const E = { rows: 5, columns: 32, data: Float64Array.from({ length: 160 }, (_, i) => Math.sin(3 * i * i)) }

  it('is what the run begins with, on the given split', async () => {
    const train = Int32Array.of(0, 1, 2, 5, 6, 7, 8, 9, 10, 13)
    const events = await collectRun(specification(), { initial: { parameters: { E }, train } })
    expect(snapshotAt(events, 0).matrices['E']!.data).toEqual(E.data)
    expect(eventsOf(events, 'started')[0]!.train).toEqual(train)
  })

  it('leaves to the seed what it does not hold', async () => {
    const dynamics = { kind: 'training', learningRate: 0.1, weightDecay: 0, steps: 1 } as const
    const spec = runSpec({
      task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.8 },
      network: { hidden: 32 },
      dynamics,
    })
    const [drawn, given] = [await collectRun(spec), await collectRun(spec, { initial: { parameters: { E } } })]
    expect(snapshotAt(given, 0).matrices['W']).toEqual(snapshotAt(drawn, 0).matrices['W'])
    expect(eventsOf(given, 'started')[0]!.train).toEqual(eventsOf(drawn, 'started')[0]!.train)
  })

  it('that does not fit is refused before anything is told', async () => {
    const wrong = { ...E, rows: 32, columns: 5 }
    await expect(collectRun(specification(), { initial: { parameters: { E: wrong } } })).rejects.toMatchObject({
      code: 'INVALID_FILE',
      message: 'E is 32 × 5; this specification needs 5 × 32',
    })
    await expect(collectRun(specification({}, { initialization: { kind: 'file', path: 'a.npz' } }))).rejects.toThrow(
      expect.objectContaining({ code: 'INVALID_SPECIFICATION' }),
    )
    const train = Int32Array.from({ length: 14 }, (_, i) => i)
    const narrow = { rows: 5, columns: 12, data: E.data.slice(0, 60) }
    const spec = specification({}, { network: { hidden: 12 } })
    await expect(collectRun(spec, { initial: { parameters: { E: narrow }, train } })).rejects.toThrow(
      /below the 14 training pairs/,
    )
  })
})

describe('a stiff start: HHᵀ nearly singular', () => {
  // Not many more units than training pairs, 14 and 12.
  const stiff = (integrator: IntegratorSpec) =>
    collectRun(
      specification(
        { integrator, steps: 30 },
        { network: { hidden: 14, activation: 'tanh' }, record: { measureEvery: 1, snapshots: [] } },
      ),
    )
  const normsOf = (events: readonly RunEvent[]) =>
    eventsOf(events, 'measured').map(({ values }) => values.firstLayerNormSquared!)

  it('throws Euler off the flow, which the local error shows, and no accurate integrator', async () => {
    const euler = await stiff({ kind: 'euler', stepSize: 1e-3 })
    const accurate = await stiff({ kind: 'dormandPrince', stepSize: 1e-3, tolerance: 1e-6 })
    const [flagged] = eventsOf(euler, 'event').filter(({ name }) => name === 'localErrorExceeded')
    expect(flagged!.step).toBe(1)
    expect(flagged!.value).toBeGreaterThan(0.05)
    expect(eventsOf(euler, 'settled')[0]!.report!.largestLocalError).toBeGreaterThanOrEqual(flagged!.value)
    expect(Math.max(...normsOf(euler))).toBeGreaterThan(2 * Math.max(...normsOf(accurate)))
    expect(eventsOf(accurate, 'event').map(({ name }) => name)).not.toContain('localErrorExceeded')
    expect(eventsOf(accurate, 'settled')[0]!.report!.largestLocalError).toBe(0)
  })
})

describe('the objective R', () => {
  it.each([
    { activation: 'tanh', ridge: 0 },
    { activation: 'quadratic', ridge: 0 },
    { activation: 'relu', ridge: 0.05 },
    { activation: 'gelu', ridge: 1 },
  ] as const)('never rises along an accurate integration ($activation, λ = $ridge)', async ({ activation, ridge }) => {
    for (const kind of ['euler', 'heun', 'dormandPrince'] as const) {
      const integrator: IntegratorSpec = { kind, stepSize, tolerance: 1e-3 }
      const events = await collectRun(
        specification({ integrator, ridge }, { network: { hidden: 16, activation }, record: { measureEvery: 1 } }),
      )
      const objective = eventsOf(events, 'measured').map(({ values }) => values.ridgeObjective!)
      expect(objective.length).toBe(41)
      objective.slice(1).forEach((value, i) => expect(value).toBeLessThanOrEqual(objective[i]!))
      expect(objective.at(-1)).toBeLessThan(0.9 * objective[0]!)
    }
  })

  it('and the state agree between integrators that are accurate', async () => {
    const ends = await Promise.all(
      [
        { kind: 'heun', stepSize, tolerance: 1e-8 } as const,
        { kind: 'dormandPrince', stepSize, tolerance: 1e-11 } as const,
      ].map(async (integrator) => {
        const events = await collectRun(
          specification({ integrator, ridge: 0.1 }, { network: { hidden: 16, activation: 'tanh' } }),
        )
        return snapshotAt(events, 40).matrices['E']!.data
      }),
    )
    expect(largestDifference(ends[0]!, ends[1]!)).toBeLessThan(1e-6)
  })
})

it.each([2, 3])('runs on the smallest tasks (p = %i)', async (modulus) => {
  const spec = specification({ ridge: 0.1 }, { task: { kind: 'modularAddition', modulus, trainFraction: 0.6 } })
  expect((await collectRun(spec)).at(-1)).toMatchObject({ status: 'finished', step: 40 })
})

describe('a run that ends after an event', () => {
  const memorizing = (stop?: ComposedInput['stop'], change: Partial<Training> = {}) =>
    runSpec({
      task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.8 },
      network: { hidden: 32, activation: 'tanh' },
      dynamics: { kind: 'training', optimizer: 'adamw', learningRate: 0.02, weightDecay: 0.1, steps: 300, ...change },
      record: { measureEvery: 7, snapshots: [3, 20] },
      ...(stop ? { stop } : {}),
    } as ComposedInput)

  it('ends so many steps later, finished, with its state kept, and is until then the run that goes on', async () => {
    const whole = await collectRun(memorizing())
    const { step } = eventsOf(whole, 'event').find(({ name }) => name === 'memorized')!
    const run = await collectRun(memorizing({ after: 'memorized', steps: 17 }))
    const end = step + 17
    expect([step > 20, end % 7 === 0]).toEqual([true, false])
    expect(run.at(-1)).toMatchObject({
      type: 'settled',
      status: 'finished',
      step: end,
      message: 'ended before its 300 steps, 17 steps after "memorized", as asked',
    })
    expect(snapshotAt(run, end)).toMatchObject({ reason: 'final' })
    const until = (events: readonly RunEvent[]) =>
      eventsOf(events, 'measured')
        .filter((row) => row.step < end)
        .map(({ values }) => values)
    expect(until(run)).toEqual(until(whole))
  })

  it.each([0, 1])(
    'ends with the step at which its clock has gone so much further, on every schedule (%j)',
    async (i) => {
      const schedule = [undefined, { shape: 'cosine', warmupSteps: 10 } as const][i]
      const spec = memorizing({ after: 'memorized', decayTime: 0.05 }, schedule ? { schedule } : {})
      const run = await collectRun(spec)
      const from = eventsOf(run, 'event').find(({ name }) => name === 'memorized')!
      const end = eventsOf(run, 'settled')[0]!
      expect(end.step).toBeLessThan(300)
      expect(end.tau - from.tau).toBeGreaterThanOrEqual(0.05 - 1e-12)
      expect(clockAt(spec, end.step - 1) - from.tau).toBeLessThan(0.05)
    },
  )

  it('has all its steps where the event does not come, or comes too late', async () => {
    for (const stop of [
      { after: 'stalled', steps: 1 },
      { after: 'memorized', steps: 290 },
    ] as const) {
      const settled = (await collectRun(memorizing(stop))).at(-1)
      expect(settled).toMatchObject({ status: 'finished', step: 300 })
      expect(settled).not.toHaveProperty('message')
    }
  })

  it('ends at the same step, with the same bits, from whichever snapshot it is resumed', async () => {
    const spec = memorizing({ after: 'memorized', steps: 17 })
    const whole = await collectRun(spec)
    for (const { snapshot } of eventsOf(whole, 'snapshot')) {
      const resumed = await collectRun(spec, { resumeFrom: structuredClone(snapshot) })
      expect(computed(resumed, snapshot.step)).toEqual(computed(whole, snapshot.step))
    }
  })

  it.each(named)('does so under every integrator ($name)', async ({ integrator }) => {
    const spec = specification({ integrator }, { stop: { after: 'memorized', steps: 17 } })
    const whole = await collectRun(spec)
    expect(whole.at(-1)).toMatchObject({ status: 'finished', step: 17 })
    for (const { snapshot } of eventsOf(whole, 'snapshot')) {
      const resumed = await collectRun(spec, { resumeFrom: structuredClone(snapshot) })
      expect(computed(resumed, snapshot.step)).toEqual(computed(whole, snapshot.step))
    }
  })
})
