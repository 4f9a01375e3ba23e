import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { access, link, lstat, mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { LabError } from '../../shared/errors.ts'
import { explainWriting, unwritable } from './fileFailures.ts'

/** A file under a random name in the folder of its target; complete, it takes the target's name. */
export interface Draft {
  readonly path: string
  readonly handle: FileHandle
  /** Puts what was written on the disk, and then in the target's place. */
  place(): Promise<void>
  /** Leaves nothing behind; after `place` it does nothing. */
  discard(): Promise<void>
}

/**
 * Begins a file that appears at `target` whole or not at all. A file that is there already is replaced, permissions
 * kept, only where `replace` says so; a symbolic link is neither followed nor replaced. Throws FILE_EXISTS and
 * FILE_UNWRITABLE.
 */
export async function openDraft(target: string, { replace = false, isPrivate = false } = {}): Promise<Draft> {
  const folder = dirname(target)
  // Not made from the target's name, which may be as long as names can be.
  const path = join(folder, `.grokscope-${randomBytes(12).toString('hex')}.part`)
  const handle = await explained(target, async () => {
    const replaced = await inspectTarget(target, replace)
    await mkdir(folder, { recursive: true })
    const { O_CREAT, O_EXCL, O_RDWR, O_NOFOLLOW = 0 } = constants
    const draft = await open(path, O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW, isPrivate ? 0o600 : 0o666)
    if (replaced && !isPrivate) await keepPermissions(draft, replaced)
    return draft
  })

  async function discard(): Promise<void> {
    await handle.close().catch(() => undefined)
    await rm(path, { force: true }).catch(() => undefined)
  }

  return {
    path,
    handle,
    discard,
    async place() {
      try {
        await explained(target, async () => {
          await handle.sync()
          await handle.close()
          await (replace ? rename(path, target) : appear(path, target))
        })
        await syncFolder(folder)
      } finally {
        await discard()
      }
    },
  }
}

export interface Replaced {
  mode: number
  uid: number
  gid: number
}

/** What would be replaced, if anything; throws unless it may be. */
export async function inspectTarget(target: string, replace: boolean): Promise<Replaced | undefined> {
  if (/[/\\]$/.test(target)) throw unwritable(target, 'names a folder; a file is needed')
  const found = await lstat(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (!found) return undefined
  if (found.isDirectory()) throw unwritable(target, 'is a folder; a file is needed')
  if (found.isSymbolicLink()) throw unwritable(target, 'is a symbolic link, and links are not followed; name the file')
  if (!replace) throw existsAlready(target)
  if ((found.mode & 0o222) === 0) throw unwritable(target, 'is read-only')
  await access(target, constants.W_OK)
  return found
}

/** Gives the draft the target's name, unless something got it meanwhile. */
async function appear(draft: string, target: string): Promise<void> {
  try {
    await link(draft, target)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw existsAlready(target)
    // This file system has no hard links.
    await inspectTarget(target, false)
    await rename(draft, target)
  }
}

function existsAlready(target: string): LabError {
  return new LabError('FILE_EXISTS', `${target} is there already`)
}

async function keepPermissions(draft: FileHandle, { mode, uid, gid }: Replaced): Promise<void> {
  const own = await draft.stat()
  // Only the system's administrator may give files away; for others the file becomes their own, as by any editor.
  if (own.uid !== uid || own.gid !== gid) await draft.chown(uid, gid).catch(() => undefined)
  await draft.chmod(mode & 0o777)
}

/** The new name is safe on the disk only after this; some systems (Windows, some network disks) cannot. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined)
  await handle?.sync().catch(() => undefined)
  await handle?.close()
}

async function explained<Output>(target: string, act: () => Promise<Output>): Promise<Output> {
  try {
    return await act()
  } catch (error) {
    throw explainWriting(target, error)
  }
}
