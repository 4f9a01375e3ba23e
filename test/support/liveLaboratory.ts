import { join } from 'node:path'
import { afterEach } from 'vitest'
import { nodeWorkers } from '../../src/main/engine/host/nodeWorker.ts'
import { createClientWatch } from '../../src/main/services/clientWatch.ts'
import { dispatch } from '../../src/main/services/dispatch.ts'
import { openLaboratory, type Laboratory } from '../../src/main/services/laboratory.ts'
import type { RequestInput, RequestName, Responses } from '../../src/shared/contract.ts'
import { LabError } from '../../src/shared/errors.ts'
import type { RunSummary } from '../../src/shared/run.ts'
import { workerProgram } from './program.ts'

const open: Laboratory[] = []
afterEach(() => Promise.all(open.splice(0).map((laboratory) => laboratory.close())))

const noDialog = () => Promise.resolve({ path: null, hasDialog: false })

/** A laboratory over real workers, asked as a page asks it. */
export function startLaboratory(folder: string) {
  const laboratory = openLaboratory({
    archivePath: join(folder, 'a.grokscope'),
    cacheFolder: undefined,
    startWorker: nodeWorkers(workerProgram),
    host: { chooseArchive: noDialog, chooseFolder: noDialog },
    slots: 2,
    log: () => undefined,
  })
  open.push(laboratory)
  async function ask<Name extends RequestName>(name: Name, input: RequestInput<Name>): Promise<Responses[Name]> {
    const answer = await dispatch(createClientWatch(laboratory.handlers).handlers, name, input)
    if (!answer.ok) throw LabError.fromRecord(answer.error)
    return answer.data as Responses[Name]
  }
  return { ask, follow: (liveMap: string) => followMap((after) => ask('liveMap.runs', { liveMap, after })) }
}

/** Reads a live map to its end, as a page does. */
export async function followMap(read: (after: number) => Promise<Responses['liveMap.runs']>) {
  const runs = new Map<string, RunSummary>()
  for (let after = 0; ;) {
    const reading = await read(after)
    for (const run of reading.runs) runs.set(run.id, run)
    after = reading.revision
    if (reading.isDone) return { runs, reading }
  }
}
