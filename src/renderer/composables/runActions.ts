import type { RequestInput } from '../../shared/contract.ts'
import type { RunSummary } from '../../shared/run.ts'
import { saveFile } from './saveFile.ts'
import { showDamage } from './showDamage.ts'
import { showToast, showFailure } from './useToasts.ts'
import { request } from '../lab.ts'
import type { Shelf } from '../../shared/query/runTable.ts'
import { formatCount } from '../../shared/formatting/formatNumber.ts'
import { countRuns } from '../formatting/countRuns.ts'

const done: Record<Shelf, string> = { library: 'back in the library', setAside: 'set aside', bin: 'in the bin' }

/** Puts runs on another shelf; undoing puts each back where it was. */
export async function moveRuns(runIds: string[], to: Shelf): Promise<boolean> {
  return withFailureToast(async () => {
    const { moves } = await request('run.move', { moves: [{ runIds, to }] })
    showToast(`${countRuns(runIds.length)} ${done[to]}`, { label: 'Undo', run: () => request('run.move', { moves }) })
  })
}

export async function tagRuns(runIds: string[], add: string[], remove: string[]): Promise<boolean> {
  if (add.length + remove.length === 0) return true
  return withFailureToast(async () => {
    const { changes } = await request('run.tag', { changes: [{ runIds, add, remove }] })
    showToast(`Tags of ${countRuns(runIds.length)} changed`, {
      label: 'Undo',
      run: () => request('run.tag', { changes }),
    })
  })
}

export async function renameRun(run: RunSummary, name: string): Promise<boolean> {
  if (name.trim() === '' || name === run.name) return true
  const rename = (to: string) => request('run.rename', { runId: run.id, name: to })
  return withFailureToast(async () => {
    await rename(name)
    showToast(`Renamed to ${name}`, { label: 'Undo', run: () => rename(run.name) })
  })
}

/** Keeps notes that were written from those of `before`; answers with what stands there then, null where that failed. */
export async function annotateRun(runId: string, notes: string, before: string): Promise<string | null> {
  let kept: string | null = null
  await withFailureToast(async () => {
    kept = (await request('run.annotate', { runId, notes, before })).notes
    showToast(
      kept === notes ? 'Notes kept' : 'The notes had been changed in another window: both texts are kept, yours below',
    )
  })
  return kept
}

export async function extendRuns(runIds: string[], steps: number): Promise<boolean> {
  return withFailureToast(async () => {
    await request('run.extend', { runIds, steps })
    showToast(`${countRuns(runIds.length)} going on to step ${formatCount(steps)}`)
  })
}

export async function exportArchive(runIds: string[]): Promise<void> {
  await withFailureToast(async () => saveFile(await request('archive.export', { runIds })))
}

export async function exportRun(input: RequestInput<'run.export'>): Promise<void> {
  await withFailureToast(async () => {
    saveFile(await request('run.export', input))
    await showDamage({ runId: input.runId, archive: input.archive })
  })
}

/** Tells where it failed, and answers whether it did not. */
export async function withFailureToast(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act()
    return true
  } catch (error) {
    showFailure(error)
    return false
  }
}
