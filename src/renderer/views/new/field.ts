import type { Choice } from '../../components/SegmentedControl.vue'
import { fittingChanges } from '../../../shared/specification/fittingChanges.ts'
import { valueAt, type Change, type SpecDraft } from '../../../shared/specification/paths.ts'

/** One line of the wizard. Words may hold symbols, as `setSymbols` sets them. */
export interface Field {
  path: string
  label: string
  symbol?: string
  /** `list` is typed with commas; `segments` and `menu` choose one of `choices`. */
  kind: 'number' | 'text' | 'list' | 'segments' | 'menu'
  choices?: readonly Choice<string>[]
  /** Whether the rest of the draft leaves room for a choice; without it, always. */
  isOffered?: (value: string, draft: SpecDraft) => boolean
  /** What may be given, in a few words. */
  allowed?: string
  help: string
  unit: (draft: SpecDraft) => string
  /** What holds where the field is left out. */
  fallback?: string
  shown: (draft: SpecDraft) => boolean
  /** What the field reads where that is not simply what stands at its path. */
  read?: (draft: SpecDraft) => unknown
  /** What a choice changes where that is not simply what stands at its path. */
  write?: (value: string, draft: SpecDraft) => Change[]
}

/** What a field shows: what stands at its path, or what holds without. */
export function readField(field: Field, draft: SpecDraft): unknown {
  return field.read ? field.read(draft) : (valueAt(draft, field.path) ?? undefined)
}

export function writeField(field: Pick<Field, 'path' | 'write'>, value: unknown, draft: SpecDraft): Change[] {
  const isChoice = field.write && typeof value === 'string'
  const changes = isChoice ? field.write!(value, draft) : [{ path: field.path, value }]
  return fittingChanges(changes, draft)
}
