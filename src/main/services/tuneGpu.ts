import type { RunSpec } from '../../shared/experiment.ts'
import type { TunedTable } from '../../shared/tilingTable.ts'
import { createCaller, type OnProgress } from '../engine/host/caller.ts'
import type { StartWorker } from '../engine/host/workerProcess.ts'
import { writeWhole } from '../files/writeWhole.ts'

/**
 * Has a worker find the fastest tilings for the steps of these runs on the GPU of this machine, and keeps them in the user's settings, where runs on that card
 * find them. Throws what the worker throws, and FILE_UNWRITABLE; the table is then as it was.
 */
export async function tuneGpu(runs: RunSpec[], startWorker: StartWorker, onProgress?: OnProgress): Promise<TunedTable> {
  const caller = createCaller((environment) => startWorker(environment, 'webgpu'))
  try {
    const tuned = await caller.call('machine.tuneGpu', { runs }, onProgress)
    await writeWhole(tuned.path, [`${JSON.stringify(tuned.table, null, 2)}\n`], { replace: true })
    return tuned
  } finally {
    await caller.close()
  }
}
