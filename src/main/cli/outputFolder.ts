import { createHash, type Hash } from 'node:crypto'
import { readdir, readFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { LabError } from '../../shared/errors.ts'
import { version } from '../../shared/version.ts'
import { writeWhole, type FileContent } from '../files/writeWhole.ts'
import type { OutputOptions } from './writeOutput.ts'

/** A folder of results, whose `manifest.json` lists the files that this program wrote there, each with its SHA-256. */
export interface OutputFolder {
  readonly path: string
  /** Takes the place of everything that the manifest lists. */
  write(files: Readonly<Record<string, FileContent>>): Promise<void>
}

const manifestName = 'manifest.json'
/** In place of the hash of a file that may be the one before or the new one: the process was killed as it was written. */
const beingWritten = 'being written'

/**
 * A folder that may be written to: results that the manifest lists, as they were written, give way to new ones. Another
 * file of the kinds that are written, or one that was changed since, is refused with FILE_EXISTS unless `force` is set.
 */
export async function openOutputFolder(path: string, { force = false, protect }: OutputOptions): Promise<OutputFolder> {
  const present = await readdir(path).catch((): string[] => [])
  const listed = present.includes(manifestName)
    ? await readManifest(join(path, manifestName))
    : new Map<string, string>()
  const changed: string[] = []
  for (const name of present) if (await isForeign(name)) changed.push(name)
  if (changed.length > 0 && !force) {
    const names = changed.slice(0, 5).map((name) => join(path, name))
    const rest = changed.length > names.length ? `, and ${changed.length - names.length} more` : ''
    const why = `not in ${join(path, manifestName)} as they are: written by somebody else, or changed since`
    throw new LabError('FILE_EXISTS', `${names.join(', ')}${rest}: ${why}`)
  }

  async function isForeign(name: string): Promise<boolean> {
    if (name === manifestName || (!listed.has(name) && !/\.(csv|json|npz|pdf|svg)$/.test(name))) return false
    if (listed.get(name) === beingWritten) return false
    const hash = await hashOf(join(path, name))
    return hash !== listed.get(name)
  }

  return {
    path,
    async write(files) {
      const options = { replace: true, protect }
      const hashes: Record<string, string> = {}
      for (const [name, content] of Object.entries(files)) {
        await list({ ...Object.fromEntries(listed), ...hashes, [name]: beingWritten })
        const hash = createHash('sha256')
        await writeWhole(join(path, name), hashed(content, hash), options).catch(async (error: unknown) => {
          // It is as it was.
          await list({ ...Object.fromEntries(listed), ...hashes }).catch(() => undefined)
          throw error
        })
        hashes[name] = hash.digest('hex')
      }
      for (const name of listed.keys()) {
        if (!(name in hashes) && !changed.includes(name)) await rm(join(path, name), { force: true })
      }
      await list(hashes)

      async function list(sha256: Record<string, string>) {
        const manifest = `${JSON.stringify({ writtenBy: `grokscope ${version}`, sha256 }, null, 2)}\n`
        await writeWhole(join(path, manifestName), [manifest], options)
      }
    },
  }
}

/** Hashes by name; none where the file is no manifest of this program. */
async function readManifest(file: string): Promise<Map<string, string>> {
  try {
    const { sha256 } = JSON.parse(await readFile(file, 'utf8')) as { sha256: Record<string, unknown> }
    const entries = Object.entries(sha256).filter(([name]) => name === basename(name) && name !== manifestName)
    return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
  } catch {
    return new Map()
  }
}

async function hashOf(file: string): Promise<string | undefined> {
  const content = await readFile(file).catch(() => undefined)
  return content && createHash('sha256').update(content).digest('hex')
}

async function* hashed(content: FileContent, hash: Hash): AsyncIterable<string | Uint8Array> {
  for await (const part of content) {
    hash.update(part)
    yield part
  }
}
