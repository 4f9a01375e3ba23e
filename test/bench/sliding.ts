import { median } from 'd3-array'
import type { Backend } from '../../src/main/lab/backend/backend.ts'
import { wasmBackend } from '../../src/main/lab/backend/wasm/wasmBackend.ts'
import { isolatedField } from '../../src/main/lab/dynamics/isolatedField.ts'
import { fixedStep } from '../../src/main/lab/integrators/fixedStep.ts'
import { tableaus } from '../../src/main/lab/integrators/tableaus.ts'
import { isTokens, multiplyInputs, multiplyInputsTransposed } from '../../src/main/lab/network/inputs.ts'
import type { Network } from '../../src/main/lab/network/model.ts'
import { prepareNetwork } from '../../src/main/lab/prepareNetwork.ts'
import { toRunSpec } from '../../src/shared/experiment.ts'
import { parseExperiment } from '../../src/shared/parseExperiment.ts'

/**
 * Moreau's time stepping of the isolated layer, which slides along the kinks of relu, against Euler's steps of equal cost
 * (SCIENCE.md §11, finding 7): `node test/bench/sliding.ts`, one thread of WebAssembly, about a minute. For each seed the
 * milliseconds of a step of both, and at τ = 1 and 3 the relative distance of E from Euler's at η/64: of Euler at η, of
 * sliding at η, of Euler at the η/k that takes as long as sliding.
 */
const stepSize = 1e-3
const ends = [1, 3]
const seeds = [0, 1, 2]
const rows: number[][][] = []
for (const seed of seeds) {
  const exact = weightsAt(eulerSteps(await layer(seed), stepSize / 64), stepSize / 64)
  const [euler, sliding] = [eulerSteps(await layer(seed), stepSize), slidingSteps(await layer(seed), stepSize)]
  const [eulerTimes, slidingTimes]: [number[], number[]] = [[], []]
  const [ofEuler, ofSliding]: [Float64Array[], Float64Array[]] = [[], []]
  for (const until of ends) {
    // Both in turn, so that both have what this machine does besides.
    while (eulerTimes.length < until * 10) {
      eulerTimes.push(timeOf(euler, 100))
      slidingTimes.push(timeOf(sliding, 100))
    }
    ofEuler.push(euler.weights())
    ofSliding.push(sliding.weights())
  }
  const [once, slidingOnce] = [median(eulerTimes)!, median(slidingTimes)!]
  const fair = 1 / Math.round((1 / stepSize) * (slidingOnce / once))
  const ofFair = weightsAt(eulerSteps(await layer(seed), fair), fair)
  const distances = ends.map((_, at) => [ofEuler, ofSliding, ofFair].map((each) => distance(each[at]!, exact[at]!)))
  rows.push(distances)
  process.stdout.write(
    `seed ${seed}: ${once.toFixed(3)} and ${slidingOnce.toFixed(3)} ms a step, k = ${(slidingOnce / once).toFixed(2)}; ${describe(distances)}\n`,
  )
}
const medians = ends.map((_, at) => [0, 1, 2].map((which) => median(rows.map((row) => row[at]![which]!))!))
process.stdout.write(`median: ${describe(medians)}\n`)

function describe(distances: readonly (readonly number[])[]): string {
  return distances
    .map((of, at) => {
      const [euler, sliding, fair] = of.map((value) => value.toFixed(4))
      return `τ = ${ends[at]}: Euler ${euler}, sliding ${sliding}, Euler at η/k ${fair}`
    })
    .join('; ')
}

interface Layer {
  backend: Backend
  network: Network
}

/** The layer of SCIENCE.md §11: n = 59, p = 11, d_h = 128. */
async function layer(seed: number): Promise<Layer> {
  const backend = await wasmBackend('float64', 1)
  const input = {
    task: { kind: 'modularAddition', modulus: 11, trainFraction: 0.9 },
    network: { hidden: 128 },
    dynamics: { kind: 'isolated', steps: 1 },
    seeds: [seed],
  }
  const spec = toRunSpec(parseExperiment(input), seed)
  const { task } = spec
  if (task.kind !== 'modularAddition') throw new RangeError(task.kind)
  return { backend, network: prepareNetwork({ ...spec, task }, backend, undefined, undefined).network }
}

interface Steps {
  step: () => void
  weights: () => Float64Array
}

function eulerSteps({ backend, network }: Layer, eta: number): Steps {
  const field = isolatedField(network, 0)
  const integrator = fixedStep(backend, field, eta, tableaus.euler)
  integrator.begin()
  return { step: () => void integrator.step(eta), weights: () => Float64Array.from(backend.download(field.state[0]!)) }
}

/**
 * A step of Moreau's time stepping: G = BWᵀ and −E are those of its beginning, and for every unit u
 *
 *   E⁺_u = E_u + η(Σ_i X_iᵀ G_iu s_iu − E_u),  s ∈ [0, 1],  z⁺_iu = X_i·E⁺_u
 *
 * where s_iu is the side of z_iu, but for those that G_iu < 0 draws to 0 and that can reach it in the step: these have s = 1
 * where z⁺ > 0, s = 0 where z⁺ < 0, and any share where z⁺ = 0. That is min ½‖E⁺_u‖² over their shares in the box, solved by
 * coordinate descent from the shares of the step before, until no share moves by more than 1e-6.
 */
