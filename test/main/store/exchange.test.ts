import { maxFigures } from '../../../src/main/store/figures.ts'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import DatabaseConstructor from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { Archive } from '../../../src/main/store/archive.ts'
import { toRunSpec } from '../../../src/shared/experiment.ts'
import { createComposition, type Composition } from '../../../src/shared/figures/composition.ts'
import type { RunEventBody } from '../../../src/shared/run.ts'
import {
  eventsOf,
  measured,
  noFigures,
  provenance,
  settled,
  smallSpec,
  snapshot,
  started,
  temporaryArchives,
  trainPairs,
  writeAsStored,
} from '../../support/archive.ts'
import { datasetTask } from '../../support/datasetTask.ts'
import { filesOpenHere } from '../../support/folders.ts'
import { newerKinds, storeNewerRun } from '../../support/newerRuns.ts'

const { folder, open } = temporaryArchives()

const longSpec = (changes: Record<string, unknown> = {}) =>
  smallSpec({ dynamics: { kind: 'isolated', steps: 1499 }, ...changes })

function story(seed: number, change = 0) {
  const rows = Array.from({ length: 1500 }, (_, step) => measured(step, { trainLoss: Math.sin(step + seed + change) }))
  const halfRise = { type: 'event', name: 'halfRise', step: 5, tau: 0.005, value: 0.5 } as const
  return [started, ...rows, halfRise, snapshot(seed), snapshot(1499, { reason: 'final' }), settled()]
}

/** Three finished runs, a branch of the first, and one that has only been queued. */
function filled(): { archive: Archive; runIds: string[] } {
  const archive = open()
  const spec = longSpec({ seeds: [0, 1, 2] })
  const { experimentId, runIds } = archive.runs.createExperiment({ spec, figure: 'musat2025/fig6' })
  for (const [seed, runId] of runIds.entries()) archive.applyEvents(eventsOf(runId, story(seed)))
  const branch = archive.runs.addRun(experimentId, { spec: toRunSpec(spec, 8), parent: { runId: runIds[0]!, step: 0 } })
  archive.applyEvents(eventsOf(branch, story(8)))
  archive.library.tag(runIds, { add: ['mine'] })
  archive.library.annotate(runIds[1]!, 'a note')
  const queued = archive.runs.createExperiment({ spec: smallSpec({ name: 'later' }) }).runIds
  return { archive, runIds: [...runIds, branch, ...queued] }
}

function contents(archive: Archive, runId: string) {
  return {
    run: archive.runs.run(runId),
    curves: archive.curves.readCurves(runId, ['trainLoss']),
    snapshots: archive.snapshots.listSnapshots(runId).map(({ step }) => archive.snapshots.readSnapshot(runId, step)),
  }
}

describe('exported runs', () => {
  it('are one archive file with all that belongs to them', async () => {
    const { archive, runIds } = filled()
    const path = join(folder(), 'two.grokscope')
    await archive.exchange.exportRuns(runIds.slice(1, 3), path)
    expect(readdirSync(dirname(path))).toEqual(['two.grokscope'])
    expect(filesOpenHere().filter((file) => file.startsWith(dirname(path)))).toEqual([])
    const other = open(path, { readOnly: true })
    expect(other.runs.listRuns().map(({ id }) => id)).toEqual(runIds.slice(1, 3))
    for (const runId of runIds.slice(1, 3)) expect(contents(other, runId)).toEqual(contents(archive, runId))
  })

  it('are not written over a file that is there, nor partly where one is unknown', async () => {
    const { archive, runIds } = filled()
    const path = join(folder(), 'taken')
    writeFileSync(path, 'precious')
    await expect(archive.exchange.exportRuns(runIds, path)).rejects.toThrow(`${path} is there already`)
    expect(readFileSync(path, 'utf8')).toBe('precious')
    const fresh = join(folder(), 'fresh')
    await expect(archive.exchange.exportRuns([runIds[0]!, 'nobody'], fresh)).rejects.toThrow('there is no run "nobody"')
    expect(existsSync(fresh)).toBe(false)
    expect(readdirSync(dirname(fresh))).toEqual([])
  })
})

