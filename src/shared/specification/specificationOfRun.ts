import type { SpecDraft } from './paths.ts'

/** The snapshot that a branch began from. */
export interface BranchOrigin {
  runId: string
  step: number
}

/**
 * The experiment of one seed that a run as it is exported, or printed by `show --json`, says it is of; null of anything else. It
 * starts as its specification says, so of a branch the name no longer says from which step.
 */
export function specificationOfRun(given: unknown): SpecDraft | null {
  if (!isRecord(given) || typeof given['experimentId'] !== 'string' || !isRecord(given['spec'])) return null
  const { seed, ...shared } = given['spec']
  const origin = branchOriginOf(given)
  if (!origin || typeof shared['name'] !== 'string') return { ...shared, seeds: [seed] }
  const parts = shared['name'].split(', ').filter((part) => part !== branchPart(origin.step))
  return { ...shared, name: parts.join(', ') || shared['name'], seeds: [seed] }
}

/** Where a run as it is exported began, where that was a snapshot of another: its specification does not say so. */
export function branchOriginOf(given: unknown): BranchOrigin | null {
  if (!isRecord(given)) return null
  const { parentRunId: runId, parentStep: step } = given
  return typeof runId === 'string' && typeof step === 'number' ? { runId, step } : null
}

/** The part of the name of a branch, between commas, that says from which step it began. */
export function branchPart(step: number): string {
  return `from ${step}`
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
