/** A complex number re + i·im. */
export interface Complex {
  readonly re: number
  readonly im: number
}

export const complex = (re: number, im = 0): Complex => ({ re, im })

export const add = (...terms: readonly Complex[]): Complex =>
  terms.reduce((sum, { re, im }) => ({ re: sum.re + re, im: sum.im + im }))

export const multiply = (...factors: readonly Complex[]): Complex =>
  factors.reduce((a, b) => ({ re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re }))

export const scale = (factor: number, { re, im }: Complex): Complex => ({ re: factor * re, im: factor * im })

export const divide = (a: Complex, b: Complex): Complex => {
  const square = b.re * b.re + b.im * b.im
  return { re: (a.re * b.re + a.im * b.im) / square, im: (a.im * b.re - a.re * b.im) / square }
}

export const modulus = ({ re, im }: Complex): number => Math.hypot(re, im)
