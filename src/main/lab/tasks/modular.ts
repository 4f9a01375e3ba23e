import type { ModularKind, ModularTask } from '../../../shared/tasks/modular.ts'
import type { TaskData } from './task.ts'

type Modular = Omit<ModularTask, 'trainFraction' | 'split'>

/** The answer to (a, b) modulo p; b ≠ 0 for the division, whose modulus is a prime. */
const answers: Record<ModularKind, (a: number, b: number, p: number) => number> = {
  modularAddition: (a, b, p) => (a + b) % p,
  modularSubtraction: (a, b, p) => (a - b + p) % p,
  modularMultiplication: (a, b, p) => (a * b) % p,
  modularDivision: (a, b, p) => (a * inverse(b, p)) % p,
  modularQuadratic: (a, b, p) => (a * a + a * b + b * b) % p,
  modularCubic: (a, b, p) => (((a * a) % p) * a + a * b) % p,
}

/** The pairs of D in its order: (0,0), (0,1), …; those with a ≤ b alone where they are unordered, with b ≠ 0 for a division. */
export function* modularPairs({ kind, modulus: p, pairs }: Modular): Generator<readonly [a: number, b: number]> {
  for (let a = 0; a < p; a++) {
    for (let b = pairs === 'unordered' ? a : 0; b < p; b++) if (kind !== 'modularDivision' || b !== 0) yield [a, b]
  }
}

/** The two inputs that stand for a pair: both tokens among the same p, or the second among p of its own. */
export function pairInputs({ modulus, inputs }: Modular, a: number, b: number): [number, number] {
  return inputs === 'sum' ? [a, b] : [a, modulus + b]
}

/**
 * An operation on two tokens modulo p over its pairs. Row of X e_a + e_b (2 where a = b), or e_a + e_(p+b) where the
 * operands are concatenated; the class is the answer. Dimensionless. SCIENCE.md §2; Musat, Sec. 5; Power et al. 2022
 * (arXiv 2201.02177), App. A.1.1.
 */
export function modularData(task: Modular): TaskData {
  const { kind, modulus, inputs, pairs } = task
  const said = [kind, modulus, inputs, pairs].join()
  if (latest?.said !== said) latest = { said, data: dataOf(task) }
  return latest.data
}

/** The last that was asked for: no seed draws any of it, so that a thousand runs are set before the same. */
let latest: { said: string; data: TaskData } | undefined

function dataOf(task: Modular): TaskData {
  const { kind, modulus, inputs } = task
  const pairs = [...modularPairs(task)]
  return {
    size: pairs.length,
    inputs: inputs === 'sum' ? modulus : 2 * modulus,
    outputs: modulus,
    X: { kind: 'tokens', perRow: 2, tokens: Int32Array.from(pairs.flatMap(([a, b]) => pairInputs(task, a, b))) },
    targets: { kind: 'classes', classes: Int32Array.from(pairs, ([a, b]) => answers[kind](a, b, modulus)) },
  }
}

/** For each cell (a, b) of the p × p grid, a·p + b, the place of its pair in D; −1 where there is no such pair. */
export function pairsOnGrid(task: Modular): Int32Array {
  const { modulus: p, pairs } = task
  const places = new Int32Array(p * p).fill(-1)
  let place = 0
  for (const [a, b] of modularPairs(task)) {
    places[a * p + b] = place
    if (pairs === 'unordered') places[b * p + a] = place
    place += 1
  }
  return places
}

/** b⁻¹ = b^(p−2) mod p, by Fermat; by squaring. */
function inverse(b: number, p: number): number {
  let result = 1
  let square = b
  for (let exponent = p - 2; exponent > 0; exponent >>= 1) {
    if (exponent & 1) result = (result * square) % p
    square = (square * square) % p
  }
  return result
}
