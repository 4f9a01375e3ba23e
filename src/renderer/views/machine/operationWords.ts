/** What the benchmark's operations are, at the size of figure 6; marked for `setSymbols`. */
export const operationWords: Record<string, { name: string; what: string }> = {
  gemm: { name: 'Matrix product', what: '$n$ × $d$_h by $d$_h × $n$' },
  rankK: { name: 'Symmetric product', what: '$HH$^{⊤}, lower triangle' },
  cholesky: { name: 'Cholesky factorization', what: 'order $n$' },
  solve: { name: 'Triangular solves', what: '$p$ right-hand sides' },
  isolatedStep: { name: 'Step of the isolated layer', what: 'one evaluation of its motion' },
  trainingStep: { name: 'Step of training', what: 'full-batch gradient descent' },
  normMinimizingDirection: { name: 'Norm-minimizing direction', what: '−$P$_T θ' },
}
