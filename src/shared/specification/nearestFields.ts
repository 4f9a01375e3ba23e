import { nearestNames } from '../nearestNames.ts'
import { specificationFields } from './fields.ts'
import { isOfKinds } from './hasField.ts'
import type { SpecDraft } from './paths.ts'

/** Fields that a specification may have by its kinds and that an unknown path may be meant as, the nearest first. */
export function nearestFields(path: string, draft: unknown): string[] {
  if (typeof draft !== 'object' || draft === null) return []
  const fields = specificationFields.filter(({ where }) => isOfKinds(draft as SpecDraft, where))
  return nearestNames(
    path,
    fields.flatMap(({ path: each }) => (each.endsWith('.kind') ? [each, each.slice(0, -'.kind'.length)] : [each])),
  )
}
