import { shallowRef } from 'vue'
import type { RequestInput } from '../../../shared/contract.ts'
import type { RunSummary } from '../../../shared/run.ts'
import { saveFile } from '../../composables/saveFile.ts'
import { tell, tellFailure } from '../../composables/useToasts.ts'
import { request } from '../../lab.ts'
import { shelfOf, type Shelf } from './useRunTable.ts'

/** Runs that are about to be purged: out of sight already, and gone once the time to undo has passed. */
export const leaving = shallowRef<ReadonlySet<string>>(new Set())

const timeToUndo = 8_000
const done: Record<Shelf, string> = { library: 'back in the library', archived: 'archived', bin: 'in the bin' }

/** Puts runs on another shelf; undoing puts each back where it was. */
export async function moveRuns(runs: readonly RunSummary[], to: Shelf): Promise<void> {
  const before = Map.groupBy(runs, shelfOf)
  await attempt(async () => {
    await request('run.move', { runIds: idsOf(runs), to })
    tell(`${countRuns(runs.length)} ${done[to]}`, {
      label: 'Undo',
      run: () =>
        attempt(async () => {
          for (const [shelf, members] of before) await request('run.move', { runIds: idsOf(members), to: shelf })
        }),
    })
  })
}

/** Removes runs for good, once the time to undo has passed; closing the window before leaves them in the bin. */
export function purgeRuns(runs: readonly RunSummary[]): void {
  const ids = idsOf(runs)
  const show = () => (leaving.value = new Set([...leaving.value].filter((id) => !ids.includes(id))))
  leaving.value = new Set([...leaving.value, ...ids])
  const timer = setTimeout(() => void attempt(() => request('run.purge', { runIds: ids })).then(show), timeToUndo)
  tell(`${countRuns(runs.length)} purged`, {
    label: 'Undo',
    run: () => {
      clearTimeout(timer)
      show()
    },
  })
}

export async function tagRuns(runs: readonly RunSummary[], add: string[], remove: string[]): Promise<void> {
  if (add.length + remove.length === 0) return
  const reversals = runs.map(({ id, tags }) => ({
    runIds: [id],
    add: remove.filter((tag) => tags.includes(tag)),
    remove: add.filter((tag) => !tags.includes(tag)),
  }))
  await attempt(async () => {
    await request('run.tag', { runIds: idsOf(runs), add, remove })
    tell(`Tags of ${countRuns(runs.length)} changed`, {
      label: 'Undo',
      run: () => attempt(async () => void (await Promise.all(reversals.map((each) => request('run.tag', each))))),
    })
  })
}

export async function renameRun(run: RunSummary, name: string): Promise<void> {
  if (name.trim() === '' || name === run.name) return
  const rename = (to: string) => request('run.rename', { runId: run.id, name: to })
  await attempt(async () => {
    await rename(name)
    tell(`Renamed to ${name}`, { label: 'Undo', run: () => attempt(() => rename(run.name)) })
  })
}

export async function annotateRun(run: RunSummary, notes: string): Promise<void> {
  await attempt(async () => {
    await request('run.annotate', { runId: run.id, notes })
    tell('Notes kept')
  })
}

export async function extendRuns(runs: readonly RunSummary[], steps: number): Promise<void> {
  await attempt(async () => {
    await request('run.extend', { runIds: idsOf(runs), steps })
    tell(`${countRuns(runs.length)} going on to step ${steps}`)
  })
}

export async function controlRuns(
  name: 'run.pause' | 'run.continue' | 'run.cancel' | 'run.resume',
  runs: readonly RunSummary[],
): Promise<void> {
  await attempt(() => request(name, { runIds: idsOf(runs) }))
}

export async function exportArchive(runs: readonly RunSummary[]): Promise<void> {
  await attempt(async () => saveFile(await request('archive.export', { runIds: idsOf(runs) })))
}

export async function exportRun(input: RequestInput<'run.export'>): Promise<void> {
  await attempt(async () => saveFile(await request('run.export', input)))
}

export function countRuns(count: number): string {
  return count === 1 ? '1 run' : `${count} runs`
}

export async function attempt(act: () => Promise<unknown>): Promise<void> {
  try {
    await act()
  } catch (error) {
    tellFailure(error)
  }
}

function idsOf(runs: readonly RunSummary[]): string[] {
  return runs.map(({ id }) => id)
}
