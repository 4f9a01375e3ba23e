import { parallel, scratch } from './job'
import {
  ARGUMENTS, CLAIM, DEPTH, LANES, PACKED, PACKED_A, PACKED_B, TILE_COLUMNS, TILE_ROWS, UNIT,
} from './layout'
import { packFour } from './pack'

/* The block of the product that all threads work on: `depth` steps of the sum, for rows × columns outputs. */
@unmanaged class Block {
  lower: i32
  alpha: real
  beta: real
  a: usize
  aRow: i32
  aInner: i32
  b: usize
  bInner: i32
  bColumn: i32
  c: usize
  cRow: i32
  rows: i32
  columns: i32
  depth: i32
  /** First column minus first row, in the whole matrix: what lies above the diagonal. */
  offset: i32
  panelsB: usize
}

const block = changetype<Block>(ARGUMENTS)

const GROUPS_PER_CLAIM = 16

/**
 * C ← α·A·B + β·C for A (rows × inner), B (inner × columns) and C, each with its own strides in bytes; the columns of
 * C are adjacent. With `lower`, tiles above the diagonal are skipped and B must be Aᵀ. With β = 0, C is not read.
 * Goto & van de Geijn 2008 (doi 10.1145/1356052.1356053): packed panels, a register tile of 4 × 2 vectors.
 */
export function product(
  lower: bool, rows: i32, columns: i32, inner: i32, alpha: real,
  a: usize, aRow: i32, aInner: i32, b: usize, bInner: i32, bColumn: i32,
  beta: real, c: usize, cRow: i32,
): void {
  block.lower = lower
  block.alpha = alpha
  block.aRow = aRow
  block.aInner = aInner
  block.bInner = bInner
  block.bColumn = bColumn
  block.cRow = cRow
  for (let j = 0; j < columns; j += PACKED) {
    for (let i = lower ? j : 0; i < rows; i += PACKED) {
      block.rows = min(PACKED, rows - i)
      block.columns = min(PACKED, columns - j)
      block.offset = j - i
      block.c = c + i * cRow + j * UNIT
      // Once even for an empty sum: C ← β·C.
      for (let k = 0; k == 0 || k < inner; k += DEPTH) {
        block.depth = min(DEPTH, inner - k)
        block.beta = k == 0 ? beta : 1
        block.a = a + i * aRow + k * aInner
        block.b = b + k * bInner + j * bColumn
        multiplyBlock(lower && i == j && TILE_COLUMNS == TILE_ROWS)
      }
    }
  }
}

function multiplyBlock(shared: bool): void {
  const groupsB = shared ? 0 : panels(block.columns, TILE_COLUMNS) * (TILE_COLUMNS / 4)
  block.panelsB = shared ? PACKED_A : PACKED_B
  parallel(packGroups, panels(panels(block.rows, 4) + groupsB, GROUPS_PER_CLAIM))
  parallel(multiplyTiles, panels(block.rows, CLAIM) * panels(block.columns, CLAIM))
}

@inline
function panels(length: i32, width: i32): i32 {
  return (length + width - 1) / width
}

/** Groups of four rows of A come first, then groups of four columns of B. */
function packGroups(claim: i32): void {
  const groupsA = panels(block.rows, 4)
  const last = (claim + 1) * GROUPS_PER_CLAIM
  for (let group = claim * GROUPS_PER_CLAIM; group < last; group++) {
    if (group < groupsA) {
      packGroup(block.a, block.aRow, block.aInner, group * 4, block.rows, PACKED_A, 4)
    } else {
      const at = (group - groupsA) * 4
      if (block.panelsB == PACKED_A || at >= panels(block.columns, TILE_COLUMNS) * TILE_COLUMNS) return
      packGroup(block.b, block.bColumn, block.bInner, at, block.columns, PACKED_B, TILE_COLUMNS)
    }
  }
}

