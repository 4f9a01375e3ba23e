import { models, type NetworkOf } from '../../../shared/models/models.ts'
import type { Backend, Matrix } from '../backend/backend.ts'
import { choleskyGram, type LinearizedLayers } from '../network/choleskyGram.ts'
import { partialTrace } from '../network/conjugateGradientGram.ts'
import { drawInitialWeights } from '../network/initialWeights.ts'
import { multiplyInputs, multiplyInputsTransposed, type Inputs } from '../network/inputs.ts'
import { type Model, type OutputJacobian, type Network, type Weights } from '../network/model.ts'
import { parameterOf } from '../network/network.ts'

/**
 * Two layers, Ŷ = σ(XE)W, or with biases Ŷ = σ(XE + b)W + c: X (n × m), E (m × d_h), b (1 × d_h), W (d_h × o), c (1 × o).
 * SCIENCE.md §2.
 */
export function twoLayer(spec: NetworkOf<'twoLayer'>): Model {
  const { activation } = spec
  const hasBiases = spec.biases ?? false
  const layers = (weights: Weights) => ({
    E: parameterOf(weights, 'E'),
    W: parameterOf(weights, 'W'),
    ...(hasBiases ? { biases: { b: parameterOf(weights, 'b'), c: parameterOf(weights, 'c') } } : {}),
  })

  function preactivations(weights: Weights, rows: number) {
    const { backend } = weights
    const { E, biases } = layers(weights)
    const Z = backend.matrix(rows, E.columns)
    const add = biases && addition(backend, rows)
    return (X: Inputs) => {
      multiplyInputs(backend, X, E, Z)
      add?.(biases!.b, Z)
      return Z
    }
  }

  function hidden(weights: Weights, rows: number) {
    const { backend } = weights
    const preactivationsOf = preactivations(weights, rows)
    return (X: Inputs) => {
      const H = preactivationsOf(X)
      backend.activate(activation, H, H)
      return H
    }
  }

  return {
    shapes: (sizes) => models.twoLayer.parameters(spec, sizes),
    draw(initialization, seed, weights) {
      const { E, W, biases } = layers(weights)
      drawInitialWeights(weights.backend, initialization, seed, E, W, biases)
    },
    hidden,
    preactivations,
    outputs(weights, rows) {
      const { backend } = weights
      const { W, biases } = layers(weights)
      const valuesOf = hidden(weights, rows)
      const outputs = backend.matrix(rows, W.columns)
      const add = biases && addition(backend, rows)
      return (X) => {
        backend.gemm(false, false, 1, valuesOf(X), W, 0, outputs)
        add?.(biases!.c, outputs)
        return outputs
      }
    },
    jacobian: (network) => jacobianOf(network, layers(network), activation),
    gram: {
      factored: ({ backend }, jacobian) => choleskyGram(backend, (jacobian as TwoLayerJacobian).layers),
      preconditioner: ({ backend }, jacobian) => partialTrace(backend, (jacobian as TwoLayerJacobian).layers),
    },
    twoLayers: { activation, hasBiases },
    ...(hasBiases ? {} : { linearReadout: { activation, layers } }),
  }
}

interface TwoLayerJacobian extends OutputJacobian {
  readonly layers: LinearizedLayers
}

/**
 * The Jacobian J of the n·o training outputs in θ = (E, W), or (E, b, W, c), never formed. With M = σ'(XE + b), H = σ(XE + b)
 * and 1 a column of ones:
 *
 *   J·(dE, db, dW, dc) = (M ⊙ (X·dE + 1·db))W + H·dW + 1·dc
 *   Jᵀ·y = (XᵀG, 1ᵀG, Hᵀy, 1ᵀy),  G = M ⊙ (yWᵀ)
 *
 * Each product costs 2·n·o·d_h multiply-adds. SCIENCE.md §4; Musat, App. D.
 */
function jacobianOf(
  { backend, train }: Network,
  { E, W, biases }: { E: Matrix; W: Matrix; biases?: { b: Matrix; c: Matrix } },
  activation: NetworkOf<'twoLayer'>['activation'],
): TwoLayerJacobian {
  const { X, Y } = train
  const Z = backend.matrix(X.rows, E.columns)
  const H = backend.matrix(X.rows, E.columns)
  const hidden = backend.matrix(X.rows, E.columns)
  const residual = backend.matrix(X.rows, W.columns)
  const add = biases && addition(backend, X.rows)
  const sum = biases && columnSums(backend, X.rows)
  /** Of a list shaped as θ. */
  const parts = (list: readonly Matrix[]) =>
    biases
      ? { E: list[0]!, b: list[1]!, W: list[2]!, c: list[3]! }
      : { E: list[0]!, b: undefined, W: list[1]!, c: undefined }
  return {
    residual,
    layers: { X, inputs: E.rows, activation, Z, H, W, hasBiases: biases !== undefined },
    linearize() {
      multiplyInputs(backend, X, E, Z)
      add?.(biases!.b, Z)
      backend.activate(activation, Z, H)
      backend.axpby(1, Y, 0, residual)
      backend.gemm(false, false, 1, H, W, -1, residual)
      add?.(biases!.c, residual)
    },
    multiply(direction, product) {
      const d = parts(direction)
      multiplyInputs(backend, X, d.E, hidden)
      if (d.b) add!(d.b, hidden)
      backend.multiplyByDerivative(activation, Z, hidden)
      backend.gemm(false, false, 1, hidden, W, 0, product)
      backend.gemm(false, false, 1, H, d.W, 1, product)
      if (d.c) add!(d.c, product)
    },
    multiplyTransposed(cotangent, gradient) {
      const g = parts(gradient)
      backend.gemm(false, true, 1, cotangent, W, 0, hidden)
      backend.multiplyByDerivative(activation, Z, hidden)
      multiplyInputsTransposed(backend, X, hidden, 0, g.E)
      backend.gemm(true, false, 1, H, cotangent, 0, g.W)
      if (g.b) sum!(hidden, g.b)
      if (g.c) sum!(cotangent, g.c)
    },
  }
}

/** Z ← Z + 1·b, for b (1 × d) and Z (rows × d). */
function addition(backend: Backend, rows: number): (b: Matrix, Z: Matrix) => void {
  const ones = columnOfOnes(backend, rows)
  return (b, Z) => backend.gemm(false, false, 1, ones, b, 1, Z)
}

/** b ← 1ᵀ·Z. */
function columnSums(backend: Backend, rows: number): (Z: Matrix, b: Matrix) => void {
  const ones = columnOfOnes(backend, rows)
  return (Z, b) => backend.gemm(true, false, 1, ones, Z, 0, b)
}

function columnOfOnes(backend: Backend, rows: number): Matrix {
  const ones = backend.matrix(rows, 1)
  backend.fill(ones, 1)
  return ones
}
