import type { Backend, Matrix } from './backend.ts'

/** What the cost of a step depends on: n training samples, d_h hidden units, p outputs. */
export interface ProblemSizes {
  samples: number
  hidden: number
  outputs: number
}

/**
 * Seconds that the matrix operations of one step of the isolated dynamics take: the shortest of the steps that fit into
 * half a second, at least two. With s = min(n, d_h): the symmetric update and Cholesky factorization of order s, the
 * solve for p columns, two products of n × p × d_h. Sizes above 1500 are reduced in proportion (see `timedSizes`).
 */
export function timeStep(backend: Backend, sizes: ProblemSizes): number {
  const { samples, hidden, outputs } = timedSizes(sizes)
  const small = hidden < samples
  const order = Math.min(samples, hidden)
  const H = filled(backend, samples, hidden)
  const Y = filled(backend, samples, outputs)
  const S = backend.matrix(order, order)
  const B = backend.matrix(samples, outputs)
  const W = backend.matrix(hidden, outputs)
  const V = backend.matrix(samples, hidden)
  const right = small ? W : B

  function step(): void {
    backend.symmetricRankK(small, 1, H, 0, S)
    backend.addDiagonal(order, S)
    backend.cholesky(S)
    backend.axpby(1, Y, 0, B)
    backend.gemm(true, false, 1, H, B, 0, W)
    backend.solveCholesky(S, right)
    backend.gemm(false, true, 1, B, W, 0, V)
  }

  const start = performance.now()
  let shortest = Infinity
  for (let steps = 0; steps < 2 || performance.now() - start < 500; steps++) {
    const before = performance.now()
    step()
    shortest = Math.min(shortest, performance.now() - before)
  }
  return shortest / 1000
}

/** The sizes that are timed for these: the same, or reduced to at most 1500 with their proportions kept. */
export function timedSizes({ samples, hidden, outputs }: ProblemSizes): ProblemSizes {
  const factor = Math.min(1, 1500 / Math.max(samples, hidden, outputs))
  const reduce = (size: number) => Math.max(1, Math.round(size * factor))
  return { samples: reduce(samples), hidden: reduce(hidden), outputs: reduce(outputs) }
}

function filled(backend: Backend, rows: number, columns: number): Matrix {
  const matrix = backend.matrix(rows, columns)
  backend.upload(
    matrix,
    Float64Array.from({ length: rows * columns }, (_, at) => Math.sin(at)),
  )
  return matrix
}
