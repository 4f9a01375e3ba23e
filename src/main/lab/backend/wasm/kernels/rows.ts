import { parallel } from './job'
import { ARGUMENTS, LANES, LIST, LIST_LENGTH, LIST_STARTS, UNIT } from './layout'

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
  job.width = width
  job.table = g
  job.tableRows = tableRows
  job.samples = a
  const rowsPerList = LIST_LENGTH / perRow
  // Once even without rows: G ← β·G.
  for (let first = 0; first == 0 || first < rows; first += rowsPerList) {
    listByIndex(indices, first * perRow, min(rowsPerList, rows - first) * perRow, perRow)
    job.beta = first == 0 ? <real>beta : 1
    parallel(scatter, (width + COLUMNS_PER_CLAIM - 1) / COLUMNS_PER_CLAIM)
  }
}

/** For each row of the table, in order, where the rows of A lie that X adds to it, in theirs: bytes from A. */
function listByIndex(indices: usize, first: i32, count: i32, perRow: i32): void {
  memory.fill(LIST_STARTS, 0, (job.tableRows + 2) * 4)
  const from = indices + first * 4
  for (let at = 0; at < count; at++) {
    const start = LIST_STARTS + (load<i32>(from + at * 4) + 2) * 4
    store<i32>(start, load<i32>(start) + 4)
  }
  for (let i = 1; i <= job.tableRows; i++) {
    const start = LIST_STARTS + (i + 1) * 4
    store<i32>(start, load<i32>(start) + load<i32>(start - 4))
  }
  // What is the start of a row's list while it is filled ends as that of the next.
  for (let at = 0; at < count; at++) {
    const start = LIST_STARTS + (load<i32>(from + at * 4) + 1) * 4
    const place = load<i32>(start)
    store<u32>(LIST + place, ((first + at) / perRow) * job.width * UNIT)
    store<i32>(start, place + 4)
  }
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
  const right = min(left + COLUMNS_PER_CLAIM, job.width)
  for (let i = 0; i < job.tableRows; i++) {
    const list = LIST + load<i32>(LIST_STARTS + i * 4)
    const end = LIST + load<i32>(LIST_STARTS + i * 4 + 4)
    const row = job.table + i * job.width * UNIT
    let j = left
    for (; j + 4 * LANES <= right; j += 4 * LANES) addListed(list, end, job.samples + j * UNIT, row + j * UNIT)
    for (; j < right; j++) addListedEntry(list, end, job.samples + j * UNIT, row + j * UNIT)
  }
}

/** Four vectors of a row of G. */
function addListed(list: usize, end: usize, a: usize, g: usize): void {
  let sum0 = begun(g)
  let sum1 = begun(g + 16)
  let sum2 = begun(g + 32)
  let sum3 = begun(g + 48)
  for (; list < end; list += 4) {
    const at = a + load<u32>(list)
    sum0 = v128.add<real>(sum0, v128.load(at))
    sum1 = v128.add<real>(sum1, v128.load(at, 16))
    sum2 = v128.add<real>(sum2, v128.load(at, 32))
    sum3 = v128.add<real>(sum3, v128.load(at, 48))
  }
  v128.store(g, sum0)
  v128.store(g, sum1, 16)
  v128.store(g, sum2, 32)
  v128.store(g, sum3, 48)
}

@inline
function begun(g: usize): v128 {
  return job.beta == 0 ? v128.splat<real>(0) : v128.mul<real>(v128.splat<real>(job.beta), v128.load(g))
}

function addListedEntry(list: usize, end: usize, a: usize, g: usize): void {
  let sum = job.beta == 0 ? <real>0 : job.beta * load<real>(g)
  for (; list < end; list += 4) sum += load<real>(a + load<u32>(list))
  store<real>(g, sum)
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
