import { fittingChanges } from '../../../shared/specification/fittingChanges.ts'
import { changed, type Change, type SpecDraft } from '../../../shared/specification/paths.ts'
import { shortEntry } from '../../formatting/entries.ts'

export interface PlannedExperiment {
  spec: SpecDraft
  /** What tells it from the others; null where there is only one. */
  cell: string | null
}

const longestName = 200
const longestTag = 60

/** What is to be submitted: the draft itself, or one experiment for each cell, named after what it sets. */
export function planExperiments(
  draft: SpecDraft,
  cells: readonly (readonly Change[])[] | null,
  symbolOf: (path: string) => string,
): PlannedExperiment[] {
  if (!cells) return [{ spec: draft, cell: null }]
  const name = typeof draft.name === 'string' ? draft.name : 'untitled'
  return cells.map((cell) => {
    const words = cell.map(({ path, value }) => `${symbolOf(path)} = ${shortEntry(value, path)}`).join(', ')
    const suffix = `, ${words}`.slice(0, longestName)
    const named = { path: 'name', value: name.slice(0, longestName - suffix.length) + suffix }
    return { spec: changed(draft, [...fittingChanges(cell, draft), named]), cell: words }
  })
}

/** What a plan costs in a branch: it begins with weights that are there, and its parent's start is neither trained nor read again. */
export function withoutStart(plan: readonly PlannedExperiment[]): PlannedExperiment[] {
  return plan.map(({ spec: { initialization: _, ...spec }, cell }) => ({ spec, cell }))
}

/** Tags of all the experiments: those asked for, and for several the one that holds them together, without commas, which part tags. */
export function planTags(requested: readonly string[], draft: SpecDraft, isSweep: boolean): string[] {
  if (!isSweep) return [...new Set(requested)]
  const name = typeof draft.name === 'string' ? draft.name.replaceAll(/\s*,\s*/g, ' ') : 'untitled'
  return [...new Set([...requested, `sweep: ${name}`.slice(0, longestTag).trim()])]
}