describe('figures of imported runs', () => {
  it('come with them once, and show the runs that theirs are here', () => {
    const { archive, runIds } = filled()
    const [one, two] = runIds as [string, string]
    const circles = { id: 'p', source: { kind: 'circles', runId: one, step: 'last', layer: 'E' } } as const
    const curves = {
      id: 'q',
      source: {
        kind: 'runs',
        runIds: [two, 'gone'],
        measurement: 'testMse',
        axis: 'step',
        vertical: 'log',
        spread: 'runs',
      },
    } as const
    const held = {
      id: 'r',
      source: { kind: 'theory', runIds: [one, two], reference: two, picture: 'pace', axis: 'step' },
    } as const
    const beside = { id: 's', source: { ...circles.source, archive: '/of the same run.grokscope' } } as const
    const figure = { ...createComposition('carried'), panels: [circles, curves, held, beside] } as Composition
    archive.figures.write(figure.id, JSON.stringify(figure), null)
    archive.figures.write('another', '{}', null)
    archive.close()
    // Of the same runs under other ids.
    const { archive: target, runIds: here } = filled()
    target.figures.write('own', '[]', null)
    expect(target.exchange.importRuns(archive.path, runIds).figures).toBe(0)
    expect(target.exchange.importRuns(archive.path).figures).toBe(2)
    expect(target.exchange.importRuns(archive.path).figures).toBe(0)
    const figures = target.figures.list()
    expect(figures.map(({ id }) => id)).toEqual(['another', figure.id, 'own'])
    expect(figures.map(({ document }) => JSON.parse(document!) as unknown)).toEqual([
      {},
      {
        ...figure,
        panels: [
          { ...circles, source: { ...circles.source, runId: here[0] } },
          { ...curves, source: { ...curves.source, runIds: [here[1], 'gone'] } },
          { ...held, source: { ...held.source, runIds: [here[0], here[1]], reference: here[1] } },
          beside,
        ],
      },
      [],
    ])
  })

  it('are counted where they are left out: as another form of them is here, or as there is no room', () => {
    const { archive } = filled()
    for (const id of ['same', 'changed', 'older', 'newer']) archive.figures.write(id, JSON.stringify({ id }), null)
    archive.close()
    const { archive: target } = filled()
    target.figures.write('same', '{"id":"same"}', null)
    target.figures.write('changed', '{"id":"changed","name":"here"}', null)
    target.together(() => {
      for (let k = 3; k < maxFigures; k++) target.figures.write(`own ${k}`, '{}', null)
    })
    const taken = target.exchange.importRuns(archive.path)
    expect(taken).toMatchObject({ figures: 1, figuresDiffering: 1, figuresWithoutRoom: 1 })
    const figures = target.figures.list()
    expect(figures.map(({ id }) => id)).not.toContain('older')
    expect(figures.find(({ id }) => id === 'changed')!.document).toBe('{"id":"changed","name":"here"}')
  })
})

