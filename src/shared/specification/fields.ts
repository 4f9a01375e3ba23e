import type { z } from 'zod'
import { composedSchema, studiedSchema } from '../experiment.ts'
import { studyKinds } from '../studies/studies.ts'
import type { Bounds } from './bounds.ts'
import { words, type FieldWords } from './words.ts'

/** A discriminator that stands at a value: `dynamics.kind` at `training`; an empty one where there is no such part. */
export interface Condition {
  path: string
  value: string
}

/** One field of a specification, as its schema declares it. */
export interface SpecificationField {
  /** With dots: `dynamics.integrator.stepSize`; `[]` stands for the entries of a list. */
  path: string
  words: FieldWords
  /**
   * `kind` is the field that tells the variants of an object apart; `part` is an object that may be left out; `switch` is true
   * or left out.
   */
  type: 'number' | 'wholeNumber' | 'text' | 'choice' | 'switch' | 'kind' | 'list' | 'part'
  /** What else than a number (or the only values that) may stand there. */
  choices: readonly string[]
  bounds: Bounds
  /** What holds where it is left out. */
  fallback?: unknown
  isRequired: boolean
  /** It is there under any of these sets of conditions; an empty set is always. */
  where: readonly (readonly Condition[])[]
}

/** Of every schema that was looked at: a sweep asks for the same ones in each of its cells. */
const bare = new WeakMap<Schema, Wrapping & { inner: Schema }>()

/** Every field in the order of the schema; where variants share a path, one field. */
export const specificationFields: readonly SpecificationField[] = merged([
  ...walk(composedSchema, '', [{ path: 'study.kind', value: '' }]),
  ...studyKinds.flatMap((value) => walk(studiedSchema, '', [{ path: 'study.kind', value }])),
])

const byPath = new Map(specificationFields.map((field) => [field.path, field]))

export function findField(path: string): SpecificationField | undefined {
  return byPath.get(path)
}

export type Schema = z.core.$ZodType

/** What wraps a schema: whether it may be left out, and what holds then. */
interface Wrapping {
  isRequired: boolean
  fallback?: unknown
  words?: FieldWords | undefined
}

/** The fields within a schema of whatever, each with its words; where variants share a path, one field. */
export function fieldsWithin(schema: Schema): SpecificationField[] {
  return merged(walk(schema, '', []))
}

function walk(schema: Schema, path: string, where: readonly Condition[]): SpecificationField[] {
  const { inner, ...wrapping } = unwrapped(schema)
  const def = (inner as z.core.$ZodTypes)._zod.def
  if (def.type === 'object') {
    const own = wrapping.words ? [field(inner, path, where, wrapping, 'part')] : []
    return [...own, ...membersOf(def, path, where)]
  }
  if (def.type === 'union' && 'discriminator' in def) {
    const discriminator = String((def as z.core.$ZodDiscriminatedUnionDef).discriminator)
    const variants = (def.options as z.core.$ZodObject[]).map((option) => ({
      def: option._zod.def,
      value: literalOf(option._zod.def.shape[discriminator]!),
    }))
    const at = join(path, discriminator)
    const unnamed = variants.find((variant) => !unwrapped(variant.def.shape[discriminator]!).isRequired)
    const kind = {
      ...field(inner, at, where, wrapping, 'kind'),
      choices: variants.map(({ value }) => value),
      fallback: memberOf(wrapping.fallback, discriminator) ?? unnamed?.value,
      isRequired: wrapping.isRequired && !unnamed,
    }
    return [
      kind,
      ...variants.flatMap((variant) => membersOf(variant.def, path, [...where, { path: at, value: variant.value }])),
    ]
  }
  if (def.type === 'array') {
    const element = unwrapped(def.element).inner
    const isNested = ['object', 'union'].includes((element as z.core.$ZodTypes)._zod.def.type)
    return [
      { ...field(inner, path, where, wrapping, 'list'), ...(isNested ? {} : { bounds: boundsOf(element) }) },
      ...(isNested ? walk(def.element, `${path}[]`, where) : []),
    ]
  }
  return [field(inner, path, where, wrapping)]
}

