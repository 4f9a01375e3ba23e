import type { RunStatus, RunSummary } from '../../../shared/run.ts'
import { tell } from '../../composables/useToasts.ts'
import { request } from '../../lab.ts'
import { attempt, countRuns } from './runActions.ts'

type VerbName = 'pause' | 'continue' | 'resume' | 'cancel'

/** Something that can be done to how runs go; its label names them where there are several. */
export interface RunVerb {
  name: VerbName
  label: string
  run: () => Promise<unknown>
}

const verbs: readonly { name: VerbName; word: string; of: readonly RunStatus[] }[] = [
  { name: 'pause', word: 'Pause', of: ['queued', 'running'] },
  { name: 'continue', word: 'Continue', of: ['paused'] },
  { name: 'resume', word: 'Resume', of: ['interrupted', 'cancelled', 'failed'] },
  { name: 'cancel', word: 'Cancel', of: ['queued', 'running', 'paused'] },
]

/**
 * What may be done to some runs; of a group of which not all are meant, `among` is the whole. What a newer version made is
 * not gone on with.
 */
export function runVerbs(
  runs: readonly Pick<RunSummary, 'id' | 'status' | 'seed'>[],
  {
    among = runs.length,
    kind = 'run',
    isNewer = false,
  }: { among?: number; kind?: 'run' | 'seed'; isNewer?: boolean } = {},
): RunVerb[] {
  return verbs.flatMap(({ name, word, of }) => {
    const meant = isNewer && name === 'resume' ? [] : runs.filter(({ status }) => of.includes(status))
    const [first] = meant
    if (!first) return []
    const one = kind === 'seed' ? `seed ${first.seed}` : '1 run'
    const object = among === 1 ? '' : meant.length === 1 ? ` ${one}` : ` ${meant.length} ${kind}s`
    return {
      name,
      label: `${word}${object}`,
      run: () =>
        act(
          name,
          meant.map(({ id }) => id),
        ),
    }
  })
}

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
  const done = await attempt(() => request(`run.${name}`, { runIds }))
  if (!done || name !== 'cancel') return
  const text = runIds.length === 1 ? 'Cancelled. What was measured is kept.' : `${countRuns(runIds.length)} cancelled.`
  tell(text, { label: 'Resume', run: () => request('run.resume', { runIds }) })
}
