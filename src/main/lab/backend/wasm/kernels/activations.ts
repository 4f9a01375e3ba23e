import {
  activationDerivative, activationValue, GELU, gelu, geluDerivative, IDENTITY, LEAK, LEAKY_RELU, QUADRATIC, RELU, TANH,
} from '../../../network/scalarActivations'
import { multiplyEntriesByTanhDerivative, tanhEntries } from './hyperbolicTangent'
import { LANES, UNIT } from './layout'

/** H ← σ(Z) for `length` adjacent entries. */
export function activateEntries(activation: i32, length: i32, z: usize, h: usize): void {
  switch (activation) {
    case RELU:
      return activateVectors(RELU, length, z, h)
    case LEAKY_RELU:
      return activateVectors(LEAKY_RELU, length, z, h)
    case QUADRATIC:
      return activateVectors(QUADRATIC, length, z, h)
    case TANH:
      return tanhEntries(length, z, h)
    case GELU:
      for (let i = 0; i < length; i++) store<real>(h + i * UNIT, <real>gelu(load<real>(z + i * UNIT)))
      return
    case IDENTITY:
      if (h != z) memory.copy(h, z, length * UNIT)
      return
    default:
      for (let i = 0; i < length; i++) {
        store<real>(h + i * UNIT, <real>activationValue(activation, load<real>(z + i * UNIT)))
      }
  }
}

/** A ← A ⊙ σ'(Z) for `length` adjacent entries. */
export function multiplyEntriesByDerivative(activation: i32, length: i32, z: usize, a: usize): void {
  switch (activation) {
    case RELU:
      return multiplyVectorsByDerivative(RELU, length, z, a)
    case LEAKY_RELU:
      return multiplyVectorsByDerivative(LEAKY_RELU, length, z, a)
    case QUADRATIC:
      return multiplyVectorsByDerivative(QUADRATIC, length, z, a)
    case TANH:
      return multiplyEntriesByTanhDerivative(length, z, a)
    case GELU:
      for (let i = 0; i < length; i++) {
        store<real>(a + i * UNIT, <real>(<f64>load<real>(a + i * UNIT) * geluDerivative(load<real>(z + i * UNIT))))
      }
      return
    case IDENTITY:
      return
    default:
      for (let i = 0; i < length; i++) {
        const derivative = activationDerivative(activation, load<real>(z + i * UNIT))
        store<real>(a + i * UNIT, <real>(<f64>load<real>(a + i * UNIT) * derivative))
      }
  }
}

// Inlined for each activation, so that the choice is not made again for every vector.
@inline
function activateVectors(activation: i32, length: i32, z: usize, h: usize): void {
  const whole = z + (length & -LANES) * UNIT
  const end = z + length * UNIT
  for (; z < whole; z += 16) {
    v128.store(h, vectorValue(activation, v128.load(z)))
    h += 16
  }
  for (; z < end; z += UNIT) {
    store<real>(h, v128.extract_lane<real>(vectorValue(activation, v128.load_splat<real>(z)), 0))
    h += UNIT
  }
}

@inline
function multiplyVectorsByDerivative(activation: i32, length: i32, z: usize, a: usize): void {
  const whole = z + (length & -LANES) * UNIT
  const end = z + length * UNIT
  for (; z < whole; z += 16) {
    v128.store(a, v128.mul<real>(v128.load(a), vectorDerivative(activation, v128.load(z))))
    a += 16
  }
  for (; z < end; z += UNIT) {
    const derivative = v128.extract_lane<real>(vectorDerivative(activation, v128.load_splat<real>(z)), 0)
    store<real>(a, load<real>(a) * derivative)
    a += UNIT
  }
}

@inline
function vectorValue(activation: i32, z: v128): v128 {
  const zero = v128.splat<real>(0)
  // The second operand of pmax is kept only where it is greater: 0 for NaN.
  if (activation == RELU) return v128.pmax<real>(zero, z)
  if (activation == QUADRATIC) return v128.mul<real>(z, z)
  return v128.bitselect(z, v128.mul<real>(v128.splat<real>(<real>LEAK), z), v128.gt<real>(z, zero))
}

@inline
function vectorDerivative(activation: i32, z: v128): v128 {
  const zero = v128.splat<real>(0)
  const one = v128.splat<real>(1)
  if (activation == RELU) return v128.and(one, v128.gt<real>(z, zero))
  if (activation == QUADRATIC) return v128.add<real>(z, z)
  return v128.bitselect(one, v128.splat<real>(<real>LEAK), v128.gt<real>(z, zero))
}
