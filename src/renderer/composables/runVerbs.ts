import { countThings } from '../../shared/formatting/countThings.ts'
import { formatCount } from '../../shared/formatting/formatNumber.ts'
import {
  canExtend,
  canResume,
  hasStopped,
  isSettled,
  stoppedStatuses,
  type RunStatus,
  type RunSummary,
} from '../../shared/run.ts'
import type { RequestName } from '../../shared/contract.ts'
import { isOffered } from './isOffered.ts'
import { showToast } from './useToasts.ts'
import { request } from '../lab.ts'
import { withFailureToast } from './runActions.ts'
import { countRuns } from '../formatting/countRuns.ts'

type VerbName = 'pause' | 'continue' | 'resume' | 'cancel'
/** Where runs are named by their seeds, each has one. */
type Ruled = Pick<RunSummary, 'id' | 'status' | 'code'> & Partial<Pick<RunSummary, 'seed'>>

/** How runs are named in a label: of how many they are some, and whether those are seeds of one experiment. */
interface Naming {
  among?: number
  kind?: 'run' | 'seed'
  /** Whether a newer version made one of them. */
  isNewer?: (runId: string) => boolean
}

/** Something that can be done to how runs go; its label names them where there are several. */
export interface RunVerb {
  name: VerbName
  label: string
  sends: RequestName
  run: () => Promise<unknown>
}

const verbs: readonly { name: VerbName; word: string; of: readonly RunStatus[] }[] = [
  { name: 'pause', word: 'Pause', of: ['queued', 'running'] },
  { name: 'continue', word: 'Continue', of: ['paused'] },
  { name: 'resume', word: 'Resume', of: stoppedStatuses },
  { name: 'cancel', word: 'Cancel', of: ['queued', 'running', 'paused'] },
]

/**
 * What may be done to how some runs go; of a group of which not all are meant, `among` is the whole. What a newer version
 * made, or has ended by its dynamics, is not gone on with.
 */
export function runVerbs(runs: readonly Ruled[], naming: Naming = {}): RunVerb[] {
  return verbs.flatMap(({ name, word, of }) => {
    const isRefused = (run: Ruled) => name === 'resume' && (!canResume(run) || naming.isNewer?.(run.id) === true)
    const meant = runs.filter((run) => of.includes(run.status) && !isRefused(run))
    const sends = `run.${name}` as const
    if (meant.length === 0 || !isOffered(sends)) return []
    const label = `${word}${nameObject(meant, { among: runs.length, ...naming })}`
    return { name, label, sends, run: () => act(name, idsOf(meant)) }
  })
}

/** Why what ended by its dynamics is not gone on with. */
const again = 'would end at the same step again'

/** Why none of the runs that have stopped can be resumed; null where one can, or none has. */
export function resumeRefusal(runs: readonly Ruled[], isNewer: (runId: string) => boolean): string | null {
  const stopped = runs.filter(hasStopped)
  if (stopped.length === 0 || stopped.some((run) => canResume(run) && !isNewer(run.id))) return null
  if (stopped.every((run) => !canResume(run))) return again
  return stopped.some((run) => !canResume(run)) ? `${again}, or made by a newer version` : 'made by a newer version'
}

/** Lets runs that have ended go on to more steps, those of them that can; `ask` asks to how many. */
export function extendVerb(
  runs: readonly Ruled[],
  ask: (runIds: string[]) => unknown,
  naming: Naming = {},
): Omit<RunVerb, 'name'> & { disabled: boolean; hint?: string } {
  const meant = runs.filter(canExtend)
  const isRefused = meant.length === 0 && runs.every(({ status }) => isSettled(status))
  return {
    label: `Extend${nameObject(isRefused ? runs : meant, { among: runs.length, ...naming })}…`,
    sends: 'run.extend',
    disabled: meant.length === 0,
    ...(isRefused && { hint: again }),
    run: async () => ask(idsOf(meant)),
  }
}

/** Computes runs anew with their specification and seeds; `open` shows the first of the new ones. */
export function rerunVerb(
  runs: readonly Ruled[],
  open: (runId: string) => unknown,
  naming: Naming = {},
): Omit<RunVerb, 'name'> {
  return {
    label: `Run${nameObject(runs, { among: runs.length, ...naming })} again exactly`,
    sends: 'run.rerun',
    run: () =>
      withFailureToast(async () => {
        const { runIds } = await request('run.rerun', { runIds: idsOf(runs) })
        await open(runIds[0]!)
        showToast('Running again, with the same seeds. Provenance says whether the bits agree.')
      }),
  }
}

/** " seed 3", " 3 running", or " 3 runs" where they are not alike; nothing where there is no other. */
function nameObject(runs: readonly Ruled[], { among, kind = 'run' }: Naming): string {
  const [first] = runs
  if (among === 1 || !first) return ''
  if (kind === 'seed') return runs.length === 1 ? ` seed ${first.seed}` : ` ${countThings(runs.length, 'seed')}`
  return runs.every(({ status }) => status === first.status)
    ? ` ${formatCount(runs.length)} ${first.status}`
    : ` ${countRuns(runs.length)}`
}

const idsOf = (runs: readonly Ruled[]) => runs.map(({ id }) => id)

/** "running", or "1 paused, 2 running" where they are not alike. */
export function stateOfRuns(runs: readonly Pick<RunSummary, 'status'>[]): { status: RunStatus; words: string | null } {
  const counts = new Map<RunStatus, number>()
  for (const { status } of runs) counts.set(status, (counts.get(status) ?? 0) + 1)
  const found = mostPressing.filter((status) => counts.has(status))
  const words = found.length > 1 ? found.map((status) => `${counts.get(status)} ${status}`).join(', ') : null
  return { status: found[0] ?? 'finished', words }
}

/** What a group is called by, where its runs are not alike. */
const mostPressing: readonly RunStatus[] = [
  'running',
  'paused',
  'queued',
  'failed',
  'interrupted',
  'cancelled',
  'finished',
]

async function act(name: VerbName, runIds: string[]): Promise<void> {
  const done = await withFailureToast(() => request(`run.${name}`, { runIds }))
  if (!done || name !== 'cancel') return
  const text = runIds.length === 1 ? 'Cancelled. What was measured is kept.' : `${countRuns(runIds.length)} cancelled.`
  showToast(text, { label: 'Resume', run: () => request('run.resume', { runIds }) })
}
