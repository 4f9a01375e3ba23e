import { z } from 'zod'
import { filePath } from '../filePath.ts'
import { backendKinds } from '../machine.ts'
import { figureIds } from '../papers/papers.ts'
import { plainText } from '../plainText.ts'
import { shelves } from '../query/runTable.ts'

export const runId = z.string().min(1).max(40)
export const runIds = distinct(z.array(runId).min(1).max(20_000))
export const step = z.int().min(0)
/** An archive opened beside one's own, by the id that `archive.open` gave or the path of its file; absent means one's own. */
export const archive = filePath.optional()
export const tag = plainText(z.string().trim().min(1).max(60))
export const shelf = z.enum(shelves)
export const figure = z.enum(figureIds)
/** A filter as `parseRunQuery` reads it. */
export const filter = z.string().max(5000)
/** Runs watched by one client, and runs in one answer. */
export const maxWatched = 1000
/** What a client calls a long computation, to be told how far it is and to end it. */
export const computation = z.string().min(1).max(100)
/** Whether this client watches the runs that begin, from their beginning, beside those it watches. */
export const watch = z.boolean().default(false)
export const specification = z.record(z.string(), z.unknown())
/** What computes new runs; without it, what the host chooses. */
export const backend = z.enum(backendKinds).optional()

/** A list whose entries count once, however often they stand in it. */
export function distinct<Entry extends z.ZodType>(entries: z.ZodArray<Entry>) {
  return entries.transform((given) => [...new Set(given)])
}
