import { describe, expect, it } from 'vitest'
import { modularData, modularPairs, pairsOnGrid } from '../../../../src/main/lab/tasks/modular.ts'
import {
  modularOperations,
  modularTask,
  type ModularKind,
  type ModularTask,
} from '../../../../src/shared/tasks/modular.ts'
import { additionTask } from '../../../support/modularAddition.ts'

const kinds = Object.keys(modularOperations) as ModularKind[]

/** What an answer c to (a, b) is, without the division that computing it may need. */
const isAnswer: Record<ModularKind, (a: number, b: number, c: number, p: number) => boolean> = {
  modularAddition: (a, b, c, p) => (c - a - b) % p === 0,
  modularSubtraction: (a, b, c, p) => (c + b - a) % p === 0,
  modularMultiplication: (a, b, c, p) => (c - a * b) % p === 0,
  modularDivision: (a, b, c, p) => (c * b - a) % p === 0,
  modularQuadratic: (a, b, c, p) => (c - a ** 2 - a * b - b ** 2) % p === 0,
  modularCubic: (a, b, c, p) => (c - a ** 3 - a * b) % p === 0,
}

function taskOf(kind: ModularKind, modulus: number, more: Partial<ModularTask> = {}): ModularTask {
  const shape = modularOperations[kind].commutes
    ? { pairs: 'unordered' as const, inputs: 'sum' as const }
    : { pairs: 'ordered' as const, inputs: 'concatenated' as const }
  return { ...additionTask(modulus), ...shape, ...more, kind } as ModularTask
}

describe.each(kinds)('%s', (kind) => {
  const { commutes } = modularOperations[kind]
  const shapes: Partial<ModularTask>[] = [
    { pairs: 'ordered', inputs: 'concatenated' },
    ...(commutes ? [{}, { pairs: 'unordered', inputs: 'concatenated' } as const] : []),
  ]

  it.each([2, 3, 5, 13, ...(kind === 'modularDivision' ? [] : [4, 12])])(
    'mod %i has every pair once, with its answer',
    (p) => {
      for (const shape of shapes) {
        const task = taskOf(kind, p, shape)
        const { size, inputs, outputs, X, targets } = modularData(task)
        const sizes = modularTask(kind).sizes(task)
        expect([size, inputs, outputs]).toEqual([sizes.total, sizes.inputs, sizes.outputs])
        if (X.kind !== 'tokens' || targets.kind !== 'classes') throw new Error('a modular task has tokens and classes')
        const offset = task.inputs === 'sum' ? 0 : p
        const pairs = Array.from({ length: size }, (_, i) => [X.tokens[2 * i]!, X.tokens[2 * i + 1]! - offset] as const)
        const all = Array.from({ length: p * p }, (_, cell) => [Math.floor(cell / p), cell % p] as const).filter(
          ([a, b]) => (task.pairs === 'ordered' || a <= b) && (kind !== 'modularDivision' || b > 0),
        )
        expect(pairs).toEqual(all)
        expect([...modularPairs(task)]).toEqual(all)
        pairs.forEach(([a, b], i) => {
          const answer = targets.classes[i]!
          expect(answer).toBeGreaterThanOrEqual(0)
          expect(answer).toBeLessThan(p)
          expect(isAnswer[kind](a, b, answer, p)).toBe(true)
        })
      }
    },
  )

  it('stands on the grid in the cell of its pair, unordered ones in both', () => {
    for (const shape of shapes) {
      const task = taskOf(kind, 7, shape)
      const places = pairsOnGrid(task)
      ;[...modularPairs(task)].forEach(([a, b], place) => {
        expect(places[a * 7 + b]).toBe(place)
        if (task.pairs === 'unordered') expect(places[b * 7 + a]).toBe(place)
      })
      expect(places.filter((place) => place < 0)).toHaveLength(kind === 'modularDivision' ? 7 : 0)
    }
  })

  it('has cycles over which the operation moves on evenly, where it is one of a group', () => {
    const { isHomomorphism } = modularOperations[kind]
    const task = taskOf(kind, 13)
    const cycles = modularTask(kind).inputCycles(task)
    expect(cycles).toHaveLength(task.inputs === 'sum' ? 1 : 2)
    for (const { places, tokens } of cycles) expect(new Set(places).size).toBe(tokens.length)
    if (!isHomomorphism) return
    // A step on by the first operand is a step of the answer along its own cycle, the same for every pair.
    const { tokens } = cycles[0]!
    const answers = modularTask(kind).outputCycle(task)!.tokens
    const { targets } = modularData(task)
    const places = pairsOnGrid(task)
    const answerOf = (a: number, b: number) => targets.kind === 'classes' && targets.classes[places[a * 13 + b]!]!
    const steps = tokens.flatMap((a, j) =>
      tokens.map((b) => {
        const next = tokens[(j + 1) % tokens.length]!
        const [from, to] = [answers.indexOf(Number(answerOf(a, b))), answers.indexOf(Number(answerOf(next, b)))]
        return (to - from + answers.length) % answers.length
      }),
    )
    expect(new Set(steps)).toEqual(new Set([1]))
  })
})

it('has no frequencies where a product has no primitive root: a composite modulus', () => {
  const { inputCycles, outputCycle } = modularTask('modularMultiplication')
  expect(inputCycles(taskOf('modularMultiplication', 12))).toEqual([])
  expect(outputCycle(taskOf('modularMultiplication', 12))).toBeNull()
})
