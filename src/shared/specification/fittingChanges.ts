import type { z } from 'zod'
import { withOneLength } from '../decayTime.ts'
import { composedSchema, studiedSchema } from '../experiment.ts'
import { unwrapped, type Schema } from './fields.ts'
import { changed, valueAt, type Change, type SpecDraft } from './paths.ts'

/**
 * Changes of a draft as they fit it: of what has a kind, and stands there by a word (`"optimizer": "adamw"`) or not at all, it is written out
 * first what that means, so that a field of it can be set; and of two ways to say how long a run is, the one that is set stays.
 */
export function fittingChanges(changes: readonly Change[], draft: SpecDraft): Change[] {
  return withOneLength([...containersOf(changes, draft), ...changes], draft)
}

/** What has a kind, and is not written out in a draft, as changes that write it out, so that fields of it can be set by all of `changes`. */
export function containersOf(changes: readonly Change[], draft: SpecDraft): Change[] {
  const isChanged = (path: string) => changes.some((change) => change.path === path)
  const paths = changes.filter(({ value }) => value !== undefined).map(({ path }) => path.replace(/\.?[^.]+$/, ''))
  return [...new Set(paths)].flatMap((path) => {
    const given = valueAt(draft, path)
    if (isObject(given) || isChanged(path) || isChanged(`${path}.kind`)) return []
    const value = schemaAt(wholeOf(draft), path.split('.'), changed(draft, changes))?.safeParse(given).data
    return isObject(value) && 'kind' in value ? [{ path, value }] : []
  })
}

function wholeOf(draft: SpecDraft): Schema {
  return 'study' in draft ? studiedSchema : composedSchema
}

/** The schema of what lies at a path, by the kinds that a draft says on the way. */
function schemaAt(schema: Schema, [key, ...rest]: readonly string[], draft: unknown): z.ZodType | undefined {
  if (key === undefined) return schema as z.ZodType
  const member = shapeOf(schema, draft)?.[key]
  return member && schemaAt(member, rest, isObject(draft) ? draft[key] : undefined)
}

function shapeOf(schema: Schema, draft: unknown): z.core.$ZodShape | undefined {
  const { def } = (unwrapped(schema).inner as z.core.$ZodTypes)._zod
  if (def.type === 'object') return def.shape
  if (def.type !== 'union' || !('discriminator' in def)) return undefined
  const name = String((def as z.core.$ZodDiscriminatedUnionDef).discriminator)
  const shapes = (def.options as z.core.$ZodObject[]).map((option) => option._zod.def.shape)
  return shapes.find((shape) => (shape[name] as z.ZodType).safeParse(isObject(draft) ? draft[name] : undefined).success)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
