/**
 * Writes `0.1.0.grokscope` and `0.1.0.json` beside this file: an archive of version 0.1.0, and what that version computes
 * when it goes on with each of its runs. It drives the program as it was then, in a checkout of its last commit with its
 * dependencies installed and its kernels compiled:
 *
 *   git worktree add ../grokscope-0.1.0 7cb41fd && (cd ../grokscope-0.1.0 && npm ci)
 *   node test/support/archives/writeVersion010.ts ../grokscope-0.1.0
 *
 * Both files are kept as they are; another call would stop some of the runs elsewhere.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import DatabaseConstructor from 'better-sqlite3'
import { npzOf } from '../npz.ts'
import {
  powers,
  keptBranch,
  keptExperiments,
  stoppedExperiment,
  type Continuation,
  type Continuations,
  type KeptExperiment,
} from './keptExperiments.ts'

const [checkout, part, archive] = process.argv.slice(2)

async function write(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'grokscope-kept-'))
  try {
    const path = join(folder, '0.1.0.grokscope')
    await fill(path, folder)
    await killAmidRuns(path)
    const continuations = await goOn(path, folder)
    copyFileSync(path, beside('0.1.0.grokscope'))
    writeFileSync(beside('0.1.0.json'), `${JSON.stringify(continuations, null, 2)}\n`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function fill(path: string, folder: string): Promise<void> {
  const laboratory = await open(path)
  const { handlers } = laboratory
  const start = join(folder, 'start.npz')
  writeFileSync(start, startFile())
  const runs = new Map<string, string>()
  for (const experiment of keptExperiments) {
    const isFile = (experiment.initialization as { kind?: string } | undefined)?.kind === 'file'
    const spec = isFile ? { ...experiment, initialization: { kind: 'file', path: start } } : experiment
    const { runIds } = await handlers['experiment.submit']({ spec, tags: [] })
    await settled(laboratory, runIds)
    runs.set(experiment.name, runIds[0]!)
  }
  const idOf = (name: string) => runs.get(name)!

  const branch = await handlers['run.branch']({ runId: idOf('descent'), step: 60, spec: keptBranch })
  await settled(laboratory, branch.runIds)
  const again = await handlers['run.rerun']({ runIds: [idOf('momentum')] })
  await settled(laboratory, again.runIds)
  const cancelled = await handlers['experiment.submit']({ spec: stoppedExperiment('cancelled'), tags: ['long'] })
  await stepPassed(laboratory, cancelled.runIds[0]!, 200)
  handlers['run.cancel']({ runIds: cancelled.runIds })
  await settled(laboratory, cancelled.runIds)

  handlers['run.tag']({ runIds: [idOf('adamw'), idOf('geometry')], add: ['kept', 'ünïcode tag'], remove: [] })
  handlers['run.annotate']({ runId: idOf('adamw'), notes: 'Grokked?\n\n$\\lVert E\\rVert$ falls — see *geometry*.' })
  handlers['run.rename']({ runId: idOf('uniform'), name: 'a uniform start' })
  handlers['run.move']({ runIds: [idOf('parabola')], to: 'bin' })
  handlers['run.move']({ runIds: [idOf('singularScalar'), idOf('float32')], to: 'archived' })

  const saved = await handlers['experiment.submit']({ spec: stoppedExperiment('saved at the end'), tags: [] })
  await stepPassed(laboratory, saved.runIds[0]!, 200)
  await laboratory.close()
}

/** Ends another process amid its runs, as a power cut would, and takes what it logged into the file. */
async function killAmidRuns(path: string): Promise<void> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), checkout!, 'until-killed', path], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  await once(child, 'exit')
  const database = new DatabaseConstructor(path)
  const statuses = database
    .prepare("SELECT status FROM runs WHERE status IN ('queued', 'running', 'paused') ORDER BY rowid")
    .pluck()
    .all()
  const hotRows = database.prepare('SELECT count(*) FROM hotRows').pluck().get() as number
  database.pragma('wal_checkpoint(TRUNCATE)')
  database.close()
  if (String(statuses) !== 'paused,running,queued' || hotRows === 0) {
    throw new Error(`${hotRows} hot rows, and runs that are ${String(statuses)}: try again`)
  }
}

/** One run is paused, one is running with rows that are not sealed, one waits. */
async function runUntilKilled(path: string): Promise<void> {
  const laboratory = await open(path)
  const { handlers } = laboratory
  const submit = async (name: string) =>
    (await handlers['experiment.submit']({ spec: stoppedExperiment(name), tags: [] })).runIds[0]!
  const paused = await submit('paused')
  await stepPassed(laboratory, paused, 200)
  handlers['run.pause']({ runIds: [paused] })
  const running = await submit('running')
  await submit('waiting')
  await stepPassed(laboratory, running, 200)
  process.kill(process.pid, 'SIGKILL')
}

