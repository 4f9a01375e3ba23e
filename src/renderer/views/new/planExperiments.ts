import { writeField } from './field.ts'
import { changed, type SpecDraft } from '../../../shared/specification/paths.ts'

/** One field given several values, each of which makes an experiment of its own. */
export interface Sweep {
  path: string
  values: readonly (number | string)[]
}

export interface PlannedExperiment {
  spec: SpecDraft
  /** What tells it from the others; null where there is only one. */
  value: number | string | null
}

const longestName = 200
const longestTag = 60

/** What is to be submitted: the draft itself, or one experiment for each value of the sweep, named after it. */
export function planExperiments(draft: SpecDraft, sweep: Sweep | null, symbol: string): PlannedExperiment[] {
  if (!sweep || sweep.values.length === 0) return [{ spec: draft, value: null }]
  const name = typeof draft.name === 'string' ? draft.name : 'untitled'
  return sweep.values.map((value) => {
    const suffix = `, ${symbol} = ${value}`
    const named = { path: 'name', value: name.slice(0, longestName - suffix.length) + suffix }
    return { spec: changed(draft, [...writeField({ path: sweep.path }, value, draft), named]), value }
  })
}

/** Tags of all the experiments: those asked for, and for a sweep the one that holds it together. */
export function planTags(requested: readonly string[], draft: SpecDraft, sweep: Sweep | null): string[] {
  if (!sweep || sweep.values.length === 0) return [...new Set(requested)]
  const name = typeof draft.name === 'string' ? draft.name : 'untitled'
  return [...new Set([...requested, `sweep: ${name}`.slice(0, longestTag).trim()])]
}
