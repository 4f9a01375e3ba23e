import type { Backend, Matrix } from '../backend/backend.ts'
import { axpbyAll, matricesLike } from '../network/matrixLists.ts'
import type { VectorField } from '../network/vectorField.ts'
import type { ButcherTableau } from './butcherTableau.ts'

/** The arithmetic of steps of constant length, which asks for no number. */
export interface FixedStages {
  /** Evaluations of the field in a step. */
  readonly evaluations: number
  /** Evaluates the field at the state: the first slope. */
  begin(): readonly Matrix[]
  /** The first slope. */
  first(): readonly Matrix[]
  /** Moves the state by a step, from the first slope. */
  move(): void
  /** Evaluates the field at the new state, from which the next step goes on: by how much it differs from the first slope. */
  change(): readonly Matrix[]
}

/** The stages of a tableau in steps of constant length, on the state of a field. */
export function fixedStages(
  backend: Backend,
  field: VectorField,
  stepSize: number,
  { stages, weights }: ButcherTableau,
): FixedStages {
  const { state } = field
  // No step is taken back, so none needs a copy of its start: from stage to stage the state moves by what a row adds.
  const rows = [...stages, weights]
  const moves = rows.map((row, i) => row.map((coefficient, j) => coefficient - (rows[i - 1]?.[j] ?? 0)))
  const slopes = rows.map(() => matricesLike(backend, state))
  let next = matricesLike(backend, state)

  function add(coefficients: readonly number[]): void {
    coefficients.forEach((coefficient, i) => {
      if (coefficient !== 0) axpbyAll(backend, stepSize * coefficient, slopes[i]!, 1, state)
    })
  }

  return {
    evaluations: moves.length,
    begin() {
      field.evaluate(slopes[0]!)
      return slopes[0]!
    },
    first: () => slopes[0]!,
    move() {
      add(moves[0]!)
      for (let stage = 1; stage < moves.length; stage++) {
        field.evaluate(slopes[stage]!)
        add(moves[stage]!)
      }
    },
    change() {
      field.evaluate(next)
      const change = slopes[0]!
      axpbyAll(backend, 1, next, -1, change)
      ;[slopes[0], next] = [next, change]
      return change
    },
  }
}