function packGroup(source: usize, outer: i32, inner: i32, at: i32, length: i32, panelsAt: usize, width: i32): void {
  const depth = block.depth
  const panel = panelsAt + (at / width) * width * depth * UNIT + (at % width) * UNIT
  packFour(source + at * outer, outer, inner, max(0, min(4, length - at)), depth, panel, width * UNIT)
}

function multiplyTiles(claim: i32): void {
  const across = panels(block.columns, CLAIM)
  const top = (claim / across) * CLAIM
  const left = (claim % across) * CLAIM
  const bottom = min(top + CLAIM, block.rows)
  const right = min(left + CLAIM, block.columns)
  const depth = block.depth
  const partial = scratch()
  for (let j = left; j < right; j += TILE_COLUMNS) {
    const b = block.panelsB + j * depth * UNIT
    const width = min(TILE_COLUMNS, right - j)
    for (let i = top; i < bottom; i += TILE_ROWS) {
      if (block.lower && j + block.offset > i + TILE_ROWS - 1) continue
      const a = PACKED_A + i * depth * UNIT
      const c = block.c + i * block.cRow + j * UNIT
      const height = min(TILE_ROWS, bottom - i)
      if (height == TILE_ROWS && width == TILE_COLUMNS) {
        multiplyTile(depth, a, b, block.alpha, block.beta, c, block.cRow)
      } else {
        multiplyTile(depth, a, b, block.alpha, 0, partial, TILE_COLUMNS * UNIT)
        addPart(partial, height, width, c)
      }
    }
  }
}

function addPart(partial: usize, height: i32, width: i32, c: usize): void {
  const beta = block.beta
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      const sum = load<real>(partial + (i * TILE_COLUMNS + j) * UNIT)
      const at = c + i * block.cRow + j * UNIT
      store<real>(at, beta == 0 ? sum : sum + beta * load<real>(at))
    }
  }
}

/** C ← α·A·B + β·C for one register tile C from a panel of A and one of B. */
export function multiplyTile(depth: i32, a: usize, b: usize, alpha: real, beta: real, c: usize, cRow: i32): void {
  const zero = v128.splat<real>(0)
  let c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero, c30 = zero, c31 = zero
  for (const end = a + depth * 4 * UNIT; a < end; ) {
    const b0 = v128.load(b)
    const b1 = v128.load(b, 16)
    const a0 = v128.load_splat<real>(a)
    c00 = v128.add<real>(c00, v128.mul<real>(a0, b0))
    c01 = v128.add<real>(c01, v128.mul<real>(a0, b1))
    const a1 = v128.load_splat<real>(a, sizeof<real>())
    c10 = v128.add<real>(c10, v128.mul<real>(a1, b0))
    c11 = v128.add<real>(c11, v128.mul<real>(a1, b1))
    const a2 = v128.load_splat<real>(a, 2 * sizeof<real>())
    c20 = v128.add<real>(c20, v128.mul<real>(a2, b0))
    c21 = v128.add<real>(c21, v128.mul<real>(a2, b1))
    const a3 = v128.load_splat<real>(a, 3 * sizeof<real>())
    c30 = v128.add<real>(c30, v128.mul<real>(a3, b0))
    c31 = v128.add<real>(c31, v128.mul<real>(a3, b1))
    a += 4 * UNIT
    b += 32
  }
  storeRow(c, alpha, beta, c00, c01)
  storeRow(c + cRow, alpha, beta, c10, c11)
  storeRow(c + 2 * cRow, alpha, beta, c20, c21)
  storeRow(c + 3 * cRow, alpha, beta, c30, c31)
}

@inline
function storeRow(c: usize, alpha: real, beta: real, left: v128, right: v128): void {
  const factor = v128.splat<real>(alpha)
  left = v128.mul<real>(factor, left)
  right = v128.mul<real>(factor, right)
  if (beta != 0) {
    const old = v128.splat<real>(beta)
    left = v128.add<real>(left, v128.mul<real>(old, v128.load(c)))
    right = v128.add<real>(right, v128.mul<real>(old, v128.load(c, 16)))
  }
  v128.store(c, left)
  v128.store(c, right, 16)
}
