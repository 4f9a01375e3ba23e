import type { Activation } from '../../../shared/experiment.ts'
import type { Precision } from '../../../shared/specification/limits.ts'
import { activationFunctions } from '../network/activations.ts'
import type { AdamCoefficients, Backend, InputRows } from './backend.ts'
import { hostMatrix, hostOperations, type HostMatrix } from './hostMemory.ts'
import { requireShape } from './requireShape.ts'

/**
 * Matrix arithmetic in plain TypeScript, written to be read: the oracle against which the fast backends are tested.
 * Sums run in float64; in float32 each stored value is rounded once. Golub & Van Loan, *Matrix Computations*, ch. 1, 3, 4.
 */
export function plainBackend(precision: Precision): Backend {
  return {
    kind: 'plain',
    description: 'plain TypeScript',
    precision,
    threads: 1,
    matrix(rows, columns) {
      const entries = rows * columns
      return hostMatrix(rows, columns, precision === 'float64' ? new Float64Array(entries) : new Float32Array(entries))
    },
    inputRows: (rows, perRow, indices) => ({ rows, perRow, indices: indices.slice() }),
    reshape: (M: HostMatrix, rows, columns) => hostMatrix(rows, columns, M.data),
    ...hostOperations,
    gemm,
    symmetricRankK,
    cholesky,
    solveCholesky,
    gatherRows,
    scatterRows,
    activate,
    multiplyByDerivative,
    axpby,
    adamStep,
    dot,
    clear: () => {},
    close: () => {},
  }
}

function gemm(
  transposeA: boolean,
  transposeB: boolean,
  alpha: number,
  A: HostMatrix,
  B: HostMatrix,
  beta: number,
  C: HostMatrix,
): void {
  const inner = transposeA ? A.rows : A.columns
  const rows = transposeA ? A.columns : A.rows
  const columns = transposeB ? B.rows : B.columns
  requireShape('op(B)', transposeB ? B.columns : B.rows, columns, inner, columns)
  requireShape('C', C.rows, C.columns, rows, columns)
  const [aRow, aInner] = transposeA ? [1, A.columns] : [A.columns, 1]
  const [bInner, bColumn] = transposeB ? [1, B.columns] : [B.columns, 1]
  const row = new Float64Array(columns)
  for (let i = 0; i < rows; i++) {
    row.fill(0)
    for (let k = 0; k < inner; k++) {
      const a = A.data[i * aRow + k * aInner]!
      for (let j = 0; j < columns; j++) row[j]! += a * B.data[k * bInner + j * bColumn]!
    }
    for (let j = 0; j < columns; j++) {
      const at = i * columns + j
      C.data[at] = alpha * row[j]! + (beta === 0 ? 0 : beta * C.data[at]!)
    }
  }
}

function symmetricRankK(transpose: boolean, alpha: number, A: HostMatrix, beta: number, C: HostMatrix): void {
  const order = transpose ? A.columns : A.rows
  const inner = transpose ? A.rows : A.columns
  requireShape('C', C.rows, C.columns, order, order)
  const [outerStride, innerStride] = transpose ? [1, A.columns] : [A.columns, 1]
  for (let i = 0; i < order; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0
      for (let k = 0; k < inner; k++) {
        sum += A.data[i * outerStride + k * innerStride]! * A.data[j * outerStride + k * innerStride]!
      }
      const at = i * order + j
      C.data[at] = alpha * sum + (beta === 0 ? 0 : beta * C.data[at]!)
    }
  }
}

function cholesky(A: HostMatrix): number {
  const n = A.rows
  const L = A.data
  requireShape('A', A.rows, A.columns, n, n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = L[i * n + j]!
      for (let k = 0; k < j; k++) sum -= L[i * n + k]! * L[j * n + k]!
      if (i > j) L[i * n + j] = sum / L[j * n + j]!
      else if (sum > 0 && sum < Infinity) L[i * n + i] = Math.sqrt(sum)
      else return i + 1
    }
  }
  return 0
}

