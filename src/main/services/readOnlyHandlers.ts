import type { RequestName, SharedHandlers } from '../../shared/contract.ts'
import { LabError } from '../../shared/errors.ts'

/** What changes an archive, or computes what would be stored in it. */
const changing = [
  'experiment.submit',
  'experiment.submitAll',
  'queue.move',
  'queue.hold',
  'run.pause',
  'run.continue',
  'run.cancel',
  'run.resume',
  'run.extend',
  'run.branch',
  'run.rerun',
  'run.rename',
  'run.annotate',
  'run.tag',
  'run.move',
  'run.purge',
  'paper.run',
  'archive.import',
  'sweep.create',
  'sweep.open',
  'sweep.run',
  'sweep.pause',
  'sweep.collect',
  'sweep.forget',
  'sweep.addSeeds',
  'sweep.refine',
  'liveMap.keep',
] as const satisfies RequestName[]

/** The handlers of a laboratory in whose archive nothing changes: what would throws ARCHIVE_READ_ONLY before it is looked at. */
export function readOnlyHandlers(handlers: SharedHandlers, path: string): SharedHandlers {
  const refuse = () => {
    throw new LabError('ARCHIVE_READ_ONLY', `${path} is open to be read only`)
  }
  return { ...handlers, ...(Object.fromEntries(changing.map((name) => [name, refuse])) as Partial<SharedHandlers>) }
}
