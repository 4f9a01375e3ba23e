import { join } from 'node:path'
import { sweepId } from '../../src/main/services/sweeps/knownFolders.ts'
import { openArchive } from '../../src/main/store/archive.ts'
import { prepareSweepFolder } from '../../src/main/sweep/sweepFolder.ts'
import { planSweep } from '../../src/main/sweep/sweepPlan.ts'

/** A sweep of many cells with long names, none of which has begun, that an archive knows; returns its id. */
export async function writeKnownSweep(archivePath: string): Promise<string> {
  const path = join(archivePath, '../sweeps of the group of learning dynamics/initial scale, data and optimizers')
  const sweep = {
    name: 'Initial scale × share of the pairs × optimizer, to see which of them delays generalization',
    base: {
      task: { kind: 'modularAddition', modulus: 23 },
      network: { hidden: 128 },
      initialization: { kind: 'normal' },
      dynamics: { kind: 'training', learningRate: 0.003, weightDecay: 1, steps: 1000 },
    },
    axes: [
      { field: 'initialization.scale', from: 0.125, to: 16, count: 8, scale: 'log' },
      { field: 'task.trainFraction', from: 0.3, to: 0.9, count: 7 },
      { field: 'dynamics.optimizer', values: ['gradientDescent', 'momentum', 'adamw'] },
    ],
    seeds: 3,
  }
  await prepareSweepFolder(path, planSweep(sweep), [])
  const archive = openArchive(archivePath)
  archive.sweeps.set({ path, computes: false })
  archive.close()
  return sweepId(path)
}
