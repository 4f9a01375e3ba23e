import type { FigureList } from '../../shared/contract/figures.ts'
import { compositionSchema, type Composition } from '../../shared/figures/composition.ts'
import { parseInput } from '../../shared/parseInput.ts'
import { tryStep } from '../../shared/tryStep.ts'
import type { FigureStore } from '../store/figures.ts'

/** What an archive keeps, in present names; what is no figure of this version, as one of a newer version, is named alone. */
export function listFigures(store: FigureStore): FigureList<Composition> {
  const list: FigureList<Composition> = { figures: [], others: [] }
  for (const { id, document, revision } of store.list()) {
    const figure = document === null ? undefined : read(document)
    if (figure?.id === id) list.figures.push({ figure, revision })
    else list.others.push(id)
  }
  return list
}

function read(document: string): Composition | undefined {
  const door = { code: 'ARCHIVE_UNREADABLE', whole: 'figure' } as const
  return tryStep(
    () => parseInput(compositionSchema, JSON.parse(document), door),
    () => undefined,
  )
}
