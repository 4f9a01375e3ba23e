import type { PaperDescription } from './paper.ts'

export const musat2025 = {
  id: 'musat2025',
  title: 'The Geometry of Grokking',
  subtitle: 'Norm Minimization on the Zero-Loss Manifold',
  short: 'Musat 2025',
  authors: 'T. Musat',
  year: 2025,
  arXiv: '2511.01938',
  version: 3,
  idea: 'Once a network fits its training samples, weight decay moves it along the set of weights without loss toward the smallest norm. Generalization arrives on that way, long after memorization.',
  setup:
    'Toy models of two and three weights; two-layer networks without biases on the addition of pairs modulo 11 and 37, trained with all pairs at once on the squared error; the first layer alone, with the second at its optimum at every instant.',
  derived:
    'The expected ranges where the paper gives no number, and the comparison of training, flow on the zero-loss set and isolated layer on one clock, τ.',
  figures: ['fig1', 'fig2', 'fig3', 'fig4', 'fig5', 'fig6', 'fig7', 'theory'],
} as const satisfies PaperDescription
