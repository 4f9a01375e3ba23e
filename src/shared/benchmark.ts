import type { Precision } from './specification/limits.ts'

/** Sizes of a problem: modulus, hidden units, training pairs. */
export interface ProblemSize {
  p: number
  hidden: number
  n: number
}

export const benchmarkOperations = [
  /** n × d_h by d_h × n. */
  'gemm',
  /** Lower triangle of HHᵀ, H n × d_h. */
  'rankK',
  /** Cholesky factorization of order n. */
  'cholesky',
  /** Solve with p right-hand sides, order n. */
  'solve',
  /** One evaluation of the isolated field (Eq. 20). */
  'isolatedStep',
  /** One step of full-batch gradient descent. */
  'trainingStep',
  /** −P_T θ exactly, J never formed. */
  'normMinimizingDirection',
] as const
export type BenchmarkOperation = (typeof benchmarkOperations)[number]

export interface BenchmarkCase {
  operation: BenchmarkOperation
  size: ProblemSize
  precision: Precision
}

/** One timing of a case: some repetitions, and what the process used. */
export interface CaseTiming {
  /** Milliseconds of each repetition. */
  milliseconds: number[]
  /** Bytes of JavaScript heap that grew over the repetitions, per repetition. */
  heapBytes: number
  /** Greatest resident memory of the process so far, in bytes. */
  peakMemoryBytes: number
}

/** A step of training on a GPU, ReLU on all samples, float32. */
export interface GpuCase {
  size: ProblemSize
  optimizer: 'gradientDescent' | 'adamw'
  loss: 'meanSquaredError' | 'crossEntropy'
}

/** What a step asks of a GPU, by which kernels alone it is decided, and what that costs the host. */
export interface GpuStepCounts {
  /** What counted, with the version of Dawn. */
  device: string
  dispatches: number
  submits: number
  /** Device memory that is allocated, in bytes. */
  allocatedBytes: number
  /** Processor time of the process, in microseconds. */
  hostMicroseconds: number
}

/** What a GPU takes for a step. */
export interface GpuStepTiming {
  /** The adapter, its driver, the version of Dawn. */
  device: string
  /** Seconds that all kernels of the training take to be compiled. */
  compileSeconds: number
  /** Wall time of a step, for each submit. */
  microseconds: number[]
  hostMicroseconds: number
}

/** Multiply-adds a case needs; 0 where no closed count is used. */
export function multiplyAdds({ operation, size: { p, hidden, n } }: BenchmarkCase): number {
  switch (operation) {
    case 'gemm':
      return n * n * hidden
    case 'rankK':
      return (n * n * hidden) / 2
    case 'cholesky':
      return n ** 3 / 6
    case 'solve':
      return n * n * p
    case 'isolatedStep':
      return (n * n * hidden) / 2 + n ** 3 / 6 + n * n * p + 2 * n * p * hidden
    case 'trainingStep':
      return 3 * n * p * hidden
    case 'normMinimizingDirection':
      return 0
  }
}
