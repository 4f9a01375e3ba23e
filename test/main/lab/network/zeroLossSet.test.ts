import { describe, expect, it } from 'vitest'
import { plainBackend } from '../../../../src/main/lab/backend/plain.ts'
import type { Matrix } from '../../../../src/main/lab/backend/backend.ts'
import { modularAddition } from '../../../support/modularAddition.ts'
import { drawSplit } from '../../../../src/main/lab/tasks/split.ts'
import { drawInitialWeights } from '../../../../src/main/lab/network/initialWeights.ts'
import { twoLayerNetwork, type TwoLayerNetwork } from '../../../support/twoLayerNetwork.ts'
import { dotOf, normOf } from '../../../../src/main/lab/network/matrixLists.ts'
import { directionOf, matricesOf, parameterOf } from '../../../../src/main/lab/network/network.ts'
import type { Network } from '../../../../src/main/lab/network/model.ts'
import { axpbyAll, matricesLike } from '../../../../src/main/lab/network/matrixLists.ts'
import { randomStream } from '../../../../src/main/lab/network/randomStream.ts'
import { zeroLossSet } from '../../../../src/main/lab/network/zeroLossSet.ts'
import type { Activation } from '../../../../src/shared/experiment.ts'
import { activations } from '../../../../src/shared/models/models.ts'
import { LabError } from '../../../../src/shared/errors.ts'
import { entriesOf } from '../../../support/entries.ts'

const backend = plainBackend('float64')
/** A linear network has rank at most p in its samples: here it cannot reach Z. */
const nonlinear = activations.filter((activation) => activation !== 'identity')

function network(activation: Activation, modulus = 5, samples = 10, hidden = 24, seed = 3): TwoLayerNetwork {
  const task = modularAddition(modulus)
  const result = twoLayerNetwork(backend, task, drawSplit(task.size, samples, seed), hidden, activation)
  drawInitialWeights(backend, { kind: 'normal', standardDeviation: 'p^-1/2' }, seed, result.E, result.W)
  return result
}

type LayerPair = readonly [Matrix, Matrix]

function randomPair({ E, W }: TwoLayerNetwork, seed: number): LayerPair {
  const stream = randomStream(seed, 'firstLayer')
  const draw = ({ rows, columns }: Matrix) => {
    const M = backend.matrix(rows, columns)
    for (let at = 0; at < entriesOf(M).length; at++) entriesOf(M)[at] = stream.normal()
    return M
  }
  return [draw(E), draw(W)]
}

function copy(v: LayerPair): LayerPair {
  const copies = matricesLike(backend, v) as [Matrix, Matrix]
  axpbyAll(backend, 1, v, 0, copies)
  return copies
}
const dot = (x: LayerPair, y: LayerPair) => backend.dot(x[0], y[0]) + backend.dot(x[1], y[1])
const norm = (x: LayerPair) => Math.sqrt(dot(x, x))
function add(alpha: number, x: LayerPair, y: LayerPair) {
  backend.axpby(alpha, x[0], 1, y[0])
  backend.axpby(alpha, x[1], 1, y[1])
}
function largest(M: Matrix): number {
  let max = 0
  for (const value of entriesOf(M)) max = Math.max(max, Math.abs(value))
  return max
}

describe('the Jacobian of the outputs', () => {
  it.each(activations)('agrees with central differences (%s)', (activation) => {
    const net = network(activation)
    const theta: LayerPair = [net.E, net.W]
    const jacobian = net.model.jacobian(net)
    const v = randomPair(net, 1)
    const product = backend.matrix(10, 5)
    jacobian.linearize()
    jacobian.multiply(v, product)
    const h = 1e-6
    add(h, v, theta)
    jacobian.linearize()
    const ahead = entriesOf(jacobian.residual).slice()
    add(-2 * h, v, theta)
    jacobian.linearize()
    const difference = entriesOf(jacobian.residual).map(
      (value, i) => (ahead[i]! - value) / (2 * h) - entriesOf(product)[i]!,
    )
    expect(Math.max(...difference.map(Math.abs))).toBeLessThan(1e-7)
  })

  it('has its transpose as the adjoint: ⟨y, Jv⟩ = ⟨Jᵀy, v⟩', () => {
    const net = network('gelu')
    const jacobian = net.model.jacobian(net)
    jacobian.linearize()
    const v = randomPair(net, 1)
    const y = randomPair(network('gelu', 5, 10, 10), 2)[1]
    const product = backend.matrix(10, 5)
    const gradient = randomPair(net, 3)
    jacobian.multiply(v, product)
    jacobian.multiplyTransposed(y, gradient)
    expect(backend.dot(y, product)).toBeCloseTo(dot(gradient, v), 10)
  })
})

