import type { Backend, Matrix } from '../backend/backend.ts'

/**
 * How the parameters of two layers lie in one tensor Θ: [E; Wᵀ] ((m + o) × d_h). With biases, b is the row of weights of an
 * input that is always 1, and c of a hidden unit that is: [E, 0; b, 0; Wᵀ, cᵀ] ((m + 1 + o) × (d_h + 1)), whose zeros stay.
 */
export interface ThetaLayout {
  /** Rows of [E; b]. */
  readonly inputs: number
  readonly rows: number
  readonly columns: number
  readonly hasBiases: boolean
  /** Θ of parameters, or what else is shaped as they are. */
  pack(backend: Backend, parameters: readonly Matrix[]): Float32Array
  unpack(backend: Backend, values: Float32Array, parameters: readonly Matrix[]): void
  /** A number for each parameter over all of its entries: a column over the rows where it suffices. */
  spread(numbers: readonly number[]): { values: Float32Array; shape: [rows: number, columns: number] }
}

/** Of θ = (E, W) or (E, b, W, c). */
export function thetaLayout(theta: readonly Matrix[]): ThetaLayout {
  const hasBiases = theta.length > 2
  const [E, W] = [theta[0]!, theta[hasBiases ? 2 : 1]!]
  const [hidden, outputs] = [E.columns, W.columns]
  const inputs = E.rows + (hasBiases ? 1 : 0)
  const rows = inputs + outputs
  const columns = hidden + (hasBiases ? 1 : 0)
  const first = (at: number) => Math.floor(at / hidden) * columns + (at % hidden)
  const second = (at: number) => (inputs + (at % outputs)) * columns + Math.floor(at / outputs)
  const bias = (at: number) => E.rows * columns + at
  const outputBias = (at: number) => (inputs + at) * columns + hidden
  /** Of each parameter where an entry of it lies in Θ. */
  const places = hasBiases ? [first, bias, second, outputBias] : [first, second]

  function eachEntry(act: (parameter: number, at: number, place: number) => void): void {
    places.forEach((placeOf, parameter) => {
      const matrix = theta[parameter]!
      for (let at = 0; at < matrix.rows * matrix.columns; at++) act(parameter, at, placeOf(at))
    })
  }

  return {
    inputs,
    rows,
    columns,
    hasBiases,
    pack(backend, parameters) {
      const values = new Float32Array(rows * columns)
      const data = parameters.map((matrix) => backend.download(matrix))
      eachEntry((parameter, at, place) => (values[place] = data[parameter]![at]!))
      return values
    },
    unpack(backend, values, parameters) {
      const data = parameters.map((matrix) => new Float32Array(matrix.rows * matrix.columns))
      eachEntry((parameter, at, place) => (data[parameter]![at] = values[place]!))
      parameters.forEach((matrix, i) => backend.upload(matrix, data[i]!))
    },
    spread(numbers) {
      const [number] = numbers
      if (numbers.every((each) => each === number)) return { values: Float32Array.of(number!), shape: [1, 1] }
      if (!hasBiases) {
        const [ofE, ofW] = numbers
        return {
          values: Float32Array.from({ length: rows }, (_, row) => (row < inputs ? ofE! : ofW!)),
          shape: [rows, 1],
        }
      }
      const values = new Float32Array(rows * columns)
      eachEntry((parameter, _, place) => (values[place] = numbers[parameter]!))
      return { values, shape: [rows, columns] }
    },
  }
}
