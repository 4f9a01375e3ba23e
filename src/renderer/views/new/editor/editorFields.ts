import type { EditorState } from '@codemirror/state'
import { findField, specificationFields, type SpecificationField } from '../../../../shared/specification/fields.ts'
import { findSwept, namesOfAxis, sweepFields } from '../../../../shared/sweep/sweepFields.ts'
import { textAt } from './jsonTree.ts'

/** What an editor knows of the JSON that it edits. */
export interface EditorFields {
  /** In the order in which their names are offered; `[]` stands for the entries of a list. */
  fields: readonly SpecificationField[]
  /** The field at a path of the text, or the one that tells the kinds of an object there apart. */
  fieldAt(path: string, state: EditorState): SpecificationField | undefined
  /** Whether a name may stand beside those that are there in an object. */
  isOffered(object: string, name: string, there: ReadonlySet<string>): boolean
}

export const experimentFields: EditorFields = {
  fields: specificationFields,
  fieldAt(path) {
    const declared = declaredPath(path)
    return findField(declared) ?? findField(`${declared}.kind`)
  },
  isOffered: () => true,
}

const byPath = new Map(sweepFields.map((field) => [field.path, field]))

export const fieldsOfSweep: EditorFields = {
  fields: sweepFields,
  fieldAt(path, state) {
    const declared = declaredPath(path)
    return sweptAt(path, state) ?? byPath.get(declared) ?? byPath.get(`${declared}.kind`)
  },
  isOffered: (object, name, there) => object !== 'axes[]' || namesOfAxis(there).includes(name),
}

/** A value of an axis is one of the field that it sets. */
function sweptAt(path: string, state: EditorState): SpecificationField | undefined {
  const [, axis, row, column] = /^(axes\.\d+)\.values\.(\d+)(?:\.(\d+))?$/.exec(path) ?? []
  if (axis === undefined || row === undefined) return undefined
  const field = textAt(state, column === undefined ? `${axis}.field` : `${axis}.fields.${column}`)
  return field === undefined ? undefined : findSwept(field)
}

function declaredPath(path: string): string {
  return path.replaceAll(/\.\d+(?=\.|$)/g, '[]')
}