describe.each(['cholesky', 'conjugateGradients'] as const)('the tangent projection by %s', (solver) => {
  it.each(nonlinear)('is idempotent, symmetric and annihilated by J (%s)', (activation) => {
    const net = network(activation)
    const set = zeroLossSet(net, { solver })
    set.linearize()
    const v = randomPair(net, 1)
    const w = randomPair(net, 2)
    const Pv = copy(v)
    set.projectTangent(Pv)
    const PPv = copy(Pv)
    set.projectTangent(PPv)
    add(-1, Pv, PPv)
    expect(norm(PPv)).toBeLessThan(1e-9 * norm(v))
    const Pw = copy(w)
    set.projectTangent(Pw)
    expect(dot(v, Pw)).toBeCloseTo(dot(Pv, w), 8)
    const product = backend.matrix(10, 5)
    set.jacobian.multiply(v, product)
    const before = largest(product)
    set.jacobian.multiply(Pv, product)
    expect(largest(product)).toBeLessThan(1e-9 * before)
    expect(norm(Pv)).toBeGreaterThan(0.1 * norm(v))
  })
})

describe('the return to the zero-loss set', () => {
  it('converges quadratically', () => {
    const net = network('tanh', 5, 9, 40)
    const set = zeroLossSet(net)
    set.project()
    add(0.02, randomPair(net, 4), [net.E, net.W])
    const norms = set.project()
    const orders = norms.slice(2).map((last, i) => Math.log(last / norms[i + 1]!) / Math.log(norms[i + 1]! / norms[i]!))
    const resolved = orders.filter((_, i) => norms[i + 2]! > 1e-13)
    expect(resolved.length).toBeGreaterThan(0)
    for (const order of resolved) expect(order).toBeGreaterThan(1.7)
    expect(norms.at(-1)).toBeLessThan(1e-12)
  })

  it('lies in the normal space: the way back has no tangential part to first order', () => {
    const shares = [1e-2, 1e-3, 1e-4].map((distance) => {
      const net = network('tanh', 5, 9, 40)
      const set = zeroLossSet(net)
      set.project()
      add(distance, randomPair(net, 4), [net.E, net.W])
      const way = copy([net.E, net.W])
      set.project()
      add(-1, [net.E, net.W], way)
      const length = norm(way)
      set.linearize()
      set.projectTangent(way)
      return norm(way) / length
    })
    expect(Math.log10(shares[0]! / shares[2]!) / 2).toBeGreaterThan(0.9)
  })

  it('ends at the same point by Cholesky and by conjugate gradients', () => {
    const ends = (['cholesky', 'conjugateGradients'] as const).map((solver) => {
      const net = network('relu', 7, 20, 40)
      zeroLossSet(net, { solver }).project()
      return [net.E, net.W] as const
    })
    const difference = copy(ends[0]!)
    add(-1, ends[1]!, difference)
    expect(norm(difference)).toBeLessThan(1e-8)
  })

  it('reuses a factor near the set and ends on it', () => {
    const net = network('relu', 7, 20, 40)
    const set = zeroLossSet(net)
    set.project()
    set.linearize()
    add(1e-3, randomPair(net, 4), [net.E, net.W])
    set.retract()
    expect(norm([set.jacobian.residual, backend.matrix(1, 1)])).toBeLessThan(1e-12)
  })
})

