import { z } from 'zod'

/** Entries of a thread along a side of a tile of a product. */
export const tileSizes = [1, 4, 8] as const
/** Parts that the sums of a product may be computed in. */
const maxParts = 64

const micro = z.literal(tileSizes)
const whole = z.strictObject({ micro, parts: z.literal(1) })
const inParts = z.strictObject({ micro, parts: z.int().min(1).max(maxParts) })

/** How each product of a step of training on a GPU is cut, by the name of what it computes; one part where nothing adds parts up. */
export const tilingsSchema = z.strictObject({
  hidden: whole,
  outputs: inParts,
  back: whole,
  secondLayer: inParts,
  firstLayer: inParts,
})
export type Tilings = z.output<typeof tilingsSchema>

const size = z.int().min(1)

/** What was found fastest for products of these sizes on a card. */
const entry = z.strictObject({
  /** As its driver calls it. */
  card: z.string(),
  samples: size,
  inputs: size,
  hidden: size,
  outputs: size,
  /** Whether each sample is a few tokens, and no row of numbers. */
  isTokens: z.boolean(),
  tilings: tilingsSchema,
  /** Of a step, with these tilings and with those that follow from its sizes alone. */
  microseconds: z.number().min(0),
  usualMicroseconds: z.number().min(0),
})
export type TilingEntry = z.output<typeof entry>

/** What is in the file of a user's settings that tuning writes. */
export const tilingTableSchema = z.strictObject({ version: z.literal(1), entries: z.array(entry).max(10_000) })
export type TilingTable = z.output<typeof tilingTableSchema>

/** What tuning came to: the table is to be written there. */
export interface TunedTable {
  path: string
  table: TilingTable
  /** For each run; null where its steps have no products. */
  found: (TilingEntry | null)[]
}

/** In words, for the record of a run. */
export function describeTilings(tilings: Tilings): string {
  const products = Object.entries(tilings).map(
    ([name, { micro, parts }]) => `${name} ${16 * micro}${parts > 1 ? ` in ${parts} parts` : ''}`,
  )
  return `tuned tiles: ${products.join(', ')}`
}
