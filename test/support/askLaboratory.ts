import { afterEach } from 'vitest'
import { nodeWorkers } from '../../src/main/engine/host/nodeWorker.ts'
import { createClientWatch } from '../../src/main/services/clientWatch.ts'
import { dispatch } from '../../src/main/services/dispatch.ts'
import { openLaboratory, type Laboratory } from '../../src/main/services/laboratory.ts'
import type { RequestInput, RequestName, Responses } from '../../src/shared/contract.ts'
import { LabError } from '../../src/shared/errors.ts'
import { workerProgram } from './program.ts'

export type Ask = <Name extends RequestName>(name: Name, input: RequestInput<Name>) => Promise<Responses[Name]>

/** Opens laboratories with real workers, which end with the test that opened them. */
export function workingLaboratories(): {
  open: (archivePath: string) => Laboratory
  /** Opens one that is asked as a page asks it. */
  ask: (archivePath: string) => Ask
} {
  const opened: Laboratory[] = []
  afterEach(() => Promise.all(opened.splice(0).map((laboratory) => laboratory.close())))
  const noDialog = () => Promise.resolve({ path: null, hasDialog: false })
  const open = (archivePath: string) => {
    const laboratory = openLaboratory({
      archivePath,
      cacheFolder: undefined,
      startWorker: nodeWorkers(workerProgram),
      host: { chooseArchive: noDialog, chooseFolder: noDialog },
      slots: 2,
      log: () => undefined,
    })
    opened.push(laboratory)
    return laboratory
  }
  const ask = (archivePath: string): Ask => {
    const { handlers } = createClientWatch(open(archivePath).handlers)
    return async (name, input) => {
      const answer = await dispatch(handlers, name, input)
      if (!answer.ok) throw LabError.fromRecord(answer.error)
      return answer.data as never
    }
  }
  return { open, ask }
}
