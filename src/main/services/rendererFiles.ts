import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { lookup } from 'mrmime'
import { LabError } from '../../shared/errors.ts'

export interface RendererFile {
  bytes: Uint8Array<ArrayBuffer>
  headers: Record<string, string>
}

/** Every file of the built renderer by its path in an address; `/` is its page. */
export type RendererFiles = ReadonlyMap<string, RendererFile>

/** What the page may do, in the window and in a browser alike: nothing inline, nothing from elsewhere. */
export const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/** Headers of every answer of a host. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
}

/**
 * Reads the built renderer, a few megabytes, into memory: no address can lead outside it, and a new build on disk does
 * not tear the page of a running host apart.
 */
export async function readRendererFiles(folder: string): Promise<RendererFiles> {
  const files = new Map<string, RendererFile>()
  for (const path of await listFiles(folder)) {
    const address = `/${relative(folder, path).split(sep).join('/')}`
    files.set(address, describeFile(address, new Uint8Array(await readFile(path))))
  }
  const page = files.get('/index.html')
  if (!page) throw new LabError('NOT_FOUND', `${folder} holds no built renderer; npm run build makes it`)
  return files.set('/', page)
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

function describeFile(address: string, bytes: Uint8Array<ArrayBuffer>): RendererFile {
  const type = lookup(address) ?? 'application/octet-stream'
  // The build puts a hash of the content into the names under assets/, and only there.
  const lasting = address.startsWith('/assets/')
  return {
    bytes,
    headers: {
      ...pageHeaders,
      'content-type': type.startsWith('text/') ? `${type}; charset=utf-8` : type,
      'content-length': String(bytes.byteLength),
      'cache-control': lasting ? 'private, max-age=31536000, immutable' : 'no-cache',
      etag: `"${createHash('sha256').update(bytes).digest('base64url')}"`,
    },
  }
}
