import type { FigureId } from '../../../shared/paper.ts'
import type { PaperFigure } from './figure.ts'
import { figure6 } from './figure6.ts'

/** Every figure the laboratory reproduces, in the order of the paper. */
export const figures: readonly PaperFigure[] = [figure6]

/** The figure of an id that `figures` holds. */
export function figureById(id: FigureId): PaperFigure {
  const found = figures.find((figure) => figure.id === id)
  if (!found) throw new RangeError(`no figure ${id}`)
  return found
}
