import type { PaperFigures } from '../figure.ts'
import { doubleDescent } from './doubleDescent.ts'
import { ridge } from './ridge.ts'
import { scales } from './scales.ts'
import { weightDecay } from './weightDecay.ts'

/** M. Pezeshki, A. Mitra, Y. Bengio, G. Lajoie, Multi-scale Feature Learning Dynamics, arXiv 2112.03215. */
export const pezeshki2022: PaperFigures<'pezeshki2022'> = { doubleDescent, ridge, scales, weightDecay }
