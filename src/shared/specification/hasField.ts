import { specificationFields, type SpecificationField } from './fields.ts'
import { kindAt } from './kindAt.ts'
import { valueAt, type SpecDraft } from './paths.ts'

/** Objects that may be left out. */
const parts = specificationFields.filter(({ type }) => type === 'part').map(({ path }) => path)

/** Whether a draft has a field: the parts that it lies in are there, and of a kind that has it. */
export function hasField(draft: SpecDraft, { path, where }: Pick<SpecificationField, 'path' | 'where'>): boolean {
  return (
    parts.every((part) => !path.startsWith(`${part}.`) || valueAt(draft, part) !== undefined) && isOfKinds(draft, where)
  )
}

/** Whether the kinds of a draft are those under which a field is there. */
export function isOfKinds(draft: SpecDraft, where: SpecificationField['where']): boolean {
  return where.some((set) => set.every((condition) => kindAt(draft, condition.path) === condition.value))
}
