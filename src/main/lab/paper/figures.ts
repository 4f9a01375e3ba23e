import type { FigureId } from '../../../shared/paper.ts'
import type { PaperFigure } from './figure.ts'
import { figure1 } from './figure1.ts'
import { figure2 } from './figure2.ts'
import { figure3 } from './figure3.ts'
import { figure4 } from './figure4.ts'
import { figure5 } from './figure5.ts'
import { figure6 } from './figure6.ts'
import { figure7 } from './figure7.ts'
import { theoryAgainstTraining } from './theoryAgainstTraining.ts'

/** Every figure the laboratory reproduces, in the order of the paper. */
export const figures: readonly PaperFigure[] = [
  figure1,
  figure2,
  figure3,
  figure4,
  figure5,
  figure6,
  figure7,
  theoryAgainstTraining,
]

/** The figure of an id that `figures` holds. */
export function figureById(id: FigureId): PaperFigure {
  const found = figures.find((figure) => figure.id === id)
  if (!found) throw new RangeError(`no figure ${id}`)
  return found
}
