import type { HostRequest } from '../contract.ts'
import type { States } from './stateDistance.ts'

export const maxStates = 60

/** The first layers of a run at its snapshots, at most sixty, evenly chosen; after each `onRead` says whether to go on. */
export async function readStates(
  { runId, archive }: { runId: string; archive?: string | undefined },
  request: HostRequest,
  onRead: (done: number, of: number) => boolean = () => true,
): Promise<States> {
  const all = await request('run.snapshots', { runId, archive })
  const count = Math.min(maxStates, all.length)
  const chosen = Array.from(
    { length: count },
    (_, k) => all[Math.round((k * (all.length - 1)) / Math.max(1, count - 1))]!,
  )
  const matrix: States['matrix'][number][] = []
  for (const { step } of chosen) {
    if (!onRead(matrix.length, chosen.length)) break
    matrix.push((await request('run.matrix', { runId, step, matrix: 'E', archive })).data)
  }
  return { tau: chosen.map(({ tau }) => tau), matrix }
}
