/**
 * The number K = ⌊p/2⌋ of frequencies that a function of p tokens has besides its mean: k = 1 … K, since −k is k again.
 * Lists over frequencies run in this order.
 */
export function frequencyCount(modulus: number): number {
  return Math.floor(modulus / 2)
}

/**
 * The real waves of a frequency: a cosine and a sine, of which the coefficients at k and −k are made. The mean (k = 0)
 * and, for even p, the alternating wave (k = p/2) are their own mirror images and cosines alone.
 */
export function waveCount(frequency: number, modulus: number): 1 | 2 {
  return (2 * frequency) % modulus === 0 ? 1 : 2
}
