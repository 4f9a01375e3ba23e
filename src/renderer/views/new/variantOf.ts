import { findField, specificationFields } from '../../../shared/specification/fields.ts'
import { fillPart } from '../../../shared/specification/fillPart.ts'
import { usualValues } from '../../../shared/usualValues.ts'
import { changed, valueAt, type SpecDraft } from '../../../shared/specification/paths.ts'

/**
 * An object of a draft as one of another kind (or, with none, as it is first put in): what both kinds have is kept, what
 * the kind needs is usual or an example, and what it may leave out has its default.
 */
export function variantOf(container: string, kind: string | null, draft: SpecDraft): SpecDraft {
  const begun = changed(draft, [{ path: container, value: kind === null ? {} : { kind } }])
  const usual: Readonly<Record<string, unknown>> = usualValues(begun)
  const filled = membersOf(container, kind ?? findField(`${container}.kind`)?.fallback).reduce((next, path) => {
    const field = findField(path)
    const example = field?.isRequired ? field.words.example : undefined
    const value = valueAt(draft, path) ?? usual[path] ?? example
    return value === undefined ? next : changed(next, [{ path, value }])
  }, begun)
  const value = valueAt(filled, container) as SpecDraft
  return (fillPart(container, value) as SpecDraft | null) ?? value
}

/** The paths of what an object of a kind has, whole inner objects among them. */
function membersOf(container: string, kind: unknown): string[] {
  const start = `${container}.`
  const paths = specificationFields
    .filter(({ path }) => path.startsWith(start) && path !== `${start}kind`)
    .filter(
      ({ where }) =>
        kind === undefined ||
        where.some((set) => set.every((each) => each.path !== `${start}kind` || each.value === kind)),
    )
    .map(({ path }) => start + path.slice(start.length).split('.')[0]!)
  return [...new Set(paths)]
}
