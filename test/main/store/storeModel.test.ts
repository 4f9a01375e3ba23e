import { rmSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Archive } from '../../../src/main/store/archive.ts'
import { rowsPerPart } from '../../../src/main/store/measurements.ts'
import { requests } from '../../../src/shared/contract.ts'
import { filterRuns } from '../../../src/shared/query/filterRuns.ts'
import { runColumns } from '../../../src/shared/query/runColumns.ts'
import { groupings, shelfOf, shelves, type Shelf } from '../../../src/shared/query/runTable.ts'
import {
  isSettled,
  type Measurements,
  type RunEvent,
  type RunEventBody,
  type RunMoments,
  type RunStatus,
  type Snapshot,
} from '../../../src/shared/run.ts'
import { runEventNames } from '../../../src/shared/runEventNames.ts'
import { eventsOf, measured, settled, smallSpec, snapshot, started, temporaryArchives } from '../../support/archive.ts'
import { tablePage } from '../../support/referenceTable.ts'

/** A run as one would keep it in memory. */
interface ModelRun {
  id: string
  seed: number
  activation: string
  name: string
  notes: string
  tags: string[]
  shelf: Shelf
  status: RunStatus
  steps: number
  step: number
  sequence: number
  hasStarted: boolean
  rows: { step: number; values: Measurements }[]
  latest: Measurements
  events: RunMoments
  snapshots: Map<number, Snapshot>
  /** What it told last. */
  told: RunEvent[]
}

interface ModelExperiment {
  id: string
  name: string
  createdAt: number
  runs: ModelRun[]
}

interface Model {
  experiments: ModelExperiment[]
  /** What is in a second archive beside, once there is one. */
  elsewhere: ModelExperiment[]
}

interface Real {
  archive: Archive
  /** Where the second archive lies. */
  elsewhere: string
}

const names = ['trainLoss', 'testAccuracy', 'conditionNumber'] as const
const numbers = fc.oneof(fc.double(), fc.constantFrom(NaN, -0, 0, Infinity, -Infinity, 5e-324))
const noInput = fc.constant(null)
/** More than any run here comes to. */
const steps = 1e6

const runsOf = (experiments: readonly ModelExperiment[]) => experiments.flatMap(({ runs }) => runs)
const isRunning = ({ status }: ModelRun) => status === 'running'
const isOver = ({ status }: ModelRun) => isSettled(status)

/** A command on some run of which it can be given. */
function command<Input>(
  name: string,
  input: fc.Arbitrary<Input>,
  canBe: (run: ModelRun) => boolean,
  give: (run: ModelRun, input: Input, model: Model, real: Real) => unknown,
): fc.Arbitrary<fc.AsyncCommand<Model, Real>> {
  return fc.tuple(fc.nat(20), input).map(([place, given]) => ({
    check: ({ experiments }) => runsOf(experiments).some(canBe),
    async run(model, real) {
      const possible = runsOf(model.experiments).filter(canBe)
      await vi.advanceTimersByTimeAsync(1000)
      await give(possible[place % possible.length]!, given, model, real)
      expectSame(model, real)
    },
    toString: () => `${name}(${place}, ${fc.stringify(given)})`,
  }))
}

/** A command on the archive as a whole. */
function commandOnAll<Input>(
  name: string,
  input: fc.Arbitrary<Input>,
  canBe: (model: Readonly<Model>) => boolean,
  give: (input: Input, model: Model, real: Real) => unknown,
): fc.Arbitrary<fc.AsyncCommand<Model, Real>> {
  return input.map((given) => ({
    check: canBe,
    async run(model, real) {
      await vi.advanceTimersByTimeAsync(1000)
      await give(given, model, real)
      expectSame(model, real)
    },
    toString: () => `${name}(${fc.stringify(given)})`,
  }))
}

/** What a run tells, in the archive and in the model. */
function tell(archive: Archive, run: ModelRun, bodies: readonly RunEventBody[]): void {
  run.told = eventsOf(run.id, bodies, run.sequence + 1)
  archive.applyEvents(run.told)
  run.sequence += bodies.length
  for (const body of bodies) hear(run, body)
}

