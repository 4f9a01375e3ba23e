import { musat2025 } from './musat2025.ts'
import { pezeshki2022 } from './pezeshki2022.ts'
import type { PaperDescription } from './paper.ts'

const shelf = [musat2025, pezeshki2022] as const

type OnShelf = (typeof shelf)[number]
type FigureIdOf<Paper> = Paper extends { id: infer Id extends string; figures: readonly (infer Name extends string)[] }
  ? `${Id}/${Name}`
  : never

export type PaperId = OnShelf['id']
/** Names of the figures of a paper. */
export type FigureNameOf<Id extends PaperId> = Extract<OnShelf, { id: Id }>['figures'][number]
/** A figure of a paper: `musat2025/fig6`. */
export type FigureId = FigureIdOf<OnShelf>

/** The papers whose claims the laboratory judges, in the order of the shelf. */
export const papers: readonly (PaperDescription & { id: PaperId })[] = shelf

export const figureIds = papers.flatMap(({ id, figures }) => figures.map((name) => `${id}/${name}` as FigureId))

export function paperOf(figure: FigureId): PaperDescription & { id: PaperId } {
  return papers.find(({ id }) => figure.startsWith(`${id}/`))!
}

/** `fig6` of `musat2025/fig6`. */
export function nameOfFigure(figure: FigureId): string {
  return figure.slice(figure.indexOf('/') + 1)
}

/** What a figure was called while there was one paper: files, filters and command lines still do. Any other word as it is. */
export function presentFigure(word: string): string {
  return (musat2025.figures as readonly string[]).includes(word) ? `${musat2025.id}/${word}` : word
}

/** The figures that a word stands for: `all`, a paper, a figure of a paper, or one by its former name; none for any other. */
export function figuresNamed(word: string): FigureId[] {
  const name = presentFigure(word)
  return figureIds.filter((id) => word === 'all' || id === name || paperOf(id).id === name)
}