describe('imported runs', () => {
  it('are as they were, under their own ids and experiments', () => {
    const { archive, runIds } = filled()
    archive.close()
    const target = open()
    const outcome = target.exchange.importRuns(archive.path)
    expect(outcome).toEqual({ imported: runIds, alreadyPresent: [], refused: [], ...noFigures })
    const source = open(archive.path, { readOnly: true })
    for (const runId of runIds.slice(0, 4)) expect(contents(target, runId)).toEqual(contents(source, runId))
    expect(target.runs.status(runIds[4]!)).toBe('interrupted')
    expect(new Set(target.runs.listRuns().map(({ experimentId }) => experimentId)).size).toBe(2)
  })

  it('are recognized when they come again, even from another computation of the same bits', () => {
    const { archive, runIds } = filled()
    const target = open()
    target.exchange.importRuns(archive.path)
    expect(target.exchange.importRuns(archive.path)).toEqual({
      imported: [],
      alreadyPresent: runIds,
      refused: [],
      ...noFigures,
    })
    expect(target.runs.listRuns()).toHaveLength(runIds.length)

    const elsewhere = filled()
    expect(elsewhere.runIds).not.toEqual(runIds)
    expect(target.exchange.importRuns(elsewhere.archive.path).imported).toEqual([])
    expect(target.runs.listRuns()).toHaveLength(runIds.length)
  })

  it('are two where two are alike there, each with its tags, and none when they come again', () => {
    const archive = open()
    const alike = ['one', 'other'].map((tag) => {
      const [runId] = archive.runs.createExperiment({ spec: longSpec() }).runIds as [string]
      archive.applyEvents(eventsOf(runId, story(0)))
      archive.library.tag([runId], { add: [tag] })
      return runId
    })
    archive.close()
    const target = open()
    expect(target.exchange.importRuns(archive.path).imported).toEqual(alike)
    expect(alike.flatMap((runId) => target.runs.summary(runId).tags)).toEqual(['one', 'other'])
    expect(target.exchange.importRuns(archive.path)).toEqual({
      imported: [],
      alreadyPresent: alike,
      refused: [],
      ...noFigures,
    })
  })

  it('are recognized however their specification is written: with fewer fields, under former names', () => {
    const { archive, runIds } = filled()
    const target = open()
    target.exchange.importRuns(archive.path)
    archive.close()
    const written = [
      `replace(spec, '"precision":"float64",', '')`,
      `replace(replace(spec, 'memorize', 'memorise'), 'generalize', 'generalise')`,
      `json_remove(spec, '$.record', '$.initialization', '$.dynamics.integrator', '$.network.activation')`,
      `json_set(spec, '$.name', 'another name')`,
    ]
    writeAsStored(archive.path, (database) => {
      written.forEach((spec, i) =>
        database.prepare(`UPDATE documents SET spec = ${spec} WHERE runId = ?`).run(runIds[i]),
      )
    })
    const [former, present] = [open(archive.path, { readOnly: true }), target].map(({ runs }) => runs.summaries(runIds))
    // All but the one that was called otherwise alone.
    for (const i of [0, 1, 2]) expect(former![i]!.contentHash).not.toBe(present![i]!.contentHash)
    expect(target.exchange.importRuns(archive.path)).toEqual({
      imported: [],
      alreadyPresent: runIds,
      refused: [],
      ...noFigures,
    })
  })

  it('are of one experiment where they were of one, however they come', async () => {
    const { archive, runIds } = filled()
    const target = open()
    for (const runId of runIds.slice(0, 4)) {
      const path = join(folder(), 'one.grokscope')
      await archive.exchange.exportRuns([runId], path)
      expect(target.exchange.importRuns(path).imported).toEqual([runId])
    }
    const experimentsOf = ({ runs }: Archive) => runs.summaries(runIds.slice(0, 4)).map((run) => run.experimentId)
    expect(new Set(experimentsOf(archive)).size).toBe(1)
    expect(experimentsOf(target)).toEqual(experimentsOf(archive))
  })

  it('have the data that they are of', async () => {
    const archive = open()
    const { task, dataset } = datasetTask({ X: new Float64Array(18).fill(0.5), Y: Int32Array.of(0, 1, 0, 1, 0, 1) })
    const { runIds } = archive.runs.createExperiment({ spec: smallSpec({ task }), dataset })
    const path = join(folder(), 'one.grokscope')
    await archive.exchange.exportRuns(runIds, path)
    const target = open()
    target.exchange.importRuns(path)
    for (const one of [open(path, { readOnly: true }), target]) expect(one.datasets.ofRun(runIds[0]!)).toEqual(dataset)
  })

  it('can be chosen', () => {
    const { archive, runIds } = filled()
    const target = open()
    expect(target.exchange.importRuns(archive.path, [runIds[2]!]).imported).toEqual([runIds[2]])
    const before = target.runs.listRuns()
    const partly = () => target.exchange.importRuns(archive.path, [runIds[0]!, 'nobody'])
    expect(partly).toThrow('there is no run "nobody"')
    expect(target.runs.listRuns()).toEqual(before)
  })

  it('get new ids where theirs are taken by others, and branches still know their parents', () => {
    const { archive, runIds } = filled()
    const target = open()
    target.exchange.importRuns(archive.path)
    const others = Int32Array.from(trainPairs).fill(1, 0, 1)
    for (const runId of runIds) {
      if (archive.runs.status(runId) === 'finished') archive.runs.requeue(runId, { steps: 2000 })
      const goesOn: RunEventBody[] = [{ type: 'started', step: 0, provenance, train: others }, settled()]
      archive.applyEvents(eventsOf(runId, goesOn, archive.runs.nextSequence(runId)))
    }
    archive.close()
    const { imported } = target.exchange.importRuns(archive.path)
    expect(imported).toHaveLength(runIds.length)
    expect(imported.filter((id) => runIds.includes(id))).toEqual([])
    expect(target.runs.summary(imported[3]!).parentRunId).toBe(imported[0])
    expect(target.runs.run(imported[0]!).train).toEqual(others)
    expect(target.runs.run(runIds[0]!).train).toEqual(trainPairs)
  })

  it('are read as they are now where one of the same id was read and removed before', async () => {
    const archive = open()
    const [runId] = archive.runs.createExperiment({ spec: smallSpec() }).runIds as [string]
    const path = join(folder(), 'elsewhere.grokscope')
    await archive.exchange.exportRuns([runId], path)
    const elsewhere = open(path)
    const compute = (changed: Archive, losses: number[]) => {
      const rows = losses.map((trainLoss, step) => measured(step, { trainLoss }))
      changed.applyEvents(eventsOf(runId, [started, ...rows, settled()]))
    }
    const losses = () => [...archive.curves.readCurves(runId, ['trainLoss']).trainLoss.value]
    compute(archive, [1, 2, 3])
    compute(elsewhere, [4, 5, 6])
    elsewhere.close()
    expect(losses()).toEqual([1, 2, 3])
    archive.library.move([runId], 'bin')
    archive.library.purge([runId])
    expect(archive.exchange.importRuns(path).imported).toEqual([runId])
    expect(losses()).toEqual([4, 5, 6])
  })

  it('go on after their own rows where one of the same id had been computed here and removed', async () => {
    const archive = open()
    const [runId] = archive.runs.createExperiment({ spec: smallSpec() }).runIds as [string]
    const rows = [1, 2, 3].map((trainLoss, step) => measured(step, { trainLoss }))
    archive.applyEvents(eventsOf(runId, [started, rows[0]!]))
    const path = join(folder(), 'early.grokscope')
    await archive.exchange.exportRuns([runId], path)
    archive.applyEvents(eventsOf(runId, rows.slice(1), 2))
    // Its worker has died.
    archive.runs.end([runId], { status: 'interrupted' })
    archive.library.move([runId], 'bin')
    archive.library.purge([runId])
    expect(archive.exchange.importRuns(path).imported).toEqual([runId])
    archive.runs.requeue(runId)
    archive.applyEvents(eventsOf(runId, [started, measured(1, { trainLoss: 9 })], 2))
    expect(archive.curves.readColumn(runId, 'trainLoss')).toEqual(Float64Array.of(1, 9))
    expect(archive.integrity.check(runId)).toMatchObject({ findings: [] })
  })

  it('go on where the others left off', () => {
    const { archive, runIds } = filled()
    const target = open()
    target.exchange.importRuns(archive.path)
    const runId = runIds[0]!
    target.runs.requeue(runId, { steps: 5000 })
    const next = target.runs.nextSequence(runId)
    target.applyEvents(
      eventsOf(runId, [started, measured(1499, { trainLoss: 9 }), measured(1500, { trainLoss: 9 })], next),
    )
    expect(target.curves.readCurves(runId, ['trainLoss']).trainLoss.value).toHaveLength(1501)
  })

  it.each([
    ['UPDATE matrices SET data = zeroblob(100) WHERE runId = $', /matrix \w of run \w+ at step \d+ is damaged/],
    ['UPDATE chunks SET data = zeroblob(length(data)) WHERE runId = $', /the measurements of run \w+ are damaged/],
    ["UPDATE documents SET spec = '{}' WHERE runId = $", /the specification of run \w+ is not valid|is damaged/],
    ['UPDATE runs SET steps = 999, trainPairs = 1 WHERE id = $', /its record is not what was stored/],
    ['UPDATE events SET tau = 7 WHERE runId = $', /its record is not what was stored/],
  ])('are those that are whole after %j, and it is told which are not, and why', (damage, finding) => {
    const { archive, runIds } = filled()
    archive.close()
    const database = new DatabaseConstructor(archive.path)
    database.exec(damage.replace('$', `'${runIds[1]}'`))
    database.close()
    const target = open()
    const { imported, refused } = target.exchange.importRuns(archive.path)
    expect(imported).toEqual(runIds.filter((id) => id !== runIds[1]))
    expect(refused.map(({ runId }) => runId)).toEqual([runIds[1]])
    expect(refused[0]!.findings.join('; ')).toMatch(finding)
    for (const run of target.runs.listRuns()) expect(target.integrity.checkWhole(run.id).findings).toEqual([])
  })
})

