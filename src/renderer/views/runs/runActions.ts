import type { RequestInput } from '../../../shared/contract.ts'
import type { RunSummary } from '../../../shared/run.ts'
import { saveFile } from '../../composables/saveFile.ts'
import { tellDamage } from '../../composables/tellDamage.ts'
import { tell, tellFailure } from '../../composables/useToasts.ts'
import { request } from '../../lab.ts'
import { shelfOf, type Shelf } from './useRunTable.ts'

const done: Record<Shelf, string> = { library: 'back in the library', archived: 'archived', bin: 'in the bin' }

/** Puts runs on another shelf; undoing puts each back where it was. */
export async function moveRuns(runs: readonly RunSummary[], to: Shelf): Promise<boolean> {
  const back = [...Map.groupBy(runs, shelfOf)].map(([shelf, members]) => ({ runIds: idsOf(members), to: shelf }))
  return attempt(async () => {
    await request('run.move', { moves: [{ runIds: idsOf(runs), to }] })
    tell(`${countRuns(runs.length)} ${done[to]}`, { label: 'Undo', run: () => request('run.move', { moves: back }) })
  })
}

export async function tagRuns(runs: readonly RunSummary[], add: string[], remove: string[]): Promise<void> {
  if (add.length + remove.length === 0) return
  const changes = runs.map(({ id, tags }) => ({
    runIds: [id],
    add: remove.filter((tag) => tags.includes(tag)),
    remove: add.filter((tag) => !tags.includes(tag)),
  }))
  await attempt(async () => {
    await request('run.tag', { changes: [{ runIds: idsOf(runs), add, remove }] })
    tell(`Tags of ${countRuns(runs.length)} changed`, { label: 'Undo', run: () => request('run.tag', { changes }) })
  })
}

export async function renameRun(run: RunSummary, name: string): Promise<void> {
  if (name.trim() === '' || name === run.name) return
  const rename = (to: string) => request('run.rename', { runId: run.id, name: to })
  await attempt(async () => {
    await rename(name)
    tell(`Renamed to ${name}`, { label: 'Undo', run: () => rename(run.name) })
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
  await attempt(async () => {
    saveFile(await request('run.export', input))
    await tellDamage({ runId: input.runId, archive: input.archive })
  })
}

export function countRuns(count: number): string {
  return count === 1 ? '1 run' : `${count} runs`
}

/** Tells where it failed, and answers whether it did not. */
export async function attempt(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act()
    return true
  } catch (error) {
    tellFailure(error)
    return false
  }
}

function idsOf(runs: readonly RunSummary[]): string[] {
  return runs.map(({ id }) => id)
}
