import { parallel, scratch } from './job'
import { ARGUMENTS, BLOCK, PACKED_A, TILE_COLUMNS, UNIT, WHOLE } from './layout'
import { packFour, unpackFour } from './pack'
import { product } from './product'

/* The triangle and the right-hand sides that all threads work on. */
@unmanaged class Solve {
  order: i32
  t: usize
  tRow: i32
  tColumn: i32
  z: usize
  zRow: i32
  zColumn: i32
  width: i32
}

const job = changetype<Solve>(ARGUMENTS)

const PANELS_PER_CLAIM = 4

/** The least multiple of BLOCK that is at least half of `order`: where a triangle larger than WHOLE is split. */
export function splitOrder(order: i32): i32 {
  return ((order / 2 + BLOCK - 1) / BLOCK) * BLOCK
}

/**
 * Z ← T⁻¹·Z for a lower triangle T (order × order) and Z (order × width): T is split in two, down to triangles of at
 * most WHOLE rows, for which each thread solves columns of its own from first to last. Strides in bytes, of any sign:
 * Lᵀ is a lower triangle when read backwards, and the columns of Z may be rows in memory. Either the rows or the columns
 * of Z are adjacent.
 */
export function solveTriangular(
  order: i32, t: usize, tRow: i32, tColumn: i32, width: i32, z: usize, zRow: i32, zColumn: i32,
): void {
  if (order <= WHOLE) return solveWhole(order, t, tRow, tColumn, width, z, zRow, zColumn)
  const first = splitOrder(order)
  const rest = order - first
  const t21 = t + first * tRow
  const z2 = z + first * zRow
  solveTriangular(first, t, tRow, tColumn, width, z, zRow, zColumn)
  if (zColumn == UNIT) {
    product(false, rest, width, first, -1, t21, tRow, tColumn, z, zRow, zColumn, 1, z2, zRow)
  } else {
    product(false, width, rest, first, -1, z, zColumn, zRow, t21, tColumn, tRow, 1, z2, zColumn)
  }
  solveTriangular(rest, t21 + first * tColumn, tRow, tColumn, width, z2, zRow, zColumn)
}

function solveWhole(
  order: i32, t: usize, tRow: i32, tColumn: i32, width: i32, z: usize, zRow: i32, zColumn: i32,
): void {
  job.order = order
  job.t = t
  job.tRow = tRow
  job.tColumn = tColumn
  job.width = width
  job.z = z
  job.zRow = zRow
  job.zColumn = zColumn
  parallel(packPanels, (order + 4 * PANELS_PER_CLAIM - 1) / (4 * PANELS_PER_CLAIM))
  parallel(solveColumns, (width + TILE_COLUMNS - 1) / TILE_COLUMNS)
}

function packPanels(claim: i32): void {
  const last = min((claim + 1) * 4 * PANELS_PER_CLAIM, job.order)
  for (let i = claim * 4 * PANELS_PER_CLAIM; i < last; i += 4) {
    const count = min(4, job.order - i)
    packFour(job.t + i * job.tRow, job.tRow, job.tColumn, count, i + count, trianglePanel(i), 4 * UNIT)
    finishPanel(i, count)
  }
}

/** Where rows i … i+3 of the packed triangle begin: i + 4 groups of four, after those of the rows above. */
@inline
export function trianglePanel(i: i32): usize {
  return PACKED_A + ((i / 4) * (i / 4 + 1) * 8) * UNIT
}

/** Reciprocals on the diagonal, so that the solution multiplies; missing rows become unit rows. */
export function finishPanel(i: i32, count: i32): void {
  const triangle = trianglePanel(i) + i * 4 * UNIT
  for (let r = 0; r < 4; r++) {
    const diagonal = triangle + r * 5 * UNIT
    if (r < count) store<real>(diagonal, <real>1 / load<real>(diagonal))
    else for (let column = 0; column <= r; column++) {
      store<real>(triangle + (column * 4 + r) * UNIT, column == r ? <real>1 : <real>0)
    }
  }
}

function solveColumns(tile: i32): void {
  const left = tile * TILE_COLUMNS
  const width = min(TILE_COLUMNS, job.width - left)
  const z = job.z + left * job.zColumn
  const columns = scratch()
  const order = job.order
  packColumns(z, job.zColumn, job.zRow, width, order, columns)
  const padded = (order + 3) & ~3
  memory.fill(columns + order * TILE_COLUMNS * UNIT, 0, (padded - order) * TILE_COLUMNS * UNIT)
  for (let i = 0; i < padded; i += 4) solveFourRows(i, 0, columns)
  unpackColumns(z, job.zColumn, job.zRow, width, order, columns)
}

