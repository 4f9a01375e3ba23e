import type { Activation } from '../../../../shared/experiment.ts'
import { activationNumbers } from '../../network/activations.ts'
import type { InputRows, Matrix } from '../backend.ts'
import type { CudaInputs } from './cudaRows.ts'
import { fusedPart, fusedShared, fusedThreads, fusedTile } from './fusedSource.ts'
import type { Cuda } from './loadCuda.ts'

/** The isolated first layer on a card, as `isolatedField` has it in its n × n form. */
export interface IsolatedLayer {
  readonly X: InputRows
  readonly Y: Matrix
  readonly E: Matrix
  readonly activation: Activation
  readonly ridge: number
  /** What an evaluation leaves: the lower factor of HHᵀ + λI, its solution for Y, and the second layer. */
  readonly factor: Matrix
  readonly B: Matrix
  readonly W: Matrix
}

/**
 * Whole steps of Euler's method on the isolated first layer, many in one launch of one kernel (`fusedSource.ts`). Their bits are
 * not those of the same steps by the libraries; they are the same for any number of steps in a launch.
 */
export interface FusedSteps {
  /** Whether the field is evaluated so: one run has one arithmetic. */
  isUsed: boolean
  /** velocity ← the field at E; leaves L, B and W. Waits; false where the factorization failed, and nothing of it is to be read. */
  evaluate(velocity: Matrix): boolean
  /**
   * Takes up to `mostFusedSteps` steps from E, at which the field is `velocity`; both are those of the last step then, and L, B and W
   * belong to it. Where a factorization fails, no step follows. Waits.
   */
  take(steps: number, velocity: Matrix, stepSize: number): FusedNumbers
}

/** What steps are recorded by. */
export interface FusedNumbers {
  /** ‖E‖² where they began, and after each. */
  readonly squares: Float64Array
  /** Of each step ‖f(E) less f where it began‖². */
  readonly changes: Float64Array
  /** The step, from 1 on, at whose end the factorization failed; 0 where none did. */
  readonly failed: number
}

/** Steps in one launch. */
export const mostFusedSteps = 256

/** The largest n that is tried: its panels follow one another, and beyond this the libraries' share of the work is larger. */
export const mostFusedSamples = 1024

/** What the kernel needs of a backend on a card. */
interface Parts {
  readonly cuda: Cuda
  readonly inputs: CudaInputs
  allocate(bytes: number): number
  addressOf(matrix: Matrix): number
}

/** Whole steps on a layer; undefined where the card starts no blocks together, or the layer is too large. Memory is taken at the first. */
export function createFusedSteps(
  { cuda, inputs, allocate, addressOf }: Parts,
  { X, Y, E, activation, ridge, factor, B, W }: IsolatedLayer,
): FusedSteps | undefined {
  const [samples, outputs, hidden] = [X.rows, Y.columns, E.columns]
  if (samples > mostFusedSamples) return undefined
  const most = cuda.blocksTogether('fusedSteps', fusedThreads, fusedShared)
  if (most === 0) return undefined

  const tiles = Math.ceil(samples / fusedTile)
  const outputTiles = Math.ceil(outputs / fusedTile)
  const padded = 8 * Math.ceil(outputs / 8)
  const partCount = Math.ceil((E.rows * hidden) / fusedPart)
  const useful = Math.max(
    (tiles * (tiles + 1)) / 2 + (outputTiles + 1) * tiles,
    Math.ceil((E.rows * hidden) / fusedThreads),
  )
  const blocks = Math.min(most, useful)
  /** A counter of waiting blocks, and the numbers. */
  const noted = new Float64Array(2 + 2 * mostFusedSteps + 1)
  let own: { readonly memory: readonly number[]; readonly notes: number } | undefined

  /** In the order of the kernel's parameters. */
  function allocateOwn() {
    const square = tiles * tiles * fusedTile ** 2
    const rightSides = outputTiles * tiles * fusedTile ** 2
    const entries = [
      ...[samples * hidden, samples * hidden, square, rightSides, rightSides, square, square],
      ...[tiles * fusedTile * padded, padded * hidden, E.rows * hidden, (2 * mostFusedSteps + 1) * partCount],
    ]
    return { memory: entries.map((count) => allocate(8 * count)), notes: allocate(noted.byteLength) }
  }

  /** The step or, without moving, the evaluation that failed, from 1 on; the numbers are read as far as `count`. */
  function run(evaluations: number, moves: boolean, velocity: Matrix, stepSize: number, count: number): number {
    own ??= allocateOwn()
    const { indices, start, rowsOf, tokens } = inputs.on('E', X, E.rows)
    cuda.driver.zero(own.notes, 16)
    cuda.launchTogether('fusedSteps', [blocks, 1], fusedThreads, fusedShared, [
      ...[indices, X.perRow, start, rowsOf, tokens, samples, E.rows, hidden, outputs],
      ...[evaluations, Number(moves), activationNumbers[activation], ridge, stepSize],
      ...[E, velocity, Y, factor, B, W].map(addressOf),
      ...own.memory,
      ...[own.notes + 8, own.notes],
    ])
    cuda.driver.read(noted.subarray(0, 2 + count), own.notes)
    return noted[1]!
  }

  return {
    isUsed: false,
    evaluate: (velocity) => run(1, false, velocity, 0, 0) === 0,
    take(steps, velocity, stepSize) {
      const failed = run(steps, true, velocity, stepSize, 2 * steps + 1)
      return { squares: noted.slice(2, steps + 3), changes: noted.slice(steps + 3, 2 * steps + 3), failed }
    },
  }
}