function hear(run: ModelRun, event: RunEventBody): void {
  switch (event.type) {
    case 'started':
      Object.assign(run, { status: 'running', step: event.step, hasStarted: true })
      break
    case 'measured': {
      const { step, values } = event
      if (step > (run.rows.at(-1)?.step ?? -1)) run.rows.push({ step, values })
      const { conditionNumber: _, ...summarized } = values
      for (const [name, value] of Object.entries(summarized)) {
        // Lists have no sign of zero: SQLite keeps none.
        if (!Number.isNaN(value)) run.latest[name as keyof Measurements] = value + 0
      }
      run.step = step
      break
    }
    case 'event': {
      const { name, step, tau, value } = event
      run.events[name] ??= { step, tau, value }
      break
    }
    case 'snapshot': {
      const { step, reason } = event.snapshot
      const known = run.snapshots.get(step)?.reason ?? reason
      const order = ['checkpoint', 'scheduled', 'initial', 'event', 'final'] as const
      const kept = order.indexOf(known) > order.indexOf(reason) ? known : reason
      run.snapshots.set(step, { ...event.snapshot, reason: kept })
      if (reason !== 'checkpoint' && reason !== 'final') break
      for (const [at, other] of run.snapshots) {
        if (other.reason === 'checkpoint' && at !== step) run.snapshots.delete(at)
      }
      break
    }
    case 'settled':
      Object.assign(run, { status: event.status, step: event.step })
  }
}

const lastSnapshot = ({ snapshots }: ModelRun) => Math.max(0, ...snapshots.keys())

const rowsOf = (step: number, values: readonly Measurements[]) => values.map((each, i) => measured(step + 1 + i, each))

const create = commandOnAll(
  'create',
  fc.record({ count: fc.integer({ min: 1, max: 3 }), activation: fc.constantFrom('relu', 'quadratic') }),
  ({ experiments }) => runsOf(experiments).length < 6,
  ({ count, activation }, { experiments }, { archive }) => {
    const seeds = Array.from({ length: count }, (_, seed) => seed)
    const { experimentId, runIds } = archive.runs.createExperiment({
      spec: smallSpec({ seeds, network: { hidden: 16, activation }, dynamics: { kind: 'isolated', steps } }),
    })
    const runs = runIds.map((id, seed): ModelRun => ({
      ...{ id, seed, activation, name: `small, seed ${seed}`, notes: '', tags: [], shelf: 'library', status: 'queued' },
      ...{ steps, step: 0, sequence: -1, hasStarted: false, rows: [], latest: {}, events: {}, told: [] },
      snapshots: new Map(),
    }))
    experiments.unshift({ id: experimentId, name: 'small', createdAt: Date.now(), runs })
  },
)

const start = command(
  'start',
  noInput,
  ({ status }) => status === 'queued',
  (run, _, __, { archive }) => tell(archive, run, [{ ...started, step: lastSnapshot(run) } as RunEventBody]),
)

const values: fc.Arbitrary<Measurements> = fc.record(Object.fromEntries(names.map((name) => [name, numbers])), {
  requiredKeys: [],
  noNullPrototype: true,
})

const measure = command(
  'measure',
  fc.array(values, { minLength: 1, maxLength: 5 }),
  isRunning,
  (run, rows, _, { archive }) => tell(archive, run, rowsOf(run.step, rows)),
)

const sealPart = command(
  'sealPart',
  fc.integer({ min: rowsPerPart - 2, max: rowsPerPart + 2 }),
  isRunning,
  (run, count, _, { archive }) =>
    tell(
      archive,
      run,
      rowsOf(
        run.step,
        Array.from({ length: count }, (_, i) => ({ trainLoss: Math.sin(i) })),
      ),
    ),
)

const keepSnapshot = command(
  'keepSnapshot',
  fc.constantFrom('scheduled' as const, 'checkpoint' as const, 'event' as const),
  isRunning,
  (run, reason, _, { archive }) => tell(archive, run, [snapshot(run.step, { reason })]),
)

const detect = command('detect', fc.constantFrom(...runEventNames), isRunning, (run, name, _, { archive }) =>
  tell(archive, run, [{ type: 'event', name, step: run.step, tau: run.step / 1000, value: 0.5 }]),
)

