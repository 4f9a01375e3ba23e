import type { StepShape } from './stepShape.ts'

/** How a product (rows × columns, sums of `inner` terms) is cut. */
export interface Tiling {
  /** Entries of a thread along a side of a tile: of `tileSizes`. */
  readonly micro: number
  /** Parts that the sums are computed in, which are added up in their order. */
  readonly parts: number
}

/** The products of a step that is not fused, each by the name of what it computes. */
export type Tilings = Readonly<Record<'hidden' | 'outputs' | 'back' | 'secondLayer' | 'firstLayer', Tiling>>

export interface ProductSizes {
  readonly rows: number
  readonly columns: number
  readonly inner: number
}

/** Threads along a side of a tile. */
export const tileSide = 16
export const tileSizes = [1, 4, 8] as const
/** Workgroups that keep a large GPU busy. */
const manyGroups = 128

/** How the products of a step are cut: by their sizes alone, so that they decide its bits. */
export function tilingsOf({ samples, inputs, hidden, outputs }: StepShape): Tilings {
  return {
    hidden: tilingOf({ rows: samples, columns: hidden, inner: inputs }, 1),
    outputs: tilingOf({ rows: samples, columns: outputs, inner: hidden }, 8),
    back: tilingOf({ rows: samples, columns: hidden, inner: outputs }, 1),
    secondLayer: tilingOf({ rows: hidden, columns: outputs, inner: samples }, 16),
    firstLayer: tilingOf({ rows: inputs, columns: hidden, inner: samples }, 16),
  }
}

function tilingOf(sizes: ProductSizes, maxParts: number): Tiling {
  const micro = tileSizes.findLast((each) => tilesOf(sizes, each) * maxParts >= manyGroups / 2) ?? 1
  const wanted = Math.ceil(manyGroups / tilesOf(sizes, micro))
  return { micro, parts: Math.max(1, Math.min(maxParts, wanted, Math.floor(sizes.inner / 64))) }
}

function tilesOf({ rows, columns }: ProductSizes, micro: number): number {
  return Math.ceil(rows / (tileSide * micro)) * Math.ceil(columns / (tileSide * micro))
}
