import type { Problem } from '../specification/problem.ts'

/** |D| and its parts, and the columns of X and Y. */
export interface TaskSizes {
  total: number
  train: number
  test: number
  /** m. */
  inputs: number
  /** o. */
  outputs: number
}

/** Rows of the first layer, one for each token, in the order in which a cyclic symmetry of the task moves them on. */
export interface TokenCycle {
  /** What the tokens are, where there are several lists of them: "first operand". */
  name: string
  /** Places among the inputs, or among the outputs. */
  places: readonly number[]
  /** What stands at each place. */
  tokens: readonly number[]
}

/**
 * What a kind of task says of itself without its data: what lenses, analyses and interventions may ask. Its data is made
 * by its other half, in `lab/tasks`.
 */
export interface TaskDescription<Spec> {
  /** In lower case. */
  label: string
  /** Of one task, marked for `setSymbols`. */
  title(spec: Spec): string
  sizes(spec: Spec): TaskSizes
  /** Whether an answer is one of several classes or o real numbers. */
  targets(spec: Spec): 'classes' | 'real'
  /**
   * What decides which inputs D has and in which order, besides the kind's domain its fields, and the seed where that draws them: of
   * tasks that agree in all of it, the sample of every index has the same input.
   */
  inputsOf: { domain: string; fields: readonly string[]; areDrawn: boolean }
  /** Whether its inputs have a number in every place, so that the first layer is a matrix product; else they are tokens. */
  hasDenseInputs: boolean
  /** Whether it is a closed model of a few weights, which no network is set before. */
  isClosed: boolean
  /** p where its samples lie on a p × p grid of two tokens; null where they do not. */
  gridSide(spec: Spec): number | null
  /** The cyclic symmetries of its tokens, over which there are frequencies; none where there are no such symmetries. */
  inputCycles(spec: Spec): readonly TokenCycle[]
  /** The same of its outputs. */
  outputCycle(spec: Spec): TokenCycle | null
  /** What its inputs and its outputs are called, for tables: a list of each name as long as they are many. */
  inputNames(spec: Spec): Readonly<Record<string, Int32Array>>
  outputNames(spec: Spec): Readonly<Record<string, Int32Array>>
  /** Whether a frequency of the answers is one of the tokens too, so that outputs split by frequencies of the answer. */
  hasKeyFrequencies(spec: Spec): boolean
  /** Fields that are right alone and do not fit each other. */
  problems(spec: Spec): Problem[]
}

/** 0, 1, … */
export function counted(length: number): Int32Array {
  return Int32Array.from({ length }, (_, place) => place)
}