const tellAgain = command(
  'tellAgain',
  noInput,
  ({ told }) => told.length > 0,
  (run, _, __, { archive }) => archive.applyEvents(run.told),
)

const tellOfStranger = command('tellOfStranger', numbers, isRunning, (run, value, _, { archive }) => {
  const rows = rowsOf(run.step, [{ conditionNumber: value }])
  const [stranger] = eventsOf('nobody', rows)
  const batch = [...eventsOf(run.id, [...rows, snapshot(run.step), settled()], run.sequence + 1), stranger!]
  expect(() => archive.applyEvents(batch)).toThrow('there is no run "nobody"')
})

const settle = command(
  'settle',
  fc.constantFrom('finished' as const, 'failed' as const, 'cancelled' as const),
  isRunning,
  (run, status, _, { archive }) => {
    const last = status === 'finished' ? [snapshot(run.step, { reason: 'final' })] : []
    tell(archive, run, [...last, settled({ status, step: run.step })])
  },
)

const resume = command(
  'resume',
  noInput,
  (run) => isOver(run) && run.status !== 'finished' && run.shelf !== 'bin',
  (run, _, __, { archive }) => {
    archive.runs.requeue(run.id)
    Object.assign(run, { status: 'queued', told: [] })
  },
)

const extend = command(
  'extend',
  fc.integer({ min: 1, max: 50 }),
  (run) => run.status === 'finished' && run.shelf !== 'bin',
  (run, more, _, { archive }) => {
    archive.runs.requeue(run.id, { steps: run.steps + more })
    Object.assign(run, { status: 'queued', told: [], steps: run.steps + more })
    for (const [step, kept] of run.snapshots) {
      if (kept.reason === 'final') run.snapshots.set(step, { ...kept, reason: 'scheduled' })
    }
  },
)

const anyRun = () => true
const word = fc.constantFrom('a', 'b', 'late bloomer', 'p = 5', '%')

const rename = command('rename', word, anyRun, (run, name, _, { archive }) => {
  archive.library.rename(run.id, name)
  archive.library.annotate(run.id, `${name}\n`)
  Object.assign(run, { name, notes: `${name}\n` })
})

const renameExperiment = command('renameExperiment', word, anyRun, (run, name, { experiments }, { archive }) => {
  const experiment = experiments.find(({ runs }) => runs.includes(run))!
  archive.library.renameExperiment(experiment.id, name)
  experiment.name = name
})

const tag = command('tag', fc.tuple(word, word), anyRun, (run, [add, remove], _, { archive }) => {
  archive.library.tag([run.id], { add: [add], remove: [remove] })
  run.tags = [...new Set([...run.tags.filter((each) => each !== remove), add])].sort()
})

const tagAndUndo = command(
  'tagAndUndo',
  fc.tuple(word, word),
  anyRun,
  (_, [add, remove], { experiments }, { archive }) => {
    const runIds = runsOf(experiments).map(({ id }) => id)
    for (const { runIds: tagged, ...back } of archive.library.tag(runIds, { add: [add], remove: [remove] })) {
      archive.library.tag(tagged, back)
    }
  },
)

const move = command('move', fc.constantFrom(...shelves), anyRun, (run, to, _, { archive }) => {
  if (to === 'bin' && !isOver(run)) {
    expect(() => archive.library.move([run.id], to)).toThrow(`run ${run.id} is ${run.status}; cancel it before`)
  } else {
    archive.library.move([run.id], to)
    run.shelf = to
  }
})

const moveAndUndo = command(
  'moveAndUndo',
  fc.constantFrom(...shelves),
  isOver,
  (_, to, { experiments }, { archive }) => {
    const over = runsOf(experiments).filter(isOver)
    const back = archive.library.move(
      over.map(({ id }) => id),
      to,
    )
    for (const { runIds, to: former } of back) archive.library.move(runIds, former)
  },
)

