import type { SpecDraft } from './paths.ts'

/** The experiment of one seed that a run as it is exported, or printed by `show --json`, says it is of; null of anything else. */
export function specificationOfRun(given: unknown): SpecDraft | null {
  if (!isRecord(given) || typeof given['experimentId'] !== 'string' || !isRecord(given['spec'])) return null
  const { seed, ...shared } = given['spec']
  return { ...shared, seeds: [seed] }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
