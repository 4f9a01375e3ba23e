import { findField } from './fields.ts'
import { valueAt, type SpecDraft } from './paths.ts'

/** The kind at a path (`dynamics.kind`), also where a draft leaves it out, or has an object's kind in the object's place. */
export function kindAt(draft: SpecDraft, path: string): string {
  const whole = valueAt(draft, path.replace(/\.kind$/, ''))
  const kind = typeof whole === 'string' ? whole : (valueAt(draft, path) ?? findField(path)?.fallback)
  return typeof kind === 'string' ? kind : ''
}
