import type { Task } from '../network/task.ts'

/**
 * Addition modulo p over unordered pairs: D = {(a, b): 0 ≤ a ≤ b < p}, |D| = p(p+1)/2, in the order (0,0), (0,1), …,
 * (0,p−1), (1,1), …; input row X_i = e_a + e_b (2 where a = b), class (a + b) mod p. SCIENCE.md §2; Musat, Sec. 5.
 */
export function modularAddition(modulus: number): Task {
  const size = (modulus * (modulus + 1)) / 2
  const tokens = new Int32Array(2 * size)
  const classes = new Int32Array(size)
  let i = 0
  for (let a = 0; a < modulus; a++) {
    for (let b = a; b < modulus; b++, i++) {
      tokens[2 * i] = a
      tokens[2 * i + 1] = b
      classes[i] = (a + b) % modulus
    }
  }
  return { size, inputs: modulus, outputs: modulus, perRow: 2, tokens, classes }
}
