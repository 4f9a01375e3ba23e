import { protocol } from 'electron'
import { pageHeaders, type RendererFiles } from '../services/rendererFiles.ts'

const scheme = 'app'
const host = 'grokscope'
/** Where the page lives: an origin of its own, which no other page and no file has. */
export const appAddress = `${scheme}://${host}/`

/** Makes the scheme behave like https; only possible before the application is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/** Answers for the renderer's own files and nothing else; what may be read is listed, so no path leads elsewhere. */
export function serveRenderer(files: RendererFiles): void {
  protocol.handle(scheme, ({ url, method }) => {
    const requested = new URL(url)
    const file = requested.host === host && method === 'GET' ? files.get(requested.pathname) : undefined
    if (!file) return new Response(null, { status: 404, headers: pageHeaders })
    return new Response(file.bytes, { headers: file.headers })
  })
}