function membersOf(def: z.core.$ZodObjectDef, path: string, where: readonly Condition[]): SpecificationField[] {
  return Object.entries(def.shape)
    .filter(([, member]) => (unwrapped(member).inner as z.core.$ZodTypes)._zod.def.type !== 'literal')
    .flatMap(([name, member]) => walk(member, join(path, name), where))
}

function field(
  schema: Schema,
  path: string,
  where: readonly Condition[],
  { words: spoken, fallback, isRequired }: Wrapping,
  type?: SpecificationField['type'],
): SpecificationField {
  if (!spoken) throw new Error(`no words for ${path || 'the specification'}`)
  const { kind, choices, bounds } = describe(schema)
  return { path, words: spoken, type: type ?? kind, choices, bounds, fallback, isRequired, where: [where] }
}

/** Default, optional and preprocessing taken off; the words are those of any of the layers. */
export function unwrapped(schema: Schema): Wrapping & { inner: Schema } {
  const known = bare.get(schema) ?? unwrap(schema)
  bare.set(schema, known)
  return known
}

function unwrap(schema: Schema): Wrapping & { inner: Schema } {
  let inner = schema
  const found: Wrapping = { isRequired: true }
  for (;;) {
    found.words ??= words.get(inner as unknown as z.ZodType)
    const def = (inner as z.core.$ZodTypes)._zod.def
    if (def.type === 'default' || def.type === 'prefault') {
      found.isRequired = false
      found.fallback ??= def.defaultValue
    } else if (def.type === 'optional') found.isRequired = false
    else if (def.type !== 'pipe') return { ...found, inner }
    inner = def.type === 'pipe' ? def.out : def.innerType
  }
}

function describe(schema: Schema): { kind: SpecificationField['type']; choices: string[]; bounds: Bounds } {
  const def = (schema as z.core.$ZodTypes)._zod.def
  switch (def.type) {
    case 'enum':
      return { kind: 'choice', choices: Object.values(def.entries).map(String), bounds: {} }
    case 'literal':
      return { kind: 'choice', choices: def.values.map(String), bounds: {} }
    case 'boolean':
      return { kind: 'switch', choices: ['true'], bounds: {} }
    case 'number': {
      const isWhole = 'format' in def
      return { kind: isWhole ? 'wholeNumber' : 'number', choices: [], bounds: boundsOf(schema) }
    }
    case 'union': {
      const parts = def.options.map(describe)
      const kinds = parts.map(({ kind }) => kind)
      const kind = kinds.find((each) => each !== 'choice') ?? 'choice'
      return {
        kind,
        choices: parts.flatMap(({ choices }) => choices),
        bounds: Object.assign({}, ...parts.map(({ bounds }) => bounds)) as Bounds,
      }
    }
    case 'array':
      return { kind: 'list', choices: [], bounds: boundsOf(def.element) }
    default:
      return { kind: 'text', choices: [], bounds: {} }
  }
}

function boundsOf(schema: Schema): Bounds {
  const { checks = [] } = (schema as z.core.$ZodTypes)._zod.def
  const bounds: Bounds = {}
  for (const check of checks as z.core.$ZodChecks[]) {
    const { def } = check._zod
    if (def.check === 'greater_than') bounds[def.inclusive ? 'min' : 'above'] = Number(def.value)
    if (def.check === 'less_than') bounds[def.inclusive ? 'max' : 'below'] = Number(def.value)
  }
  return bounds
}

/** Fields of one path from several variants as one, with the choices of all; what else differs in them (a fallback) is that of the first. */
function merged(fields: readonly SpecificationField[]): SpecificationField[] {
  const found = new Map<string, SpecificationField>()
  for (const each of fields) {
    const known = found.get(each.path)
    const choices = [...new Set([...(known?.choices ?? []), ...each.choices])]
    found.set(each.path, known ? { ...known, choices, where: [...known.where, ...each.where] } : each)
  }
  return [...found.values()]
}

function literalOf(schema: Schema): string {
  const def = (unwrapped(schema).inner as z.core.$ZodTypes)._zod.def
  if (def.type !== 'literal') throw new Error('variants are told apart by a literal')
  return String(def.values[0])
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}