function slidingSteps({ backend, network }: Layer, eta: number): Steps {
  const { E, W } = network.model.linearReadout!.layers(network)
  const { X, Y } = network.train
  if (!isTokens(X)) throw new RangeError('X has to be of tokens')
  const [samples, units] = [X.rows, E.columns]
  const [Z, H] = [backend.matrix(samples, units), backend.matrix(samples, units)]
  const [B, factor] = [backend.matrix(samples, Y.columns), backend.matrix(samples, samples)]
  const velocity = backend.matrix(E.rows, units)
  /** Where the two rows of E begin that a row of X adds up. */
  const firsts = Int32Array.from({ length: samples }, (_, row) => X.indices[2 * row]! * units)
  const seconds = Int32Array.from({ length: samples }, (_, row) => X.indices[2 * row + 1]! * units)
  /** ‖X_i‖². */
  const squares = Float64Array.from({ length: samples }, (_, row) => (firsts[row] === seconds[row] ? 4 : 2))
  /** −1 where a pre-activation was not solved for. */
  const shares = new Float64Array(samples * units).fill(-1)
  const [G, before, explicit] = Array.from({ length: 3 }, () => new Float64Array(samples * units)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  const weights = new Float64Array(E.rows * units)
  /** The rows whose shares a unit is solved for. */
  const free = new Int32Array(samples)

  function step() {
    multiplyInputs(backend, X, E, Z)
    backend.activate('relu', Z, H)
    backend.symmetricRankK(false, 1, H, 0, factor)
    if (backend.cholesky(factor) > 0) throw new RangeError('HHᵀ is not positive definite to rounding')
    backend.axpby(1, Y, 0, B)
    backend.solveCholesky(factor, B)
    backend.gemm(true, false, 1, H, B, 0, W)
    backend.gemm(false, true, 1, B, W, 0, H)
    backend.download(H, G)
    backend.download(Z, before)
    backend.multiplyByDerivative('relu', Z, H)
    backend.axpby(-1, E, 0, velocity)
    multiplyInputsTransposed(backend, X, H, 1, velocity)
    backend.axpby(eta, velocity, 1, E)
    multiplyInputs(backend, X, E, Z)
    backend.download(Z, explicit)
    backend.download(E, weights)
    for (let unit = 0; unit < units; unit++) solveUnit(unit)
    backend.upload(E, weights)
  }

  function give(row: number, unit: number, share: number) {
    const move = eta * G[row * units + unit]! * share
    weights[firsts[row]! + unit]! += move
    weights[seconds[row]! + unit]! += move
  }

  function solveUnit(unit: number) {
    let count = 0
    for (let row = 0; row < samples; row++) {
      const at = row * units + unit
      if (G[at]! < 0 && canReachZero(row, at)) free[count++] = row
      else shares[at] = -1
    }
    for (let k = 0; k < count; k++) {
      const row = free[k]!
      const at = row * units + unit
      const side = before[at]! > 0 ? 1 : 0
      if (shares[at]! < 0) shares[at] = side
      else give(row, unit, shares[at]! - side)
    }
    let largest = Infinity
    for (let sweep = 0; sweep < 1000 && largest > 1e-6; sweep++) {
      largest = 0
      for (let k = 0; k < count; k++) {
        const row = free[k]!
        const at = row * units + unit
        const z = weights[firsts[row]! + unit]! + weights[seconds[row]! + unit]!
        const share = Math.min(1, Math.max(0, shares[at]! - z / (eta * G[at]! * squares[row]!)))
        const change = share - shares[at]!
        if (change === 0) continue
        give(row, unit, change)
        largest = Math.max(largest, Math.abs(change))
        shares[at] = share
      }
    }
  }

  /** Whether its own share and the rest of the step may bring a pre-activation to 0; others move it too, so it is a guess on the large side. */
  function canReachZero(row: number, at: number): boolean {
    const own = -eta * squares[row]! * G[at]!
    const far = Math.abs(explicit[at]! - before[at]!) + own
    return before[at]! > 0 ? explicit[at]! <= own && before[at]! <= far : explicit[at]! >= -own && -before[at]! <= far
  }
  return { step, weights: () => Float64Array.from(backend.download(E)) }
}

function weightsAt(steps: Steps, eta: number): Float64Array[] {
  let taken = 0
  return ends.map((end) => {
    for (; taken < Math.round(end / eta); taken++) steps.step()
    return steps.weights()
  })
}

/** Milliseconds of a step. */
function timeOf({ step }: Steps, count: number): number {
  const start = performance.now()
  for (let k = 0; k < count; k++) step()
  return (performance.now() - start) / count
}

/** ‖A − B‖/‖B‖. */
function distance(A: Float64Array, B: Float64Array): number {
  return Math.hypot(...A.map((value, k) => value - B[k]!)) / Math.hypot(...B)
}
