import { parallel } from './job'
import { ARGUMENTS, LANES, UNIT } from './layout'

/* X: `rows` rows of `perRow` indices each; one operand has a row per row of X, the other a row per index. */
@unmanaged class Rows {
  rows: i32
  perRow: i32
  indices: usize
  width: i32
  /** The operand with a row per index, and how many rows it has. */
  table: usize
  tableRows: i32
  /** The operand with a row per row of X. */
  samples: usize
  beta: real
}

const job = changetype<Rows>(ARGUMENTS)

const ROWS_PER_CLAIM = 16
const COLUMNS_PER_CLAIM = 64

/** Z (rows × width) ← X·E: each row the sum of the rows of E that X names. */
export function gatherRows(rows: i32, perRow: i32, indices: usize, width: i32, e: usize, z: usize): void {
  job.rows = rows
  job.perRow = perRow
  job.indices = indices
  job.width = width
  job.table = e
  job.samples = z
  parallel(gather, (rows + ROWS_PER_CLAIM - 1) / ROWS_PER_CLAIM)
}

/** G (tableRows × width) ← Xᵀ·A + β·G, each column summed in the order of the rows of X. */
export function scatterRows(
  rows: i32, perRow: i32, indices: usize, width: i32, a: usize, beta: f64, tableRows: i32, g: usize,
): void {
  job.rows = rows
  job.perRow = perRow
  job.indices = indices
  job.width = width
  job.table = g
  job.tableRows = tableRows
  job.samples = a
  job.beta = <real>beta
  parallel(scatter, (width + COLUMNS_PER_CLAIM - 1) / COLUMNS_PER_CLAIM)
}

function gather(claim: i32): void {
  const last = min((claim + 1) * ROWS_PER_CLAIM, job.rows)
  const row = job.width * UNIT
  for (let i = claim * ROWS_PER_CLAIM; i < last; i++) {
    const indices = job.indices + i * job.perRow * 4
    const z = job.samples + i * row
    const first = job.table + load<i32>(indices) * row
    if (job.perRow == 1) memory.copy(z, first, row)
    else addTo(z, first, job.table + load<i32>(indices, 4) * row, job.width)
    for (let s = 2; s < job.perRow; s++) addTo(z, z, job.table + load<i32>(indices + s * 4) * row, job.width)
  }
}

function scatter(claim: i32): void {
  const left = claim * COLUMNS_PER_CLAIM
  const width = min(COLUMNS_PER_CLAIM, job.width - left)
  const row = job.width * UNIT
  const table = job.table + left * UNIT
  for (let i = 0; i < job.tableRows; i++) scale(table + i * row, job.beta, width)
  let a = job.samples + left * UNIT
  let index = job.indices
  for (let i = 0; i < job.rows; i++) {
    for (let s = 0; s < job.perRow; s++) {
      const target = table + load<i32>(index) * row
      addTo(target, target, a, width)
      index += 4
    }
    a += row
  }
}

/** sum ← left + right. */
function addTo(sum: usize, left: usize, right: usize, width: i32): void {
  const end = sum + width * UNIT
  const whole = sum + (width & -LANES) * UNIT
  for (; sum < whole; sum += 16) {
    v128.store(sum, v128.add<real>(v128.load(left), v128.load(right)))
    left += 16
    right += 16
  }
  for (; sum < end; sum += UNIT) {
    store<real>(sum, load<real>(left) + load<real>(right))
    left += UNIT
    right += UNIT
  }
}

function scale(row: usize, beta: real, width: i32): void {
  if (beta == 1) return
  if (beta == 0) return memory.fill(row, 0, width * UNIT)
  for (let j = 0; j < width; j++) store<real>(row + j * UNIT, beta * load<real>(row + j * UNIT))
}
