import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openArchive } from '../../src/main/store/archive.ts'
import { parseExperiment } from '../../src/shared/parseExperiment.ts'
import type { MeasurementName } from '../../src/shared/measurements.ts'
import type { RunEvent } from '../../src/shared/run.ts'
import { filterRuns } from '../../src/shared/query/filterRuns.ts'

/** Times of the archive on this machine: `node test/bench/archive.ts`; the least of several repetitions each. */
const runs = 10_000
const rows = 1_000_000
const [largeModulus, hidden] = [113, 512]
const names: MeasurementName[] = [
  'trainLoss',
  'testMse',
  'trainAccuracy',
  'testAccuracy',
  'firstLayerNormSquared',
  'secondLayerNormSquared',
  'trainMargin',
  'testMargin',
]
const folder = mkdtempSync(join(tmpdir(), 'grokscope-bench-'))

function time(what: string, repetitions: number, run: () => unknown): void {
  let [wall, busy] = [Infinity, Infinity]
  for (let i = 0; i < repetitions; i++) {
    const [start, before] = [performance.now(), process.cpuUsage()]
    run()
    const { user, system } = process.cpuUsage(before)
    wall = Math.min(wall, performance.now() - start)
    busy = Math.min(busy, (user + system) / 1000)
  }
  process.stdout.write(
    `${what.padEnd(58)} ${wall.toFixed(1).padStart(9)} ms, processor ${busy.toFixed(1).padStart(8)} ms\n`,
  )
}

const specOf = (name: string, seeds: number[], modulus = 37) =>
  parseExperiment({
    name,
    task: { kind: 'modularAddition', modulus, trainFraction: 0.7 },
    network: { hidden },
    dynamics: { kind: 'isolated', steps: 5000, ridge: 0.01 },
    seeds,
  })

function fillRuns(path: string): void {
  const archive = openArchive(path)
  for (let first = 0; first < runs; first += 100) {
    const { runIds } = archive.runs.createExperiment({
      spec: specOf(
        `group ${first / 100}`,
        Array.from({ length: 100 }, (_, i) => first + i),
      ),
    })
    archive.library.tag(runIds, { add: ['euler', `batch-${first % 700}`] })
    archive.applyEvents(
      runIds.flatMap((runId): RunEvent[] => [
        { runId, sequence: 0, type: 'event', name: 'generalized', step: (first * 37) % 5000, tau: 1, value: 1 },
        { runId, sequence: 1, type: 'settled', status: 'finished', step: 5000, tau: 5, seconds: 70 },
      ]),
    )
  }
  archive.close()
}

function fillRows(path: string): string {
  const archive = openArchive(path)
  const runId = archive.runs.createExperiment({ spec: specOf('long', [0]) }).runIds[0]!
  for (let step = 0; step < rows;) {
    const batch: RunEvent[] = []
    for (let i = 0; i < 5000; i++, step++) {
      const values = Object.fromEntries(names.map((name, k) => [name, Math.sin(step * (k + 1))]))
      batch.push({ runId, sequence: step, type: 'measured', step, tau: step / 1000, seconds: step / 100, values })
    }
    archive.applyEvents(batch)
  }
  archive.applyEvents([{ runId, sequence: rows, type: 'settled', status: 'finished', step: rows, tau: 1, seconds: 1 }])
  archive.close()
  return runId
}

try {
  const library = join(folder, 'library')
  time(`make ${runs} runs`, 1, () => fillRuns(library))
  time('open the library to write', 5, () => openArchive(library).close())
  time('open the library to read, with its checks', 5, () => openArchive(library, { readOnly: true }).close())
  const archive = openArchive(library, { readOnly: true })
  time('open and list', 5, () => {
    const fresh = openArchive(library)
    fresh.runs.listRuns()
    fresh.close()
  })
  time(`list ${runs} runs`, 10, () => archive.runs.listRuns())
  const all = archive.runs.listRuns()
  for (const query of ['p = 37 and t_grok < 2500 tag:euler', 'name:"group 9" not status:failed', '"batch"']) {
    time(`filter: ${query}`, 10, () => filterRuns(query, all))
  }
  time('summary of a run', 10, () => archive.runs.summary(all[777]!.id))
  archive.close()

  const long = join(folder, 'long')
  let runId = ''
  time(`store ${rows} rows of ${names.length} columns`, 1, () => (runId = fillRows(long)))
  process.stdout.write(
    `${'size of the archive'.padEnd(58)} ${(statSync(long).size / 2 ** 20).toFixed(0).padStart(8)} MiB\n`,
  )
  let reader = openArchive(long, { readOnly: true })
  const reopen = () => {
    reader.close()
    reader = openArchive(long, { readOnly: true })
  }
  const reads: [string, () => unknown][] = [
    ['a column, every point', () => reader.curves.readColumn(runId, 'trainLoss')],
    ['a curve, every point', () => reader.curves.readCurves(runId, ['trainLoss'])],
    ['a curve, 2000 points', () => reader.curves.readCurves(runId, ['trainLoss'], { points: 2000 })],
    ['a curve, 100 points', () => reader.curves.readCurves(runId, ['trainLoss'], { points: 100 })],
    ['8 curves, 2000 points', () => reader.curves.readCurves(runId, names, { points: 2000 })],
    ['8 curves, 2000 points, log', () => reader.curves.readCurves(runId, names, { points: 2000, spacing: 'log' })],
    [
      '8 curves, 2000 points, a hundredth of the run',
      () => reader.curves.readCurves(runId, names, { fromStep: 5e5, toStep: 5.1e5, points: 2000 }),
    ],
  ]
  for (const [what, read] of reads) {
    time(`open and read ${what}`, 5, () => (reopen(), read()))
    time('  again', 5, read)
  }
  reader.close()

  const pictures = openArchive(join(folder, 'pictures'))
  const id = pictures.runs.createExperiment({ spec: specOf('pictures', [0], largeModulus) }).runIds[0]!
  const data = Float64Array.from({ length: largeModulus * hidden }, (_, i) => Math.sin(i * i) / 9)
  const matrices = {
    E: { rows: largeModulus, columns: hidden, data },
    W: { rows: hidden, columns: largeModulus, data },
  }
  let step = 0
  time(`store a snapshot, E and W of ${largeModulus} × ${hidden}`, 10, () =>
    pictures.applyEvents([
      {
        runId: id,
        sequence: ++step,
        type: 'snapshot',
        snapshot: { step, tau: 0, reason: 'scheduled', matrices, scalars: {} },
      },
    ]),
  )
  time(`read E of ${largeModulus} × ${hidden}`, 20, () => pictures.snapshots.readMatrix(id, 3, 'E'))
  pictures.close()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
