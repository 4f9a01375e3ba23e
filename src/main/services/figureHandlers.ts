import type { HostRequest, SharedHandlers } from '../../shared/contract.ts'

type FigureHandlers = Pick<SharedHandlers, Extract<keyof SharedHandlers, `figure.${string}`>>

/** Writes figures as files; what a figure shows is read by `request`. */
export function createFigureHandlers(request: HostRequest): FigureHandlers {
  return {
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