/** An archive of one experiment of two runs, closed: one finished, one that ended without telling. */
function short(): { path: string; runIds: [string, string]; experimentId: string } {
  const archive = open()
  const { experimentId, runIds } = archive.runs.createExperiment({ spec: smallSpec({ seeds: [0, 1] }) })
  const told = [started, measured(0, { trainLoss: 1 }), snapshot(0)]
  archive.applyEvents(eventsOf(runIds[0]!, [...told, settled()]))
  archive.applyEvents(eventsOf(runIds[1]!, told))
  archive.runs.end([runIds[1]!], { status: 'interrupted', error: { code: 'WORKER_DIED', message: 'gone' } })
  archive.close()
  return { path: archive.path, runIds: runIds as [string, string], experimentId }
}

function call(path: string, { runs = {}, experiments = {} }: Record<string, Record<string, string>>): void {
  writeAsStored(path, (database) => {
    database.pragma('foreign_keys = off')
    const rename = (table: string, column: string, names: Record<string, string>) => {
      const change = database.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${column} = ?`)
      for (const [from, to] of Object.entries(names)) change.run(to, from)
    }
    const columns = database
      .prepare("SELECT m.name, p.name FROM sqlite_schema m, pragma_table_info(m.name) p WHERE m.type = 'table'")
      .raw()
      .all() as [string, string][]
    for (const [table, column] of columns) {
      if (column === 'runId' || (table === 'runs' && column === 'id')) rename(table, column, runs)
      if (column === 'experimentId' || (table === 'experiments' && column === 'id')) rename(table, column, experiments)
    }
  })
}

describe('an import', () => {
  it.each([
    ['abcd', true],
    ['a1'.repeat(20), true],
    ['abc', false],
    ['a'.repeat(41), false],
    ['-abcd', false],
    ['abcd-', false],
    ['ABCD', false],
    ['../abcd', false],
  ])('keeps an id as the program makes them, and none that it could not be called by: %s, %s', (id, isKept) => {
    const { path, runIds, experimentId } = short()
    call(path, { runs: { [runIds[0]]: id }, experiments: { [experimentId]: id } })
    const target = open()
    const { imported, refused } = target.exchange.importRuns(path)
    expect([imported.length, refused]).toEqual([2, []])
    expect(imported[0] === id).toBe(isKept)
    for (const runId of imported) {
      expect(runId).toMatch(/^[a-z0-9]+$/)
      const experiment = target.runs.summary(runId).experimentId
      expect(experiment).toMatch(/^[a-z0-9]+$/)
      expect(experiment === id).toBe(isKept)
    }
    expect(new Set(target.runs.summaries(imported).map((run) => run.experimentId)).size).toBe(1)
  })

  it('knows a run again that ended here without telling, unless it is damaged here', () => {
    const { path, runIds } = short()
    const whole = open(short().path)
    expect(whole.exchange.importRuns(path)).toEqual({ imported: [], alreadyPresent: runIds, refused: [], ...noFigures })
    for (const run of whole.runs.listRuns()) expect(whole.integrity.check(run.id).hash).toBe('same')

    const damaged = short()
    const database = new DatabaseConstructor(damaged.path)
    database.prepare('UPDATE runs SET tau = 7 WHERE id = ?').run(damaged.runIds[1])
    database.close()
    const outcome = open(damaged.path).exchange.importRuns(path)
    expect(outcome).toEqual({ imported: [runIds[1]], alreadyPresent: [runIds[0]], refused: [], ...noFigures })
  })

  it('takes an experiment for the same only where it has the same specification and birth', () => {
    const { path, experimentId } = short()
    const other = short()
    call(other.path, { experiments: { [other.experimentId]: experimentId } })
    writeAsStored(other.path, (database) => {
      database.exec("UPDATE documents SET spec = json_set(spec, '$.network.hidden', 32); DELETE FROM snapshots")
    })
    const target = open()
    const first = target.exchange.importRuns(path).imported
    const second = target.exchange.importRuns(other.path).imported
    expect(second).toHaveLength(2)
    const experimentOf = (runIds: readonly string[]) => target.runs.summaries(runIds).map((run) => run.experimentId)
    expect(experimentOf(first)).toEqual([experimentId, experimentId])
    const [moved] = experimentOf(second)
    expect(moved).not.toBe(experimentId)
    expect(experimentOf(second)).toEqual([moved, moved])
  })

  it('of a branch names the parent as the one like it is called here, and as it was where that is not here', () => {
    const { archive, runIds } = filled()
    const branch = runIds[3]!
    archive.close()
    const alone = open()
    expect(alone.exchange.importRuns(archive.path, [branch]).imported).toEqual([branch])
    expect(alone.runs.summary(branch).parentRunId).toBe(runIds[0])
    const like = open()
    const [parent] = like.runs.createExperiment({ spec: longSpec() }).runIds as [string]
    like.applyEvents(eventsOf(parent, story(0)))
    const outcome = like.exchange.importRuns(archive.path, [runIds[0]!, branch])
    expect(outcome).toEqual({ imported: [branch], alreadyPresent: [runIds[0]], refused: [], ...noFigures })
    expect(like.runs.summary(branch).parentRunId).toBe(parent)
    const newestFirst = open()
    const [again] = newestFirst.runs.createExperiment({ spec: longSpec() }).runIds as [string]
    newestFirst.applyEvents(eventsOf(again, story(0)))
    expect(newestFirst.exchange.importRuns(archive.path, [branch, runIds[0]!]).imported).toEqual([branch])
    expect(newestFirst.runs.summary(branch).parentRunId).toBe(again)
  })

  it('refuses the runs of a newer version, and says what it does not know', () => {
    const { what, write, told } = newerKinds[4]!
    expect(what).toBe('an unknown event')
    const path = join(folder(), 'newer.grokscope')
    const { newer, other, waiting } = storeNewerRun(path, write)
    const { imported, refused } = open().exchange.importRuns(path)
    expect(imported.toSorted()).toEqual([other, waiting].toSorted())
    expect(refused).toEqual([{ runId: newer, findings: [expect.stringMatching(told)] }])
  })
})

it('an exported file gives back the room of what is removed, as an archive does', async () => {
  const { archive, runIds } = filled()
  const path = join(folder(), 'exported.grokscope')
  await archive.exchange.exportRuns([runIds[4]!], path)
  archive.close()
  const modes = [archive.path, path].map((file) => {
    const database = new DatabaseConstructor(file, { readonly: true })
    const mode = database.pragma('auto_vacuum', { simple: true })
    database.close()
    return mode
  })
  expect(modes[1]).toBe(modes[0])
})

describe('the content hash', () => {
  const hashOf = (archive: Archive, events: Parameters<typeof eventsOf>[1], spec = longSpec()) => {
    const [runId] = archive.runs.createExperiment({ spec }).runIds
    archive.applyEvents(eventsOf(runId!, events))
    return archive.runs.summary(runId!).contentHash
  }

  it('is of what was computed: equal for equal bits, different for one other bit', () => {
    const archive = open()
    const hash = hashOf(archive, story(0))
    expect(hash).toMatch(/^[0-9a-f]{64}$/)
    expect(hashOf(archive, story(0), longSpec({ name: 'another name' }))).toBe(hash)
    const later = story(0).map((body) => (body.type === 'measured' ? { ...body, seconds: 7 * body.seconds } : body))
    expect(hashOf(archive, later)).toBe(hash)

    const others = [
      hashOf(archive, story(0, 1e-16)),
      hashOf(archive, story(0), longSpec({ seeds: [1] })),
      hashOf(archive, story(0), longSpec({ record: { measureEvery: 9 } })),
      hashOf(archive, [...story(0).slice(0, -3), settled()]),
      hashOf(archive, [{ ...started, train: Int32Array.of(0, 3, 8) } as typeof started, ...story(0).slice(1)]),
    ]
    expect(new Set([hash, ...others]).size).toBe(others.length + 1)
  })

  it('does not depend on how the rows were sealed', () => {
    const archive = open()
    const whole = hashOf(archive, story(0))
    const [runId] = archive.runs.createExperiment({ spec: longSpec() }).runIds
    archive.applyEvents(eventsOf(runId!, [...story(0).slice(0, 700), settled({ status: 'cancelled' })]))
    archive.runs.requeue(runId!)
    archive.applyEvents(eventsOf(runId!, story(0), archive.runs.nextSequence(runId!)))
    expect(archive.runs.summary(runId!).contentHash).toBe(whole)
  })
})
