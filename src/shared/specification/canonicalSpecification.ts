import type { z } from 'zod'
import { composedSchema, studiedSchema, toyNetwork, type ExperimentSpec } from '../experiment.ts'
import { unwrapped, type Schema } from './fields.ts'

/**
 * A specification without its name and without whatever would hold as well if it were not said, at any depth: a field that
 * a later version adds changes nothing in those that do without it. `parseExperiment` makes the same specification of it
 * again, but for where a file of data or of weights lies, so that two which mean different things never share one.
 */
export function canonicalSpecification(spec: ExperimentSpec): Record<string, unknown> {
  const schema = 'study' in spec ? studiedSchema : composedSchema
  const { name: _, ...said } = withoutDefaults(schema, spec) as Record<string, unknown>
  const isToyNetwork =
    'task' in spec && spec.task.kind === 'toy' && isSame(said['network'], withoutDefaults(network, toyNetwork))
  if (isToyNetwork) delete said['network']
  // The steps follow from a decay time.
  if ('task' in spec && spec.dynamics.decayTime !== undefined) delete (said['dynamics'] as { steps?: number }).steps
  // Data is what it holds, wherever its file lies.
  if ('task' in spec && spec.task.kind === 'dataset') {
    said['task'] = { ...(said['task'] as object), path: `${spec.task.content.hash}.npz` }
  }
  // And a start is its numbers, where these are known.
  if ('task' in spec && spec.initialization.kind === 'file' && spec.initialization.hash !== undefined) {
    said['initialization'] = { ...(said['initialization'] as object), path: `${spec.initialization.hash}.npz` }
  }
  return said
}

const { network } = composedSchema.shape

/** Fields come in the order of the schema. */
function withoutDefaults(schema: Schema, value: unknown): unknown {
  const def = (unwrapped(schema).inner as z.core.$ZodTypes)._zod.def
  if (def.type === 'object') return membersOf(def, value as Record<string, unknown>)
  if (def.type === 'union' && 'discriminator' in def) {
    const { discriminator, options } = def as z.core.$ZodDiscriminatedUnionDef
    const kind = (value as Record<string, unknown>)[discriminator]
    const option = (options as z.core.$ZodObject[]).find(({ _zod }) =>
      _zod.propValues?.[discriminator]?.has(kind as string),
    )
    return membersOf(option!._zod.def, value as Record<string, unknown>)
  }
  if (def.type === 'array') return (value as unknown[]).map((entry) => withoutDefaults(def.element, entry))
  return value
}

/** A default is shortened before it is compared, so that it may lack what is a default in it. */
function membersOf({ shape }: z.core.$ZodObjectDef, value: Record<string, unknown>): Record<string, unknown> {
  const said = Object.entries(shape).flatMap(([name, schema]): [string, unknown][] => {
    if (value[name] === undefined) return []
    const entry = withoutDefaults(schema, value[name])
    const fallback = shortenedFallback(schema)
    return fallback !== undefined && JSON.stringify(entry) === fallback ? [] : [[name, entry]]
  })
  return Object.fromEntries(said)
}

const fallbacks = new WeakMap<Schema, string | undefined>()

/** As JSON; of ten thousand specifications each default is shortened once. */
function shortenedFallback(schema: Schema): string | undefined {
  if (!fallbacks.has(schema)) {
    const { fallback } = unwrapped(schema)
    fallbacks.set(schema, fallback === undefined ? undefined : JSON.stringify(withoutDefaults(schema, fallback)))
  }
  return fallbacks.get(schema)
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
