import { formatGiven } from '../../../shared/formatting/formatNumber.ts'
import { describeBounds } from '../../../shared/specification/bounds.ts'
import { specificationFields, type SpecificationField } from '../../../shared/specification/fields.ts'
import { hasField } from '../../../shared/specification/hasField.ts'
import { kindAt } from '../../../shared/specification/kindAt.ts'
import { writeEntry } from '../../formatting/entries.ts'
import type { Field } from './field.ts'
import { ownFields } from './ownFields.ts'
import { valueAt, type SpecDraft } from '../../../shared/specification/paths.ts'
import { variantOf } from './variantOf.ts'

/** What stands for whatever is typed, where words may be chosen too. */
const given = 'given'

/** Every field of a specification as lines of the wizard, by their words; what is special about some is in `ownFields`. */
export const wizardFields: readonly Field[] = specificationFields
  .filter(({ path, words }) => !path.startsWith('interventions') && !words.isFound)
  .flatMap((field) => linesOf(field).map((line) => ({ ...line, ...ownFields(line) })))

export function linesOf(field: SpecificationField): Field[] {
  if (field.type === 'kind') return [kindLine(field)]
  if (field.type === 'part' || field.type === 'switch') return [partLine(field)]
  if (field.type === 'choice') return [choiceLine(field)]
  const line: Field = {
    ...lineOf(field),
    kind: field.type === 'list' ? 'list' : field.type === 'text' ? 'text' : 'number',
    allowed: allowedOf(field),
    ...fallbackOf(field),
  }
  return field.choices.length === 0 ? [line] : mixedLines(field, line)
}

/** What all lines have in common. */
function lineOf({ path, words, where }: SpecificationField): Omit<Field, 'kind'> {
  return {
    path,
    label: words.label[0]!.toUpperCase() + words.label.slice(1),
    ...(words.symbol === undefined ? {} : { symbol: words.symbol }),
    help: words.help,
    unit: () => words.unit ?? '',
    shown: (draft) => hasField(draft, { path, where }),
  }
}

/** Which variant an object is of: its path is that of the whole, since a choice replaces it. */
function kindLine(field: SpecificationField): Field {
  const container = field.path.replace(/\.kind$/, '')
  return {
    ...lineOf(field),
    ...choicesOf(field),
    path: container,
    read: (draft) => kindAt(draft, field.path),
    write: (kind, draft) => [{ path: container, value: variantOf(container, kind, draft) }],
  }
}

/** An object that may be left out, or what is true or left out. */
function partLine(field: SpecificationField): Field {
  const present = (draft: SpecDraft) => (field.type === 'switch' ? true : variantOf(field.path, null, draft))
  return {
    ...lineOf(field),
    kind: 'segments',
    choices: [
      { value: 'off', label: 'off' },
      { value: 'on', label: 'on' },
    ],
    fallback: 'off',
    read: (draft) => ([undefined, false].includes(valueAt(draft, field.path) as undefined) ? 'off' : 'on'),
    write: (value, draft) => [{ path: field.path, value: value === 'on' ? present(draft) : undefined }],
  }
}

function choiceLine(field: SpecificationField): Field {
  return { ...lineOf(field), ...choicesOf(field), ...fallbackOf(field) }
}

/** A word, or what is typed: a line to choose by, and one to type in where it is to be given. */
function mixedLines(field: SpecificationField, typed: Field): Field[] {
  const { path, words, choices, fallback } = field
  const read = (draft: SpecDraft) => {
    const value = valueAt(draft, path) ?? fallback
    return choices.includes(String(value)) ? String(value) : given
  }
  const isTyped = typeof fallback === 'number'
  const { kind, choices: named } = choicesOf({ ...field, choices: [...choices, given] })
  return [
    {
      ...lineOf(field),
      kind,
      choices: named,
      ...(isTyped ? { fallback: given } : fallbackOf(field)),
      read,
      write: (value) => [{ path, value: value === given ? words.example : value }],
    },
    {
      ...typed,
      label: `${typed.label}, given`,
      fallback: isTyped ? typed.fallback! : '',
      read: (draft) => (read(draft) === given ? valueAt(draft, path) : undefined),
      shown: (draft) => typed.shown(draft) && read(draft) === given,
    },
  ]
}

/** Few short ones stand side by side. */
function choicesOf({ choices, words }: SpecificationField): {
  kind: Field['kind']
  choices: { value: string; label: string }[]
} {
  const named = choices.map((value) => ({ value, label: words.choices?.[value] ?? value }))
  const letters = named.reduce((sum, { label }) => sum + label.length, 0)
  return { kind: named.length <= 4 && letters <= 40 ? 'segments' : 'menu', choices: named }
}

function allowedOf({ type, bounds }: SpecificationField): string {
  const words = describeBounds(bounds, formatGiven)
  if (type !== 'list') return words === '' ? '' : `${words[0]!.toUpperCase()}${words.slice(1)}.`
  return `Numbers, with commas between them${words === '' ? '' : `: ${words}`}.`
}

function fallbackOf({ fallback }: SpecificationField): { fallback?: string } {
  return fallback === undefined || typeof fallback === 'object' ? {} : { fallback: writeEntry(fallback) }
}
