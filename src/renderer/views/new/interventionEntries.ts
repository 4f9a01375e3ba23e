import { specificationFields } from '../../../shared/specification/fields.ts'
import { valueAt, type Change, type SpecDraft } from '../../../shared/specification/paths.ts'
import type { Field } from './field.ts'
import { linesOf } from './wizardFields.ts'

const inEntry = 'interventions[]'
const entryFields = specificationFields.filter(({ path }) => path.startsWith(`${inEntry}.`))

/** The interventions of a draft, right or wrong. */
export function entriesOf(draft: SpecDraft): readonly unknown[] {
  const entries = valueAt(draft, 'interventions')
  return Array.isArray(entries) ? entries : []
}

/** The lines of the intervention at a place. */
export function entryLines(place: number): Field[] {
  const container = `interventions.${place}`
  const here = (path: string) => path.replace(inEntry, container)
  return entryFields.flatMap((field) => {
    const where = field.where.map((set) => set.map((each) => ({ ...each, path: here(each.path) })))
    const lines = linesOf({ ...field, path: here(field.path), where })
    return field.type === 'kind' ? lines.map((line) => ({ ...line, write: toKind(container) })) : lines
  })
}

export function addEntry(draft: SpecDraft): Change[] {
  return [{ path: 'interventions', value: [...entriesOf(draft), entryOfKind('removeFrequencies', {})] }]
}

export function removeEntry(draft: SpecDraft, place: number): Change[] {
  const left = entriesOf(draft).filter((_, each) => each !== place)
  return [{ path: 'interventions', value: left.length > 0 ? left : undefined }]
}

function toKind(container: string): NonNullable<Field['write']> {
  return (kind, draft) => [{ path: container, value: entryOfKind(kind, valueAt(draft, container)) }]
}

/** What both kinds have is kept, the rest is an example. */
function entryOfKind(kind: string, before: unknown): SpecDraft {
  const needed = entryFields.filter(({ where }) => where.some((set) => set.some(({ value }) => value === kind)))
  const values = needed.map(({ path, words }) => {
    const name = path.slice(inEntry.length + 1)
    return [name, valueAt(before, name) ?? words.example] as const
  })
  return { ...Object.fromEntries(values), kind }
}
