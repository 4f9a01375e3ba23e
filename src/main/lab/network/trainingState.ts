import type { Matrix } from '../backend/backend.ts'
import type { NamedMatrix, Weights } from './model.ts'

/** Zeroed moments on the host, each a list shaped as θ, under the names they are saved by: `meanE` of E. */
export function momentsOf(
  { backend, parameters }: Weights,
  moments: readonly string[],
): readonly (readonly NamedMatrix[])[] {
  return moments.map((moment) =>
    parameters.map(({ name, matrix }) => ({
      name: `${moment}${name}`,
      matrix: backend.matrix(matrix.rows, matrix.columns),
    })),
  )
}

/** θ and after it its moments: what a device is given. */
export function stateOf(
  { parameters }: Weights,
  moments: readonly (readonly NamedMatrix[])[],
): readonly (readonly Matrix[])[] {
  return [parameters, ...moments].map((list) => list.map(({ matrix }) => matrix))
}
