import type { HostRequest, SharedHandlers } from '../../shared/contract.ts'
import { LabError } from '../../shared/errors.ts'
import { compositionSchema } from '../../shared/figures/composition.ts'
import { parseInput } from '../../shared/parseInput.ts'
import { quote } from '../../shared/quote.ts'
import type { Archive } from '../store/archive.ts'
import type { Broadcast } from './broadcastEvents.ts'
import { listFigures } from './listFigures.ts'

type FigureHandlers = Pick<SharedHandlers, Extract<keyof SharedHandlers, `figure.${string}`>>

interface FigureHandlersOptions {
  archive: Archive
  broadcast: Broadcast
  /** Reads what a figure shows. */
  request: HostRequest
}

/** Keeps figures in the archive, and writes them as files. */
export function createFigureHandlers({ archive, broadcast, request }: FigureHandlersOptions): FigureHandlers {
  /** A page that was shown by another host may not know yet that this one has another archive. */
  function requireMeant(meant: string | undefined): void {
    if (meant === undefined || meant === archive.path) return
    throw new LabError('CONFLICT', `archive: ${quote(meant)} is not the archive that is open here, ${archive.path}`)
  }

  return {
    'figure.list': () => ({ archive: archive.path, ...listFigures(archive.figures) }),
    'figure.write'({ figure: given, before, archive: meant }) {
      requireMeant(meant)
      const door = { code: 'INVALID_REQUEST', whole: 'figure', prefix: 'figure.write: ' } as const
      const figure = parseInput(compositionSchema, given, door)
      const revision = archive.figures.write(figure.id, JSON.stringify(figure), before)
      if (revision !== before) broadcast('figure.changed', { id: figure.id, kept: { figure, revision } })
      return { revision }
    },
    'figure.remove'({ id, before, archive: meant }) {
      requireMeant(meant)
      archive.figures.remove(id, before)
      broadcast('figure.changed', { id, kept: null })
      return null
    },
    'figure.pdf': async ({ name, drawing }) => {
      // With what it needs it is as large as all the rest of a host.
      const { figurePdf } = await import('./figures/figurePdf.ts')
      return { name: `${name}.pdf`, mediaType: 'application/pdf', ...(await figurePdf(drawing, name)) }
    },
    'figure.script': async ({ figure }) => {
      const { writeScript } = await import('./figures/scriptFiles.ts')
      return writeScript(figure, request)
    },
    'figure.outlined': async ({ drawing }) => {
      const { outlinedSvg } = await import('./figures/figureSvg.ts')
      return outlinedSvg(drawing)
    },
  }
}