const purge = command('purge', noInput, isOver, (run, _, model, { archive }) => {
  if (run.shelf !== 'bin') {
    expect(() => archive.library.purge([run.id])).toThrow(`run ${run.id} is not in the bin`)
    archive.library.move([run.id], 'bin')
  }
  archive.library.purge([run.id])
  for (const experiment of model.experiments) experiment.runs = experiment.runs.filter((each) => each !== run)
  model.experiments = model.experiments.filter(({ runs }) => runs.length > 0)
})

const takeBack = command('takeBack', word, anyRun, (run, text, _, { archive }) => {
  const change = () => {
    archive.library.rename(run.id, text)
    archive.library.tag([run.id], { add: [text] })
    throw new RangeError('changed my mind')
  }
  expect(() => archive.together(change)).toThrow('changed my mind')
})

const reopen = commandOnAll('reopen', noInput, anyRun, (_, { experiments }, real) => {
  real.archive.close()
  real.archive = open(real.archive.path)
  const running = runsOf(experiments).filter(isRunning)
  expect(real.archive.runs.markInterrupted().sort()).toEqual(running.map(({ id }) => id).sort())
  for (const run of running) run.status = 'interrupted'
})

const exportAll = commandOnAll(
  'exportAll',
  noInput,
  ({ experiments }) => experiments.length > 0,
  async (_, model, { archive, elsewhere }) => {
    rmSync(elsewhere, { force: true })
    await archive.exchange.exportRuns(
      runsOf(model.experiments).map(({ id }) => id),
      elsewhere,
    )
    model.elsewhere = structuredClone(model.experiments)
  },
)

const computeElsewhere = commandOnAll(
  'computeElsewhere',
  fc.array(values, { minLength: 1, maxLength: 3 }),
  ({ elsewhere }) => runsOf(elsewhere).some(({ status }) => status === 'queued'),
  (rows, model, { elsewhere }) => {
    const run = runsOf(model.elsewhere).find(({ status }) => status === 'queued')!
    const archive = open(elsewhere)
    const step = lastSnapshot(run)
    tell(archive, run, [{ ...started, step } as RunEventBody, ...rowsOf(step, rows), settled({ step })])
    archive.close()
  },
)

const importAll = commandOnAll(
  'importAll',
  noInput,
  ({ elsewhere }) => elsewhere.length > 0,
  (_, model, { archive, elsewhere }) => {
    const { imported, alreadyPresent, refused } = archive.exchange.importRuns(elsewhere)
    expect(refused).toEqual([])
    // Two that are alike there are two here as well, unless one was here before.
    const present = new Set(runsOf(model.experiments).filter(isOver).map(resultOf))
    const ids = [...imported]
    for (const { id: experimentId, name, createdAt, runs } of model.elsewhere) {
      for (const run of runs) {
        const isHere = present.has(resultOf(run))
        expect([run.id, alreadyPresent.includes(run.id)]).toEqual([run.id, isHere])
        if (isHere) continue
        const status = isOver(run) ? run.status : 'interrupted'
        const taken = { ...structuredClone(run), id: ids.shift()!, status, told: [] }
        const isFree = runsOf(model.experiments).every(({ id }) => id !== run.id)
        expect(taken.id === run.id).toBe(isFree)
        const home = model.experiments.find(({ id }) => id === experimentId)
        if (home) home.runs.push(taken)
        else model.experiments.push({ id: experimentId, name, createdAt, runs: [taken] })
      }
    }
    expect(ids).toEqual([])
    model.experiments.sort((a, b) => b.createdAt - a.createdAt)
  },
)

/** What is equal for runs that are one to an import. */
function resultOf({ seed, activation, steps, hasStarted, rows, snapshots }: ModelRun): string {
  const columns = names.filter((name) => rows.some(({ values }) => name in values))
  const measured = rows.map((row) => [row.step, ...columns.map((name) => row.values[name] ?? NaN)])
  const kept = [...snapshots.values()].filter(({ reason }) => reason !== 'checkpoint').map(({ step }) => step)
  return fc.stringify([seed, activation, steps, hasStarted, columns, measured, kept.sort((a, b) => a - b)])
}

