import type { AnalysisInput, SignChanges } from '../../shared/analysis.ts'
import { defaultAhead } from '../../shared/chattering.ts'
import { LabError } from '../../shared/errors.ts'
import { quote } from '../../shared/quote.ts'
import { limits } from '../../shared/specification/limits.ts'
import type { NetworkTask } from '../../shared/tasks/tasks.ts'
import { chatteringShare } from './chatteringRecord.ts'
import { createInterventions } from './interventions/interventions.ts'
import { createLookAhead } from './lookAhead.ts'
import type { Network } from './network/model.ts'

/**
 * How often each pre-activation changes its sign in the steps after a snapshot (n × d_h, `createLookAhead`), by a network in
 * that state; as many steps as asked for, else as the run records, else 20. They are taken in the arithmetic of the network's
 * backend, which may round otherwise than the run did. Throws INVALID_SPECIFICATION for a number of steps outside 3 … 1000.
 */
export async function signChanges(
  { spec, train, options, snapshots: [snapshot] }: AnalysisInput,
  network: Network,
  onProgress: (done: number, of: number) => void,
): Promise<Pick<SignChanges, 'ahead' | 'changes' | 'chatteringShare'>> {
  const ahead = checkedAhead(options['ahead'] ?? spec.record.chattering?.ahead ?? defaultAhead)
  const interventions = createInterventions({ ...spec, task: spec.task as NetworkTask }, network)
  interventions.restore(snapshot!.scalars)
  const lookAhead = createLookAhead(network, spec, interventions)
  const changes = await lookAhead.signChanges(snapshot!, ahead, (done) => onProgress(done, ahead))
  return {
    ahead,
    changes: { rows: train.length, columns: spec.network.hidden, data: Float32Array.from(changes) },
    chatteringShare: chatteringShare(changes),
  }
}

function checkedAhead(given: unknown): number {
  const { min, max } = limits.ahead
  if (!Number.isInteger(given) || (given as number) < min || (given as number) > max) {
    const message = `ahead: ${quote(given)} is not allowed; expected a whole number from ${min} to ${max}`
    throw new LabError('INVALID_SPECIFICATION', message)
  }
  return given as number
}
