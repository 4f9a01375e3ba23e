import type { SpecDraft } from '../../../shared/specification/paths.ts'
import { isRecord } from './axes.ts'

/** The experiment of one seed that a run as it is exported, or printed by `show --json`, says it is of; null of anything else. */
export function specificationOfRun(given: SpecDraft): SpecDraft | null {
  if (typeof given['experimentId'] !== 'string' || !isRecord(given['spec'])) return null
  const { seed, ...shared } = given['spec']
  return { ...shared, seeds: [seed] }
}
