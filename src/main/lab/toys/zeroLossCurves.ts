import type { ToyModelName } from '../../../shared/tasks/toy.ts'

export interface PlaneCurve {
  x: Float64Array
  y: Float64Array
}

const points = 201

/**
 * The zero-loss set of a two-weight toy model as curves in the plane of its weights, within ‖θ‖_∞ ≤ reach: a line, the
 * branches of a hyperbola (of two different ones for the leaky relu, w₂ = 1/w₁ and w₂ = 10/w₁), the two axes, a parabola.
 * Throws a RangeError for the model with three weights.
 */
export function zeroLossCurves(model: ToyModelName, reach: number): PlaneCurve[] {
  switch (model) {
    case 'twoWeightLinear':
      return [graph(2 - reach, reach, (x) => 2 - x)]
    case 'curvedScalar':
      return [graph(1 / reach, reach, (x) => 1 / x), graph(-reach, -1 / reach, (x) => 1 / x)]
    case 'leakyRelu':
      return [graph(1 / reach, reach, (x) => 1 / x), graph(-reach, -10 / reach, (x) => 10 / x)]
    case 'singularScalar': {
      const axis = graph(-reach, reach, () => 0)
      return [axis, { x: axis.y, y: axis.x }]
    }
    case 'parabola':
      return [graph(-Math.sqrt(reach), Math.sqrt(reach), (x) => x * x)]
    case 'threeWeightLinear':
      throw new RangeError('the zero-loss set of threeWeightLinear is a plane, not a curve')
  }
}

function graph(min: number, max: number, height: (x: number) => number): PlaneCurve {
  const x = Float64Array.from({ length: points }, (_, i) => min + ((max - min) * i) / (points - 1))
  return { x, y: x.map(height) }
}
