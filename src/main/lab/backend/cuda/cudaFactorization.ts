import { blockThreads, diagonalBlock, tileSide } from './kernelSource.ts'
import type { Cuda } from './loadCuda.ts'

/** Cholesky's factorization and its solves on row-major matrices of a card, by their addresses. */
export interface CudaFactorization {
  /**
   * Lower triangle of A ← L with A = L·Lᵀ (order × order). Enqueued: the integer at `info` becomes 0, or the one-based order
   * of the first leading minor that is not positive.
   */
  factorize(a: number, order: number): void
  readonly info: number
  /** B ← (L·Lᵀ)⁻¹·B for B (order × width). Enqueued. */
  solve(l: number, order: number, b: number, width: number): void
  /** Forgets its memory, which is released with all other. */
  clear(): void
  close(): void
}

/**
 * Diagonal blocks up to so wide are inverted: the fastest of 64 … 2048 at orders of 492, 2000 and 2048, where two
 * triangular solves for few right-hand sides take longer than the factorization (an H100, CUDA 13.0).
 */
const widestBlock = 512

/** Memory for matrices of one order, padded to whole blocks with those of the unit matrix. */
interface Workspace {
  readonly size: number
  readonly width: number
  /** L column by column, and the inverses of its diagonal blocks in the same places, with zeros above. */
  readonly factor: number
  readonly inverses: number
  readonly products: number
  readonly potrf: { address: number; length: number }
}

/**
 * Factorizes by cuSOLVER on the lower triangle in columns, which takes half the time of the upper, so that triangles are turned
 * before and after. Solves by the inverses of the diagonal blocks of L, and products with what is beside them: blocks of 64 are
 * inverted by a kernel, and doubled by [A 0; C D]⁻¹ = [A⁻¹ 0; −D⁻¹CA⁻¹ D⁻¹]. Du Croz & Higham, *Stability of methods for
 * matrix inversion*, IMA J. Numer. Anal. 12 (1992) 1–19.
 */
export function cudaFactorization(
  { driver, libraries, launch }: Cuda,
  allocate: (bytes: number) => number,
): CudaFactorization {
  const info = driver.allocate(4)
  const workspaces = new Map<number, Workspace>()
  /** For the right-hand sides between both solves, the largest so far. */
  let between = { address: 0, entries: 0 }

  function workspaceOf(order: number): Workspace {
    const known = workspaces.get(order)
    if (known) return known
    let width = diagonalBlock
    while (width < Math.min(order, widestBlock)) width *= 2
    const size = Math.ceil(order / width) * width
    const factor = allocate(8 * size * size)
    const length = libraries.potrfWork(order, factor, size)
    const made = {
      size,
      width,
      factor,
      inverses: allocate(8 * size * size),
      products: allocate(2 * size * width),
      potrf: { address: allocate(8 * length), length },
    }
    workspaces.set(order, made)
    return made
  }

  /** The lower triangle of a matrix in rows ↔ in columns, padded with the unit matrix. */
  function turn(from: number, fromStride: number, to: number, toStride: number, order: number, isLower: boolean): void {
    const size = isLower ? toStride : order
    const tiles = Math.ceil(size / tileSide)
    const values = [from, fromStride, to, toStride, order, size, Number(isLower)]
    launch('transposeTriangle', [tiles, tiles], blockThreads, 8 * tileSide * (tileSide + 1), values)
  }

  function invertBlocks({ size, width, factor, inverses, products }: Workspace): void {
    const shared = 8 * (diagonalBlock * (diagonalBlock + 1) + 3 * diagonalBlock)
    launch('invertDiagonal', [size / diagonalBlock, 1], blockThreads, shared, [factor, inverses, size])
    for (let half = diagonalBlock; half < width; half *= 2) {
      const distance = 2 * half * (size + 1)
      const count = size / (2 * half)
      const below = 8 * half
      const common = { transposeA: false, transposeB: false, m: half, n: half, k: half, beta: 0 }
      libraries.gemmBatched(
        {
          ...{ ...common, alpha: 1, a: factor + below, aStride: size, b: inverses, bStride: size },
          ...{ c: products, cStride: half },
        },
        { a: distance, b: distance, c: half * half },
        count,
      )
      libraries.gemmBatched(
        {
          ...{ ...common, alpha: -1, a: inverses + below + 8 * half * size, aStride: size },
          ...{ b: products, bStride: half, c: inverses + below, cStride: size },
        },
        { a: distance, b: half * half, c: distance },
        count,
      )
    }
  }

  return {
    info,
    factorize(a, order) {
      const { size, factor, potrf } = workspaceOf(order)
      turn(a, order, factor, size, order, true)
      libraries.potrf(order, factor, size, potrf, info)
      launch('checkPivots', [1, 1], blockThreads, 4 * blockThreads, [factor, size, order, info])
      turn(factor, size, a, order, order, false)
    },
    solve(l, order, b, width) {
      const workspace = workspaceOf(order)
      const { size, width: wide, factor, inverses } = workspace
      if (between.entries < order * width) {
        between = { address: allocate(8 * order * width), entries: order * width }
      }
      const z = between.address
      turn(l, order, factor, size, order, true)
      invertBlocks(workspace)
      // In columns B is Bᵀ (width × order): Zᵀ·Lᵀ = Bᵀ from the first block on, then Xᵀ·L = Zᵀ from the last.
      const place = (base: number, row: number, column: number, stride: number) => base + 8 * (row + column * stride)
      const starts = Array.from({ length: Math.ceil(order / wide) }, (_, i) => i * wide)
      const common = { transposeA: false, m: width, aStride: width, bStride: size, cStride: width }
      for (const r of starts) {
        const k = Math.min(wide, order - r)
        const left = order - r - k
        const [from, to] = [place(b, 0, r, width), place(z, 0, r, width)]
        const inverse = place(inverses, r, r, size)
        libraries.gemm({ ...common, transposeB: true, n: k, k, alpha: 1, a: from, b: inverse, beta: 0, c: to })
        if (left === 0) continue
        const beside = { b: place(factor, r + k, r, size), c: place(b, 0, r + k, width) }
        libraries.gemm({ ...common, transposeB: true, n: left, k, alpha: -1, a: to, ...beside, beta: 1 })
      }
      for (const r of starts.toReversed()) {
        const k = Math.min(wide, order - r)
        const [from, to] = [place(z, 0, r, width), place(b, 0, r, width)]
        const inverse = place(inverses, r, r, size)
        libraries.gemm({ ...common, transposeB: false, n: k, k, alpha: 1, a: from, b: inverse, beta: 0, c: to })
        if (r === 0) continue
        const beside = { b: place(factor, r, 0, size), c: z }
        libraries.gemm({ ...common, transposeB: false, n: r, k, alpha: -1, a: to, ...beside, beta: 1 })
      }
    },
    clear() {
      workspaces.clear()
      between = { address: 0, entries: 0 }
    },
    close: () => driver.free(info),
  }
}