describe('a set out of reach', () => {
  it('is refused with the numbers where there are more outputs than parameters', () => {
    expect(() => zeroLossSet(network('relu', 7, 20, 9))).toThrow(
      /20 training pairs × 7 outputs are 140 equations for 126 parameters; more hidden units are needed, given 9/,
    )
  })

  it.each(['cholesky', 'conjugateGradients'] as const)('is refused by %s where J loses rank', (solver) => {
    const net = network('relu', 7, 20, 40)
    entriesOf(net.E).fill(-1)
    expect(() => zeroLossSet(net, { solver }).project()).toThrow(
      expect.objectContaining({ code: 'ZERO_LOSS_UNREACHABLE', message: expect.stringContaining('140') as string }),
    )
  })

  it('is refused with the numbers where its memory is', () => {
    const refusal = () => zeroLossSet(network('relu', 7, 20, 40), { memoryLimit: 1e5 })
    expect(refusal).toThrow(LabError)
    expect(refusal).toThrow(/140 equations needs 302\sKiB; at most 97\.7\sKiB/)
  })
})

describe('two layers with biases', () => {
  function biased(): Network {
    const task = modularAddition(5)
    const result = twoLayerNetwork(backend, task, drawSplit(task.size, 10, 3), 24, 'tanh', true)
    result.model.draw({ kind: 'uniform' }, 3, result)
    return result
  }
  function randomDirection(net: Network, seed: number): readonly Matrix[] {
    const stream = randomStream(seed, 'firstLayer')
    const direction = directionOf(net)
    for (const M of direction)
      backend.upload(
        M,
        entriesOf(M).map(() => stream.normal()),
      )
    return direction
  }

  it('draw all four by a uniform start, and leave the biases at 0 by a normal one', () => {
    const net = biased()
    expect(net.parameters.map(({ name }) => name)).toEqual(['E', 'b', 'W', 'c'])
    for (const M of matricesOf(net)) expect(entriesOf(M).every((value) => value !== 0)).toBe(true)
    expect(Math.max(...entriesOf(parameterOf(net, 'b')).map(Math.abs))).toBeLessThanOrEqual(1 / Math.sqrt(5))
    expect(Math.max(...entriesOf(parameterOf(net, 'c')).map(Math.abs))).toBeLessThanOrEqual(1 / Math.sqrt(24))
    for (const M of matricesOf(net)) backend.fill(M, 0)
    net.model.draw({ kind: 'normal', standardDeviation: 'p^-1/2' }, 3, net)
    expect(
      [...entriesOf(parameterOf(net, 'b')), ...entriesOf(parameterOf(net, 'c'))].every((value) => value === 0),
    ).toBe(true)
  })

  it('have J and Jᵀ that agree with central differences, in each parameter', () => {
    const net = biased()
    const jacobian = net.model.jacobian(net)
    const product = backend.matrix(10, 5)
    const gradient = directionOf(net)
    const y = backend.matrix(10, 5)
    entriesOf(y).forEach((_, at) => (entriesOf(y)[at] = Math.sin(at + 1)))
    net.parameters.forEach(({ matrix }, i) => {
      const v = directionOf(net)
      entriesOf(v[i]!).set(entriesOf(randomDirection(net, 1)[i]!))
      jacobian.linearize()
      jacobian.multiply(v, product)
      jacobian.multiplyTransposed(y, gradient)
      const h = 1e-6
      backend.axpby(h, v[i]!, 1, matrix)
      jacobian.linearize()
      const ahead = entriesOf(jacobian.residual).slice()
      backend.axpby(-2 * h, v[i]!, 1, matrix)
      jacobian.linearize()
      const differences = Array.from(entriesOf(jacobian.residual), (value, at) => (ahead[at]! - value) / (2 * h))
      backend.axpby(h, v[i]!, 1, matrix)
      differences.forEach((difference, at) => expect(entriesOf(product)[at]).toBeCloseTo(difference, 6))
      const slope = differences.reduce((sum, difference, at) => sum + difference * entriesOf(y)[at]!, 0)
      expect(dotOf(backend, gradient, v)).toBeCloseTo(slope, 5)
    })
  })

  it.each(['cholesky', 'conjugateGradients'] as const)('come to Z and project on its tangent by %s', (solver) => {
    const net = biased()
    const set = zeroLossSet(net, { solver })
    expect(set.project().at(-1)).toBeLessThan(1e-12)
    set.linearize()
    const v = randomDirection(net, 1)
    const product = backend.matrix(10, 5)
    set.jacobian.multiply(v, product)
    const before = largest(product)
    set.projectTangent(v)
    set.jacobian.multiply(v, product)
    expect(largest(product)).toBeLessThan(1e-9 * before)
    expect(normOf(backend, v)).toBeGreaterThan(0.1)
  })
})
