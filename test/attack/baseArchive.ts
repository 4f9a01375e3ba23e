import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { nodeWorkers } from '../../src/main/engine/host/nodeWorker.ts'
import { openLaboratory } from '../../src/main/services/laboratory.ts'
import type { RunSummary } from '../../src/shared/run.ts'
import { runProgramWhole, startProgram, untilProgram, wait } from './program.ts'
import { workerProgram } from '../support/program.ts'

const task = { kind: 'modularAddition', modulus: 5, trainFraction: 0.6 }
const adamw = {
  name: 'trained with AdamW',
  task,
  network: { hidden: 12 },
  initialization: { kind: 'uniform' },
  dynamics: { kind: 'training', optimizer: 'adamw', learningRate: 0.05, weightDecay: 0.01, steps: 120 },
  interventions: [{ at: 60, kind: 'rescale', layer: 'first', factor: 0.9 }],
  record: { measureEvery: 5, snapshots: [0, 40, 120] },
}
const isolated = {
  name: 'isolated',
  task,
  network: { hidden: 12 },
  dynamics: { kind: 'isolated', steps: 60 },
  record: { measureEvery: 3, snapshots: [0, 30, 60], geometry: { every: 30, lag: 10 } },
}
const toy = {
  name: 'toy',
  task: { kind: 'toy', model: 'parabola', start: [0.5, 1.5] },
  dynamics: { kind: 'gradientFlow', ridge: 0.01, steps: 40 },
  record: { measureEvery: 2 },
}
/** Slow enough to be killed on its way. */
const killed = {
  name: 'killed',
  task,
  network: { hidden: 12 },
  dynamics: { kind: 'isolated', steps: 1_000_000 },
  record: { measureEvery: 1000, snapshots: [0, 1000] },
}

/**
 * The archive that is attacked, made by the program itself: finished runs of three tasks, one of them extended (two
 * parts), a killed one with hot rows, a branch; tags, notes, a new name, an archived run.
 */
export async function makeBaseArchive(folder: string): Promise<string> {
  const path = join(folder, 'base.grokscope')
  const file = (name: string, content: unknown) => {
    writeFileSync(join(folder, name), JSON.stringify(content))
    return join(folder, name)
  }
  const options = ['--archive', path, '--backend', 'plain']
  await runProgramWhole(folder, 'run', file('finished.json', [adamw, isolated, toy]), ...options)
  const found = async (name: string) => {
    const lines = (await runProgramWhole(folder, 'list', `name:"${name}"`, '--json', '--archive', path)).split('\n')
    return JSON.parse(lines[0]!) as RunSummary
  }
  const first = await found('isolated')
  await runProgramWhole(folder, 'resume', first.id, '--steps', '90', '--archive', path)
  const program = startProgram(folder, 'run', file('killed.json', killed), '--json', ...options)
  await untilProgram(program, () => program.stdout().split('"measured"').length > 8)
  program.child.kill('SIGKILL')
  await program.outcome
  await organize(path, folder, (await found('trained with AdamW')).id, first.id)
  return path
}

/** What a person does with runs. */
async function organize(path: string, folder: string, trained: string, extended: string): Promise<void> {
  const laboratory = openLaboratory({
    archivePath: path,
    cacheFolder: join(folder, 'cache'),
    startWorker: nodeWorkers(workerProgram),
    host: {
      chooseArchive: () => Promise.resolve({ path: null, hasDialog: false }),
      chooseFolder: () => Promise.resolve({ path: null, hasDialog: false }),
    },
    backend: { kind: 'plain' },
  })
  const { handlers } = laboratory
  try {
    const spec = { ...adamw, name: 'branch', dynamics: { ...adamw.dynamics, steps: 20 }, interventions: [] }
    const { runIds } = await handlers['run.branch']({ runId: trained, step: 40, spec, tags: [] })
    while (laboratory.runs.isActive(runIds[0]!)) await wait(5)
    await handlers['run.tag']({
      changes: [{ runIds: [trained, extended], add: ['euler', 'to be read'], remove: [] }],
    })
    await handlers['run.annotate']({ runId: trained, notes: 'seen to memorize, "quoted",\nand more', before: '' })
    await handlers['run.rename']({ runId: extended, name: 'isolated, extended' })
    await handlers['run.move']({ moves: [{ runIds: [extended], to: 'setAside' }] })
  } finally {
    await laboratory.close()
  }
}
