const letters: Readonly<Record<string, string>> = {
  alpha: 'α',
  beta: 'β',
  gamma: 'γ',
  delta: 'δ',
  epsilon: 'ε',
  eta: 'η',
  theta: 'θ',
  kappa: 'κ',
  lambda: 'λ',
  mu: 'μ',
  rho: 'ρ',
  sigma: 'σ',
  tau: 'τ',
  phi: 'φ',
  omega: 'ω',
  Delta: 'Δ',
  Sigma: 'Σ',
  ell: 'ℓ',
  nabla: '∇',
  partial: '∂',
  infty: '∞',
  times: '×',
  cdot: '·',
  pm: '±',
  le: '≤',
  leq: '≤',
  ge: '≥',
  geq: '≥',
  ne: '≠',
  approx: '≈',
  to: '→',
  sqrt: '√',
  log: 'log',
  exp: 'exp',
}

/** The commands that `readMathematics` knows, as they are written. */
export const mathematicsCommands = [...Object.keys(letters).map((name) => `\\${name}`), '\\|']

/**
 * Words in which mathematics is written as in LaTeX, in the marks of `setSymbols`: `$…$` in italics, `_x`, `_{xy}`, `^x`, `^{xy}`, and the
 * commands above, such as `\lambda`; `\|` is the bar of a norm. A command that is not among them stays as it is written.
 */
export function readMathematics(text: string): string {
  return text.replaceAll('\\|', '‖').replaceAll(/\\([A-Za-z]+)/g, (written, name: string) => letters[name] ?? written)
}
