import { z } from 'zod'
import { plainText } from '../formatting/setSymbols.ts'
import { setTo, type Problem } from '../specification/problem.ts'
import { words } from '../specification/words.ts'
import { gridSplit, splitProblems, splitSizes, trainFraction } from './split.ts'
import { counted, type TaskDescription } from './task.ts'

interface Operation {
  label: string
  /** Marked for `setSymbols`. */
  formula: string
  /** Whether (b, a) has the answer of (a, b). */
  commutes: boolean
  /**
   * The group that the operation is that of: frequencies are those of its characters. Addition moves the tokens 0, 1, …
   * on by one; multiplication those but 0, by a primitive root.
   */
  group: 'additive' | 'multiplicative'
  /** Whether it is a homomorphism of that group, so that frequencies of the answer are frequencies of the tokens. */
  isHomomorphism: boolean
}

/** The operations on two tokens a, b ∈ {0 … p − 1}, all modulo p. */
export const modularOperations = {
  modularAddition: {
    label: 'modular addition',
    formula: '$a$ + $b$',
    commutes: true,
    group: 'additive',
    isHomomorphism: true,
  },
  modularSubtraction: {
    label: 'modular subtraction',
    formula: '$a$ − $b$',
    commutes: false,
    group: 'additive',
    isHomomorphism: true,
  },
  modularMultiplication: {
    label: 'modular multiplication',
    formula: '$a$ · $b$',
    commutes: true,
    group: 'multiplicative',
    isHomomorphism: true,
  },
  modularDivision: {
    label: 'modular division',
    formula: '$a$ / $b$',
    commutes: false,
    group: 'multiplicative',
    isHomomorphism: true,
  },
  modularQuadratic: {
    label: 'a² + ab + b² mod p',
    formula: '$a$² + $ab$ + $b$²',
    commutes: true,
    group: 'additive',
    isHomomorphism: false,
  },
  modularCubic: {
    label: 'a³ + ab mod p',
    formula: '$a$³ + $ab$',
    commutes: false,
    group: 'additive',
    isHomomorphism: false,
  },
} as const satisfies Record<string, Operation>

export type ModularKind = keyof typeof modularOperations

export function isModular(kind: string): kind is ModularKind {
  return Object.hasOwn(modularOperations, kind)
}

export const modulusLimits = { min: 2, max: 509 } as const

const modulus = z
  .int('expected a whole number')
  .min(modulusLimits.min)
  .max(modulusLimits.max)
  .register(words, {
    label: 'modulus',
    symbol: 'p',
    help: 'What is computed modulo $p$; the paper adds pairs $a$ ≤ $b$ with 11 and 37. A division needs a prime.',
    example: 23,
    filter: ['p', 'modulus'],
  })
const pairs = z.enum(['unordered', 'ordered']).register(words, {
  label: 'pairs',
  help: 'Unordered: each pair $a$ ≤ $b$ once, for what commutes. Ordered: $a$, $b$ and $b$, $a$ are two samples.',
  filter: ['pairs'],
})
const inputs = z.enum(['sum', 'concatenated']).register(words, {
  label: 'inputs',
  help: 'Sum: both tokens share the $p$ rows of $E$. Concatenated: each operand has $p$ rows of its own.',
  filter: ['inputs'],
})

/** The fields of a modular task; what does not commute is of ordered pairs, which only concatenated tokens tell apart. */
function modularSchema<Kind extends ModularKind>(kind: Kind) {
  const { commutes } = modularOperations[kind]
  return z.strictObject({
    kind: z.literal(kind),
    modulus,
    trainFraction,
    pairs: pairs.default(commutes ? 'unordered' : 'ordered'),
    inputs: inputs.default(commutes ? 'sum' : 'concatenated'),
    split: gridSplit,
  })
}

export const modularSchemas = [
  modularSchema('modularAddition'),
  modularSchema('modularSubtraction'),
  modularSchema('modularMultiplication'),
  modularSchema('modularDivision'),
  modularSchema('modularQuadratic'),
  modularSchema('modularCubic'),
] as const

export type ModularTask = z.output<(typeof modularSchemas)[number]>