function solveCholesky(L: HostMatrix, B: HostMatrix): void {
  const n = L.rows
  const k = B.columns
  requireShape('B', B.rows, B.columns, n, k)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) subtractRow(B, i, L.data[i * n + j]!, j)
    scaleRow(B, i, 1 / L.data[i * n + i]!)
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) subtractRow(B, i, L.data[j * n + i]!, j)
    scaleRow(B, i, 1 / L.data[i * n + i]!)
  }
}

/** B_i ← B_i − factor·B_j. */
function subtractRow(B: HostMatrix, i: number, factor: number, j: number): void {
  for (let c = 0; c < B.columns; c++) B.data[i * B.columns + c]! -= factor * B.data[j * B.columns + c]!
}

function scaleRow(B: HostMatrix, i: number, factor: number): void {
  for (let c = 0; c < B.columns; c++) B.data[i * B.columns + c]! *= factor
}

function gatherRows(X: InputRows, E: HostMatrix, Z: HostMatrix): void {
  const width = E.columns
  requireShape('Z', Z.rows, Z.columns, X.rows, width)
  for (let i = 0; i < X.rows; i++) {
    for (let j = 0; j < width; j++) {
      let sum = 0
      for (let s = 0; s < X.perRow; s++) sum += E.data[X.indices[i * X.perRow + s]! * width + j]!
      Z.data[i * width + j] = sum
    }
  }
}

function scatterRows(X: InputRows, A: HostMatrix, beta: number, G: HostMatrix): void {
  const width = A.columns
  requireShape('A', A.rows, A.columns, X.rows, width)
  requireShape('G', G.rows, G.columns, G.rows, width)
  for (let at = 0; at < G.data.length; at++) G.data[at] = beta === 0 ? 0 : beta * G.data[at]!
  for (let i = 0; i < X.rows; i++) {
    for (let s = 0; s < X.perRow; s++) {
      const target = X.indices[i * X.perRow + s]! * width
      for (let j = 0; j < width; j++) G.data[target + j]! += A.data[i * width + j]!
    }
  }
}

function activate(activation: Activation, Z: HostMatrix, H: HostMatrix): void {
  requireShape('H', H.rows, H.columns, Z.rows, Z.columns)
  const { value } = activationFunctions[activation]
  for (let at = 0; at < Z.data.length; at++) H.data[at] = value(Z.data[at]!)
}

function multiplyByDerivative(activation: Activation, Z: HostMatrix, A: HostMatrix): void {
  requireShape('A', A.rows, A.columns, Z.rows, Z.columns)
  const { derivative } = activationFunctions[activation]
  for (let at = 0; at < Z.data.length; at++) A.data[at]! *= derivative(Z.data[at]!)
}

function adamStep(
  Theta: HostMatrix,
  G: HostMatrix,
  M: HostMatrix,
  V: HostMatrix,
  { beta1, beta2, epsilon, rate, correction, kept, l2, gradientScale }: AdamCoefficients,
): void {
  for (const [name, X] of [
    ['G', G],
    ['M', M],
    ['V', V],
  ] as const)
    requireShape(name, X.rows, X.columns, Theta.rows, Theta.columns)
  for (let at = 0; at < Theta.data.length; at++) {
    const slope = gradientScale * G.data[at]! + (l2 === 0 ? 0 : l2 * Theta.data[at]!)
    M.data[at] = beta1 * M.data[at]! + (1 - beta1) * slope
    V.data[at] = beta2 * V.data[at]! + (1 - beta2) * slope * slope
    Theta.data[at] = kept * Theta.data[at]! - (rate * M.data[at]!) / (Math.sqrt(V.data[at]! / correction) + epsilon)
  }
}

function axpby(alpha: number, X: HostMatrix, beta: number, Y: HostMatrix): void {
  requireShape('Y', Y.rows, Y.columns, X.rows, X.columns)
  for (let at = 0; at < X.data.length; at++) Y.data[at] = alpha * X.data[at]! + (beta === 0 ? 0 : beta * Y.data[at]!)
}

function dot(X: HostMatrix, Y: HostMatrix): number {
  requireShape('Y', Y.rows, Y.columns, X.rows, X.columns)
  let sum = 0
  for (let at = 0; at < X.data.length; at++) sum += X.data[at]! * Y.data[at]!
  return sum
}
