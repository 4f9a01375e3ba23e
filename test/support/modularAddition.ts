import { modularData } from '../../src/main/lab/tasks/modular.ts'
import type { TaskData } from '../../src/main/lab/tasks/task.ts'
import type { ModularTask } from '../../src/shared/tasks/modular.ts'

/** Addition of unordered pairs modulo p, as in the paper. */
export function additionTask(modulus: number): ModularTask {
  const rest = { trainFraction: 0.5, split: { kind: 'random' as const } }
  return { kind: 'modularAddition', modulus, pairs: 'unordered', inputs: 'sum', ...rest }
}

/** Its data, with the tokens and classes that the general form keeps by kind. */
export function modularAddition(modulus: number): TaskData & { tokens: Int32Array; classes: Int32Array } {
  const data = modularData(additionTask(modulus))
  const { X, targets } = data
  if (X.kind !== 'tokens' || targets.kind !== 'classes') throw new Error('tokens and classes are expected')
  return { ...data, tokens: X.tokens, classes: targets.classes }
}

/** The same, with every entry of X written out and its targets as numbers. */
export function denseAddition(modulus: number): TaskData {
  const { size, inputs, outputs, tokens, classes } = modularAddition(modulus)
  const X = new Float64Array(size * inputs)
  tokens.forEach((token, at) => (X[Math.floor(at / 2) * inputs + token]! += 1))
  const Y = new Float64Array(size * outputs)
  classes.forEach((target, row) => (Y[row * outputs + target] = 1))
  return { size, inputs, outputs, X: { kind: 'dense', values: X }, targets: { kind: 'real', values: Y } }
}
