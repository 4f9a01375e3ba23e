import type { FiguresTaken } from '../contract/archives.ts'
import { countThings } from './countThings.ts'

/** What an import left out of the figures of another archive, and why; empty where it left none. */
export function leftFigures({ figuresDiffering, figuresWithoutRoom }: FiguresTaken): string {
  const notImported = (count: number) => `${countThings(count, 'figure')} ${count === 1 ? 'was' : 'were'} not imported`
  return [
    ...(figuresDiffering > 0 ? [`${notImported(figuresDiffering)}: here in another form`] : []),
    ...(figuresWithoutRoom > 0 ? [`${notImported(figuresWithoutRoom)}: an archive has no room for more figures`] : []),
  ].join('; ')
}
