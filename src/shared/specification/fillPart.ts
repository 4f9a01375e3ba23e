import type { z } from 'zod'
import { experimentSchema } from '../experiment.ts'

/** A part of a specification (`dynamics`) with its defaults filled in; null where its schema does not take it. */
export function fillPart(name: string, value: unknown): unknown {
  const schema = (experimentSchema.shape as unknown as Record<string, z.ZodType | undefined>)[name]
  const result = schema?.safeParse(value)
  return result?.success ? result.data : null
}
