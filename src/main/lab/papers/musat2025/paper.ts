import type { PaperFigures } from '../figure.ts'
import { figure1 } from './figure1.ts'
import { figure2 } from './figure2.ts'
import { figure3 } from './figure3.ts'
import { figure4 } from './figure4.ts'
import { figure5 } from './figure5.ts'
import { figure6 } from './figure6.ts'
import { figure7 } from './figure7.ts'
import { theoryAgainstTraining } from './theoryAgainstTraining.ts'

/** T. Musat, The Geometry of Grokking, arXiv 2511.01938. */
export const musat2025: PaperFigures<'musat2025'> = {
  fig1: figure1,
  fig2: figure2,
  fig3: figure3,
  fig4: figure4,
  fig5: figure5,
  fig6: figure6,
  fig7: figure7,
  theory: theoryAgainstTraining,
}
