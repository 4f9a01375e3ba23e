import type { PaperDescription } from './paper.ts'

export const pezeshki2022 = {
  id: 'pezeshki2022',
  title: 'Multi-scale Feature Learning Dynamics',
  subtitle: 'Insights for Double Descent',
  short: 'Pezeshki et al. 2022',
  authors: 'M. Pezeshki, A. Mitra, Y. Bengio, G. Lajoie',
  year: 2022,
  arXiv: '2112.03215',
  version: 1,
  idea: 'A linear student that sees its inputs at two scales learns the fast ones first. What the slow ones contribute is noise to it until their time has come, a factor κ² later, so that the test error falls, rises and falls again: late generalization that is solved exactly.',
  setup:
    'Linear teacher and student, Gaussian inputs through a matrix with singular values 1 and 1/κ, gradient flow from zero on the squared error, with label noise and weight decay.',
  derived:
    'The exact limit of many dimensions at every flow time, in the place of the paper’s approximation by a ridge 1/τ; with it the critical κ and the times of the second descent. The expected ranges are those of an independent program.',
  figures: ['doubleDescent', 'ridge', 'scales', 'weightDecay'],
} as const satisfies PaperDescription