/** One operation as a kind of task. SCIENCE.md §2. */
export function modularTask(kind: ModularKind): TaskDescription<ModularTask> {
  const operation: Operation = modularOperations[kind]

  /** Tokens in the order of the group; null where p tokens have no such group. */
  function orderOf({ modulus: p }: ModularTask): number[] | null {
    if (operation.group === 'additive') return Array.from({ length: p }, (_, token) => token)
    return isPrime(p) ? primitivePowers(p) : null
  }

  function sizes({ modulus: p, pairs: taken, inputs: read, trainFraction: share }: ModularTask) {
    const total = kind === 'modularDivision' ? p * (p - 1) : taken === 'ordered' ? p * p : (p * (p + 1)) / 2
    return { ...splitSizes(total, share), inputs: read === 'sum' ? p : 2 * p, outputs: p }
  }

  return {
    label: operation.label,
    targets: () => 'classes',
    inputsOf: {
      domain: kind === 'modularDivision' ? 'pairs to divide' : 'pairs',
      fields: ['modulus', 'pairs', 'inputs'],
      areDrawn: false,
    },
    hasDenseInputs: false,
    isClosed: false,
    title: ({ modulus: p }) => `${operation.formula} mod ${p}`,
    sizes,
    gridSide: ({ modulus: p }) => p,
    inputCycles(task) {
      const tokens = orderOf(task)
      if (!tokens) return []
      if (task.inputs === 'sum') return [{ name: 'tokens', places: tokens, tokens }]
      return ['first operand', 'second operand'].map((name, operand) => ({
        name,
        places: tokens.map((token) => operand * task.modulus + token),
        tokens,
      }))
    },
    outputCycle(task) {
      const tokens = orderOf(task)
      return tokens && { name: 'answers', places: tokens, tokens }
    },
    inputNames({ modulus: p, inputs: read }): Record<string, Int32Array> {
      if (read === 'sum') return { token: counted(p) }
      const places = counted(2 * p)
      return { operand: places.map((place) => Math.floor(place / p) + 1), token: places.map((place) => place % p) }
    },
    outputNames: ({ modulus: p }) => ({ output: counted(p) }),
    hasKeyFrequencies: () => operation.isHomomorphism && operation.group === 'additive',
    problems: (task) => [...operandProblems(operation, task), ...splitProblems(task, sizes(task))],
  }

  function operandProblems({ commutes, formula }: Operation, task: ModularTask): Problem[] {
    const { modulus: p, pairs: taken, inputs: read } = task
    const problems: Problem[] = []
    const words = plainText(formula)
    if (kind === 'modularDivision' && !isPrime(p)) {
      const message = 'a division needs a prime modulus, where every b but 0 has an inverse'
      const repairs = neighboringPrimes(p).map((prime) => setTo('task.modulus', prime))
      problems.push({ path: ['task', 'modulus'], value: p, message, repairs })
    }
    if (!commutes && taken === 'unordered') {
      const message = `${words} is not the same for (b, a); allowed: "ordered"`
      problems.push({ path: ['task', 'pairs'], value: taken, message, repairs: [setTo('task.pairs', 'ordered')] })
    }
    if (read === 'sum' && (taken === 'ordered' || !commutes)) {
      const message = 'the sum of two tokens is the same for (a, b) and (b, a), which are two samples of ordered pairs'
      const repairs = [
        setTo('task.inputs', 'concatenated'),
        ...(commutes ? [setTo('task.pairs', 'unordered', 'Take unordered pairs')] : []),
      ]
      problems.push({ path: ['task', 'inputs'], value: read, message, repairs })
    }
    return problems
  }
}

/** Trial division: p ≤ 509. */
function isPrime(p: number): boolean {
  for (let divisor = 2; divisor * divisor <= p; divisor++) if (p % divisor === 0) return false
  return p >= 2
}

function neighboringPrimes(p: number): number[] {
  const below = Array.from({ length: p }, (_, i) => p - 1 - i).find(isPrime)
  const above = Array.from({ length: modulusLimits.max - p }, (_, i) => p + 1 + i).find(isPrime)
  return [below, above].filter((prime) => prime !== undefined)
}

/** g⁰, g¹, … g^(p−2) mod p for the least primitive root g of a prime p: every token but 0, once. */
function primitivePowers(p: number): number[] {
  for (let root = 1; ; root++) {
    const powers = [1 % p]
    for (let power = root % p; power !== 1 % p && powers.length < p; power = (power * root) % p) powers.push(power)
    if (powers.length === p - 1) return powers
  }
}
