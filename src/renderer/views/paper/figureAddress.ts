import { nameOfFigure, paperOf, type FigureId } from '../../../shared/papers/papers.ts'

/** Where a figure's page is. */
export function figureAddress(figure: FigureId) {
  return { name: 'paper', params: { paper: paperOf(figure).id, figure: nameOfFigure(figure) } }
}