/** What the archive answers is what is in the model. */
function expectSame({ experiments }: Model, { archive }: Real): void {
  const all = archive.runs.listRuns({ includeBinned: true })
  expect(all.map(({ id }) => id)).toEqual(runsOf(experiments).map(({ id }) => id))
  for (const { name: experiment, runs } of experiments) {
    for (const run of runs) expectSameRun(run, experiment, archive)
  }
  const where = 'not (testAccuracy > 0 or is:binned) or tag:a or status:interrupted'
  expect(archive.runs.listRuns({ where, includeBinned: true })).toEqual(filterRuns(where, all))
  // Another table after each command.
  const turn = Date.now() / 1000
  const question = requests['run.table'].parse({
    ...{ shelf: shelves[turn % shelves.length], grouping: groupings[turn % groupings.length] },
    ...{ terms: [], without: [], folded: [], columns: runColumns.map(({ id }) => id), from: 0, count: 60 },
    sort: { by: runColumns[turn % runColumns.length]!.id, descending: turn % 2 === 0 },
  })
  expect(archive.tables.page(question)).toEqual(tablePage(all, question))
}

function expectSameRun(model: ModelRun, experiment: string, archive: Archive): void {
  const { id, seed, name, notes, tags, status, steps, step, rows, latest, events, shelf } = model
  const run = archive.runs.run(id)
  expect(run).toMatchObject({ id, seed, name, notes, tags, status, steps, step, experiment })
  expect([run.latest, run.events, shelfOf(run)]).toEqual([latest, events, shelf])
  expect(archive.runs.nextSequence(id)).toBe(model.sequence + 1)
  if (!isOver(model)) expect(run.contentHash).toBeNull()
  expect(archive.integrity.checkWhole(id).findings).toEqual([])
  expectSameCurves(model, archive)
  const snapshots = [...model.snapshots.values()].sort((a, b) => a.step - b.step)
  const found = archive.snapshots.listSnapshots(id).map((listed) => archive.snapshots.readSnapshot(id, listed.step))
  expect(found).toEqual(snapshots)
  expect(archive.snapshots.latestStep(id)).toBe(snapshots.at(-1)?.step)
  expect(run.measured).toEqual(expect.arrayContaining(rows.flatMap(({ values }) => Object.keys(values))))
}

function expectSameCurves({ id, rows }: ModelRun, { curves }: Archive): void {
  const whole = curves.readCurves(id, names)
  const coarse = curves.readCurves(id, names, { points: 4 })
  for (const name of names) {
    const isMeasured = rows.some(({ values }) => name in values)
    const { step, value } = whole[name]
    expect(step).toEqual(Float64Array.from(isMeasured ? rows : [], (row) => row.step))
    expect(value).toEqual(Float64Array.from(isMeasured ? rows : [], ({ values }) => values[name] ?? NaN))
    const there = value.filter((each) => !Number.isNaN(each))
    if (there.length > 0) {
      expect(coarse[name].value).toContain(there.reduce((a, b) => Math.max(a, b)))
      expect(coarse[name].value).toContain(there.reduce((a, b) => Math.min(a, b)))
    }
    coarse[name].step.forEach((at, i) => expect(coarse[name].value[i]).toBe(value[step.indexOf(at)]))
  }
}

const { folder, open } = temporaryArchives()

describe('an archive, whatever is done to it in whichever order', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: new Date(2026, 10, 1) }))
  afterEach(() => void vi.useRealTimers())

  it('answers as a model in memory does, also when it is opened again', async () => {
    const life = [create, start, start, measure, measure, measure, keepSnapshot, detect, settle, settle, resume, extend]
    const told = [sealPart, tellAgain, tellOfStranger, takeBack]
    const library = [rename, renameExperiment, tag, tagAndUndo, move, moveAndUndo, purge]
    const files = [reopen, exportAll, computeElsewhere, importAll]
    await fc.assert(
      fc.asyncProperty(
        fc.commands([...life, ...life, ...told, ...library, ...files], { size: 'large', maxCommands: 40 }),
        async (commands) => {
          const archive = open()
          const real = { archive, elsewhere: join(folder(), 'elsewhere.grokscope') }
          await fc.asyncModelRun(() => ({ model: { experiments: [], elsewhere: [] }, real }), commands)
          real.archive.close()
        },
      ),
      { numRuns: 30 },
    )
  })
})
