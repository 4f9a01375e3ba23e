import { memoryUsage, resourceUsage } from 'node:process'
import { performance } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { BenchmarkCase, CaseTiming } from '../../../shared/benchmark.ts'
import type { Backend, Matrix } from '../backend/backend.ts'
import { isolatedField } from '../dynamics/isolatedField.ts'
import { lossGradient } from '../dynamics/lossGradient.ts'
import { createOptimizer } from '../dynamics/optimizers.ts'
import { createModel } from '../models/createModel.ts'
import { axpbyAll } from '../network/matrixLists.ts'
import { createNetwork, directionOf, matricesOf } from '../network/network.ts'
import type { Network } from '../network/model.ts'
import { randomStream } from '../network/randomStream.ts'
import { zeroLossSet } from '../network/zeroLossSet.ts'
import { modularData } from '../tasks/modular.ts'
import { drawSplit } from '../tasks/split.ts'

/**
 * Times one case on an open backend: after a warm-up, `repetitions` measured one by one (milliseconds each), with the
 * growth of the JavaScript heap over all of them. The data are those of a run of the same sizes, seed 0.
 */
export function timeCase(backend: Backend, { operation, size }: BenchmarkCase, repetitions: number): CaseTiming {
  const work = prepare[operation](backend, size)
  work()
  work()
  const milliseconds: number[] = new Array<number>(repetitions).fill(0.5)
  collectGarbage()
  const heapBefore = memoryUsage().heapUsed
  for (let i = 0; i < repetitions; i++) {
    const started = performance.now()
    work()
    milliseconds[i] = performance.now() - started
  }
  collectGarbage()
  const heapBytes = Math.max(0, memoryUsage().heapUsed - heapBefore) / repetitions
  return { milliseconds, heapBytes, peakMemoryBytes: 1024 * resourceUsage().maxRSS }
}

/** What is left after it is held, and would add up over a run. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
}

type Prepare = (backend: Backend, size: BenchmarkCase['size']) => () => void

const prepare: Record<BenchmarkCase['operation'], Prepare> = {
  gemm(backend, { n, hidden }) {
    const [A, B, C] = [randomMatrix(backend, n, hidden), randomMatrix(backend, hidden, n), backend.matrix(n, n)]
    return () => backend.gemm(false, false, 1, A, B, 0, C)
  },
  rankK(backend, { n, hidden }) {
    const [A, C] = [randomMatrix(backend, n, hidden), backend.matrix(n, n)]
    return () => backend.symmetricRankK(false, 1, A, 0, C)
  },
  cholesky(backend, { n }) {
    const [A, L] = [positiveDefinite(backend, n), backend.matrix(n, n)]
    return () => {
      backend.axpby(1, A, 0, L)
      backend.cholesky(L)
    }
  },
  solve(backend, { n, p }) {
    const [L, Y, B] = [positiveDefinite(backend, n), randomMatrix(backend, n, p), backend.matrix(n, p)]
    backend.cholesky(L)
    return () => {
      backend.axpby(1, Y, 0, B)
      backend.solveCholesky(L, B)
    }
  },
  isolatedStep(backend, size) {
    const network = createCase(backend, size)
    const field = isolatedField(network, 0)
    const velocity = [backend.matrix(size.p, size.hidden)]
    return () => field.evaluate(velocity)
  },
  trainingStep(backend, size) {
    const network = createCase(backend, size)
    const loss = lossGradient(network, { loss: 'meanSquaredError', reduction: 'mean' })
    const settings = { optimizer: { kind: 'gradientDescent' as const } }
    const optimizer = createOptimizer(backend, settings, network.parameters, loss.gradient)
    return () => {
      loss.evaluate()
      optimizer.step({ learningRate: 0.5, weightDecay: 1e-4, gradientScale: 1 })
    }
  },
  normMinimizingDirection(backend, size) {
    const network = createCase(backend, size)
    const set = zeroLossSet(network)
    set.project()
    const theta = matricesOf(network)
    const direction = directionOf(network)
    return () => {
      axpbyAll(backend, -1, theta, 0, direction)
      set.linearize()
      set.projectTangent(direction)
    }
  },
}

function createCase(backend: Backend, { p, hidden, n }: BenchmarkCase['size']): Network {
  const data = modularData({ kind: 'modularAddition', modulus: p, pairs: 'unordered', inputs: 'sum' })
  const model = createModel({ hidden, activation: 'relu' })
  const network = createNetwork(backend, data, drawSplit(data.size, n, 0), model)
  model.draw({ kind: 'normal', standardDeviation: 'p^-1/2' }, 0, network)
  return network
}

function randomMatrix(backend: Backend, rows: number, columns: number): Matrix {
  const M = backend.matrix(rows, columns)
  const stream = randomStream(0, 'firstLayer')
  backend.upload(
    M,
    Float64Array.from({ length: rows * columns }, () => stream.normal()),
  )
  return M
}

/** A + 4n·I with A random and symmetric in its lower triangle: well conditioned. */
function positiveDefinite(backend: Backend, n: number): Matrix {
  const A = randomMatrix(backend, n, n)
  backend.addDiagonal(4 * n, A)
  return A
}
