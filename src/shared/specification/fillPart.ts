import type { z } from 'zod'
import { composedSchema, studiedSchema } from '../experiment.ts'

/** A part of a specification (`dynamics`) with its defaults filled in; null where its schema does not take it. */
export function fillPart(name: string, value: unknown): unknown {
  const schema = (
    { ...studiedSchema.shape, ...composedSchema.shape } as unknown as Record<string, z.ZodType | undefined>
  )[name]
  const result = schema?.safeParse(value)
  return result?.success ? result.data : null
}
