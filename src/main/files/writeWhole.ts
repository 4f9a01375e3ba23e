import { constants } from 'node:fs'
import { lstat, open, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { inspectTarget, openDraft } from './draft.ts'
import { explainWriting, unwritable } from './fileFailures.ts'

/** What a file shall hold: its parts in order, asked for as fast as they can be written. */
export type FileContent = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>

export interface WriteOptions {
  /** Whether a file that is there already may be replaced. */
  replace?: boolean | undefined
  /** Files that must not be written by whatever name: the archive and its companions. */
  protect?: readonly string[] | undefined
  /** Whether nobody else may read it. */
  isPrivate?: boolean
  /** Ends the writing; nothing is left of it. */
  signal?: AbortSignal | undefined
}

/**
 * Writes a file whole or not at all, and answers with its bytes. What is no regular file (a pipe, a terminal,
 * `/dev/null`) is written to where it is. Throws FILE_EXISTS, FILE_UNWRITABLE, and what the content throws.
 */
export async function writeWhole(target: string, content: FileContent, options: WriteOptions = {}): Promise<number> {
  const { replace = false, isPrivate = false, signal } = options
  await checkTarget(target, options)
  try {
    if (await isDevice(target)) return await writeInto(target, content, signal)
    const draft = await openDraft(target, { replace, isPrivate })
    try {
      await draft.handle.writeFile(content, { signal })
      const { size } = await draft.handle.stat()
      await draft.place()
      return size
    } finally {
      await draft.discard()
    }
  } catch (error) {
    throw explainWriting(target, error)
  }
}

/** Throws where `writeWhole` would refuse the target: asked before what takes long to compute is computed. */
export async function checkTarget(target: string, { replace = false, protect = [] }: WriteOptions): Promise<void> {
  try {
    await refuseProtected(target, protect)
    if (!(await isDevice(target))) await inspectTarget(target, replace)
  } catch (error) {
    throw explainWriting(target, error)
  }
}

async function writeInto(target: string, content: FileContent, signal: AbortSignal | undefined): Promise<number> {
  let bytes = 0
  const { O_WRONLY, O_APPEND, O_NOCTTY = 0 } = constants
  const handle = await open(target, O_WRONLY | O_APPEND | O_NOCTTY)
  try {
    await handle.writeFile(counted(), { signal })
    return bytes
  } finally {
    await handle.close()
  }

  async function* counted(): AsyncIterable<Uint8Array> {
    for await (const part of content) {
      const buffer = Buffer.from(part as Uint8Array)
      bytes += buffer.length
      yield buffer
    }
  }
}

/** Pipes, terminals and their like, and what the system's own links (`/dev/stdout`) lead to. */
async function isDevice(target: string): Promise<boolean> {
  const found = await lstat(target).catch(() => undefined)
  if (!found?.isSymbolicLink()) return found !== undefined && !found.isFile() && !found.isDirectory()
  const end = await stat(target).catch(() => undefined)
  if (!end || end.isDirectory()) return false
  return !end.isFile() || /^\/(dev|proc\/.*\/fd)$/.test(await realpath(dirname(target)))
}

async function refuseProtected(target: string, protect: readonly string[]): Promise<void> {
  if (protect.length === 0) return
  const identities = await identitiesOf(target)
  for (const path of protect) {
    const isSame = (await identitiesOf(path)).some((identity) => identities.includes(identity))
    if (isSame) throw unwritable(target, `cannot be written: it is ${path}, which belongs to the archive`)
  }
}

/** A file by its device and number, however it is called; and by its name, where there may be none yet. */
async function identitiesOf(path: string): Promise<string[]> {
  const found = await stat(path, { bigint: true }).catch(() => undefined)
  const folder = await realpath(dirname(path)).catch(() => undefined)
  return [
    ...(found ? [`${found.dev} ${found.ino}`] : []),
    ...(folder === undefined ? [] : [join(folder, basename(path))]),
  ]
}