/** Copies `width` ≤ TILE_COLUMNS columns, or rows, of `depth` entries into groups of TILE_COLUMNS; missing ones are 0. */
export function packColumns(z: usize, outer: i32, inner: i32, width: i32, depth: i32, columns: usize): void {
  for (let c = 0; c < TILE_COLUMNS; c += 4) {
    const count = max(0, min(4, width - c))
    packFour(z + c * outer, outer, inner, count, depth, columns + c * UNIT, TILE_COLUMNS * UNIT)
  }
}

export function unpackColumns(z: usize, outer: i32, inner: i32, width: i32, depth: i32, columns: usize): void {
  for (let c = 0; c < width; c += 4) {
    unpackFour(z + c * outer, outer, inner, min(4, width - c), depth, columns + c * UNIT, TILE_COLUMNS * UNIT)
  }
}

/** Rows i … i+3 of the solution, from the rows `from` … i−1 above them: a register tile as in the product, then its triangle. */
export function solveFourRows(i: i32, from: i32, z: usize): void {
  let t = trianglePanel(i) + from * 4 * UNIT
  const rows = z + i * TILE_COLUMNS * UNIT
  z += from * TILE_COLUMNS * UNIT
  let z00 = v128.load(rows), z01 = v128.load(rows, 16)
  let z10 = v128.load(rows, 32), z11 = v128.load(rows, 48)
  let z20 = v128.load(rows, 64), z21 = v128.load(rows, 80)
  let z30 = v128.load(rows, 96), z31 = v128.load(rows, 112)
  for (; z < rows; z += 32) {
    const b0 = v128.load(z)
    const b1 = v128.load(z, 16)
    const t0 = v128.load_splat<real>(t)
    z00 = v128.sub<real>(z00, v128.mul<real>(t0, b0))
    z01 = v128.sub<real>(z01, v128.mul<real>(t0, b1))
    const t1 = v128.load_splat<real>(t, sizeof<real>())
    z10 = v128.sub<real>(z10, v128.mul<real>(t1, b0))
    z11 = v128.sub<real>(z11, v128.mul<real>(t1, b1))
    const t2 = v128.load_splat<real>(t, 2 * sizeof<real>())
    z20 = v128.sub<real>(z20, v128.mul<real>(t2, b0))
    z21 = v128.sub<real>(z21, v128.mul<real>(t2, b1))
    const t3 = v128.load_splat<real>(t, 3 * sizeof<real>())
    z30 = v128.sub<real>(z30, v128.mul<real>(t3, b0))
    z31 = v128.sub<real>(z31, v128.mul<real>(t3, b1))
    t += 4 * UNIT
  }
  const t00 = v128.load_splat<real>(t)
  z00 = v128.mul<real>(z00, t00)
  z01 = v128.mul<real>(z01, t00)
  const t10 = v128.load_splat<real>(t, sizeof<real>())
  const t11 = v128.load_splat<real>(t, 5 * sizeof<real>())
  z10 = v128.mul<real>(v128.sub<real>(z10, v128.mul<real>(t10, z00)), t11)
  z11 = v128.mul<real>(v128.sub<real>(z11, v128.mul<real>(t10, z01)), t11)
  const t20 = v128.load_splat<real>(t, 2 * sizeof<real>())
  const t21 = v128.load_splat<real>(t, 6 * sizeof<real>())
  const t22 = v128.load_splat<real>(t, 10 * sizeof<real>())
  z20 = v128.sub<real>(v128.sub<real>(z20, v128.mul<real>(t20, z00)), v128.mul<real>(t21, z10))
  z21 = v128.sub<real>(v128.sub<real>(z21, v128.mul<real>(t20, z01)), v128.mul<real>(t21, z11))
  z20 = v128.mul<real>(z20, t22)
  z21 = v128.mul<real>(z21, t22)
  const t30 = v128.load_splat<real>(t, 3 * sizeof<real>())
  const t31 = v128.load_splat<real>(t, 7 * sizeof<real>())
  const t32 = v128.load_splat<real>(t, 11 * sizeof<real>())
  const t33 = v128.load_splat<real>(t, 15 * sizeof<real>())
  z30 = v128.sub<real>(v128.sub<real>(z30, v128.mul<real>(t30, z00)), v128.mul<real>(t31, z10))
  z31 = v128.sub<real>(v128.sub<real>(z31, v128.mul<real>(t30, z01)), v128.mul<real>(t31, z11))
  z30 = v128.mul<real>(v128.sub<real>(z30, v128.mul<real>(t32, z20)), t33)
  z31 = v128.mul<real>(v128.sub<real>(z31, v128.mul<real>(t32, z21)), t33)
  v128.store(rows, z00)
  v128.store(rows, z01, 16)
  v128.store(rows, z10, 32)
  v128.store(rows, z11, 48)
  v128.store(rows, z20, 64)
  v128.store(rows, z21, 80)
  v128.store(rows, z30, 96)
  v128.store(rows, z31, 112)
}
