import { figureIds, nameOfFigure, paperOf, type FigureId, type PaperId } from '../../../shared/papers/papers.ts'
import type { PaperFigure, PaperFigures } from './figure.ts'
import { musat2025 } from './musat2025/paper.ts'
import { pezeshki2022 } from './pezeshki2022/paper.ts'

/** The other half of every paper on the shelf. */
const papers: { [Id in PaperId]: PaperFigures<Id> } = { musat2025, pezeshki2022 }

/** The figure of an id. */
export function figureById(id: FigureId): PaperFigure {
  const found = figureIds.includes(id)
    ? (papers[paperOf(id).id] as Record<string, PaperFigure>)[nameOfFigure(id)]
    : undefined
  if (!found) throw new RangeError(`no figure ${id}`)
  return found
}

/** Every figure that the laboratory reproduces, in the order of the shelf and of the papers. */
export const figures: readonly PaperFigure[] = figureIds.map(figureById)