/** On a copy, so that the archive stays as it was left. */
async function goOn(path: string, folder: string): Promise<Continuations> {
  const copy = join(folder, 'copy.grokscope')
  copyFileSync(path, copy)
  const before = storedRuns(path)
  const laboratory = await open(copy)
  const { handlers } = laboratory
  const asked = new Map<string, number | undefined>()
  for (const { id, status, steps, binnedAt } of before) {
    if (binnedAt !== null) continue
    const more = status === 'finished' ? steps + steps / 2 : undefined
    if (more === undefined) handlers['run.resume']({ runIds: [id] })
    else handlers['run.extend']({ runIds: [id], steps: more })
    asked.set(id, more)
    await settled(laboratory, [id])
  }
  await laboratory.close()
  const after = new Map(storedRuns(copy).map((run) => [run.id, run]))
  const continued = before.filter(({ id }) => asked.has(id))
  const runs = Object.fromEntries(
    continued.map(({ id, name, seed, status, contentHash }): [string, Continuation] => {
      const steps = asked.get(id)
      const { status: end, step, contentHash: hash } = after.get(id)!
      const kept = { name, seed, status, contentHash, ...(steps === undefined ? {} : { steps }) }
      return [id, { ...kept, after: { status: end, step, contentHash: hash } }]
    }),
  )
  return { powers: powers(), runs }
}

interface StoredRun {
  id: string
  name: string
  seed: number
  status: string
  step: number
  steps: number
  binnedAt: number | null
  contentHash: string | null
}

function storedRuns(path: string): StoredRun[] {
  const database = new DatabaseConstructor(path, { readonly: true })
  try {
    return database.prepare('SELECT * FROM runs ORDER BY rowid').all() as StoredRun[]
  } finally {
    database.close()
  }
}

/** A first layer and training pairs; the second layer is fitted. */
function startFile(): Uint8Array {
  const data = Float64Array.from({ length: 5 * 12 }, (_, i) => ((i * 37) % 101) / 101 - 0.5)
  return npzOf({
    E: { shape: [5, 12], data },
    train: { shape: [10], data: Int32Array.of(0, 1, 3, 4, 6, 7, 9, 10, 12, 14) },
  })
}

const ends = ['finished', 'failed', 'cancelled', 'interrupted']

async function settled(laboratory: Laboratory, runIds: readonly string[]): Promise<void> {
  for (const runId of runIds) {
    while (!ends.includes((await laboratory.handlers['run.show']({ runId })).status)) await pause(20)
  }
}

async function stepPassed(laboratory: Laboratory, runId: string, step: number): Promise<void> {
  for (;;) {
    const run = await laboratory.handlers['run.show']({ runId })
    if (run.step >= step) return
    if (ends.includes(run.status)) throw new Error(`run ${runId} is ${run.status} at step ${run.step}: try again`)
    await pause(1)
  }
}

/** As much of the laboratory of version 0.1.0 as is asked here. */
interface Laboratory {
  handlers: {
    'experiment.submit': (data: { spec: KeptExperiment; tags: string[] }) => Promise<Submission>
    'run.show': (data: { runId: string }) => Promise<{ status: string; step: number }>
    'run.branch': (data: { runId: string; step: number; spec: object }) => Promise<Submission>
    'run.rerun': (data: { runIds: string[] }) => Promise<Submission>
    'run.pause': (data: { runIds: string[] }) => void
    'run.cancel': (data: { runIds: string[] }) => void
    'run.resume': (data: { runIds: string[] }) => void
    'run.extend': (data: { runIds: string[]; steps: number }) => void
    'run.tag': (data: { runIds: string[]; add: string[]; remove: string[] }) => void
    'run.annotate': (data: { runId: string; notes: string }) => void
    'run.rename': (data: { runId: string; name: string }) => void
    'run.move': (data: { runIds: string[]; to: 'archived' | 'bin' }) => void
  }
  close: () => Promise<void>
}

interface Submission {
  runIds: string[]
}

/** Two runs at once, each on one thread of the kernels that give the same bits on every machine. */
async function open(archivePath: string): Promise<Laboratory> {
  const program = pathToFileURL(join(resolve(checkout!), 'src/main/services/nodeLaboratory.ts')).href
  const { openNodeLaboratory } = (await import(program)) as {
    openNodeLaboratory: (options: object) => Laboratory
  }
  return openNodeLaboratory({ archivePath, slots: 2, backend: { kind: 'wasm', threads: 1 } })
}

function beside(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}

if (checkout === undefined) throw new Error('name the checkout of version 0.1.0')
if (part === 'until-killed') await runUntilKilled(archive!)
else await write()
