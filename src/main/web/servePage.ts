import type { IncomingMessage, ServerResponse } from 'node:http'
import { pageHeaders, type RendererFiles } from '../services/rendererFiles.ts'
import type { Gate } from './gate.ts'

/** Answers an HTTP request: the renderer's files for who has the cookie, the cookie for who has the token. */
export function servePage(gate: Gate, files: RendererFiles, request: IncomingMessage, response: ServerResponse): void {
  const { method } = request
  if (!gate.knowsHost(request))
    return refuse(response, 421, 'This laboratory answers to 127.0.0.1, localhost and [::1] only.')
  if (method !== 'GET' && method !== 'HEAD') return refuse(response, 405, 'Pages can only be read.', { allow: 'GET' })
  if (hasBody(request)) return refuse(response, 413, 'A request for a page has no body.')

  const url = URL.parse(`http://${request.headers.host}${request.url}`)
  const token = url?.searchParams.get('token')
  if (url?.pathname === '/' && token && gate.knowsToken(token)) {
    return answer(response, 303, { location: '/', 'set-cookie': gate.setCookie, 'cache-control': 'no-store' })
  }
  if (!gate.hasCookie(request))
    return refuse(response, 401, 'Open the address that the laboratory printed at its start.')

  const file = url && files.get(url.pathname)
  if (!file) return refuse(response, 404, 'There is no such page.')
  if (request.headers['if-none-match'] === file.headers.etag) return answer(response, 304, file.headers)
  answer(response, 200, file.headers, method === 'HEAD' ? undefined : file.bytes)
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

/** Ends the connection too, so that nothing more is read of what is not wanted. */
function refuse(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
  const type = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', connection: 'close' }
  answer(response, status, { ...type, ...headers }, `${text}\n`)
}

function answer(
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
  body?: string | Uint8Array,
): void {
  response.writeHead(status, { ...pageHeaders, ...headers }).end(body)
}
