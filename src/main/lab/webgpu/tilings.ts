import { tileSizes, tilingsSchema, type Tilings } from '../../../shared/tilingTable.ts'
import type { StepShape } from './stepShape.ts'

/** How a product (rows × columns, sums of `inner` terms) is cut. */
export interface Tiling {
  /** Entries of a thread along a side of a tile: of `tileSizes`. */
  readonly micro: (typeof tileSizes)[number]
  /** Parts that the sums are computed in, which are added up in their order. */
  readonly parts: number
}

export interface ProductSizes {
  readonly rows: number
  readonly columns: number
  readonly inner: number
}

/** Along which index the factors of each kind of product lie in memory: neighbors are read by neighboring threads. */
export const productLayouts = {
  AB: { isLeftAlongRows: false, isRightAlongTerms: false },
  ABᵀ: { isLeftAlongRows: false, isRightAlongTerms: true },
  AᵀB: { isLeftAlongRows: true, isRightAlongTerms: false },
} as const
export type ProductLayout = keyof typeof productLayouts

/** How the kernel of a product is written, whatever its sizes. */
export interface ProductForm {
  readonly layout: ProductLayout
  readonly micro: Tiling['micro']
}

/** Every form there is. */
export const productForms: readonly ProductForm[] = tileSizes.flatMap((micro) =>
  (Object.keys(productLayouts) as ProductLayout[]).map((layout) => ({ layout, micro })),
)

/** Threads along a side of a tile. */
export const tileSide = 16
/** Workgroups that keep a large GPU busy. */
const manyGroups = 128

/** How the products of a step are cut: by their sizes alone, so that they decide its bits. */
export function tilingsOf({ samples, inputs, hidden, outputs }: StepShape): Tilings {
  return {
    hidden: { ...tilingOf({ rows: samples, columns: hidden, inner: inputs }, 1), parts: 1 },
    outputs: tilingOf({ rows: samples, columns: outputs, inner: hidden }, 8),
    back: { ...tilingOf({ rows: samples, columns: hidden, inner: outputs }, 1), parts: 1 },
    secondLayer: tilingOf({ rows: hidden, columns: outputs, inner: samples }, 16),
    firstLayer: tilingOf({ rows: inputs, columns: hidden, inner: samples }, 16),
  }
}

/** Tilings as numbers of a snapshot, so that a run goes on with those that it began with. */
export function tilingScalars(tilings: Tilings): Record<string, number> {
  return Object.fromEntries(
    Object.entries(tilings).flatMap(([name, { micro, parts }]) => [
      [`${name}Tiles`, micro],
      [`${name}Parts`, parts],
    ]),
  )
}

/** The tilings of a snapshot; undefined where they follow from the sizes alone. */
export function tilingsOfScalars(scalars: Readonly<Record<string, number>>): Tilings | undefined {
  const names = Object.keys(tilingsSchema.shape)
  const given = names.map((name) => [name, { micro: scalars[`${name}Tiles`], parts: scalars[`${name}Parts`] }])
  return tilingsSchema.safeParse(Object.fromEntries(given)).data
}

function tilingOf(sizes: ProductSizes, maxParts: number): Tiling {
  const micro = tileSizes.findLast((each) => tilesOf(sizes, each) * maxParts >= manyGroups / 2) ?? 1
  const wanted = Math.ceil(manyGroups / tilesOf(sizes, micro))
  return { micro, parts: Math.max(1, Math.min(maxParts, wanted, Math.floor(sizes.inner / 64))) }
}

function tilesOf({ rows, columns }: ProductSizes, micro: number): number {
  return Math.ceil(rows / (tileSide * micro)) * Math.ceil(columns / (tileSide * micro))
}
