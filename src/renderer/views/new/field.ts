import type { Choice } from '../../components/SegmentedControl.vue'
import { valueAt, type Change, type SpecDraft } from './specPaths.ts'

export const stepIds = ['task', 'network', 'record', 'seeds', 'review'] as const
export type StepId = (typeof stepIds)[number]

/** One line of the wizard. Words may hold symbols, as `setSymbols` sets them. */
export interface Field {
  path: string
  label: string
  symbol?: string
  /** `list` is typed with commas; `segments` and `menu` choose one of `choices`. */
  kind: 'number' | 'text' | 'list' | 'segments' | 'menu'
  choices?: readonly Choice<string>[]
  /** What may be given, in a few words. */
  allowed?: string
  help: string
  unit?: (draft: SpecDraft) => string
  /** What holds where the field is left out. */
  fallback?: string
  /** Absent: always. */
  shown?: (draft: SpecDraft) => boolean
  /** What the field reads where that is not simply what stands at its path. */
  read?: (draft: SpecDraft) => string
  /** What a choice changes where that is not simply what stands at its path. */
  write?: (value: string, draft: SpecDraft) => Change[]
}

export interface Section {
  step: StepId
  title: string
  text: string
  fields: readonly Field[]
}

/** What a field shows: what stands at its path, or what holds without. */
export function readField(field: Field, draft: SpecDraft): unknown {
  return field.read ? field.read(draft) : (valueAt(draft, field.path) ?? undefined)
}

export function writeField(field: Field, value: unknown, draft: SpecDraft): Change[] {
  if (field.write && typeof value === 'string') return field.write(value, draft)
  return [{ path: field.path, value }]
}

/** A condition that a path holds one of some values. */
export function holds(path: string, ...values: unknown[]): (draft: SpecDraft) => boolean {
  return (draft) => values.includes(valueAt(draft, path))
}
