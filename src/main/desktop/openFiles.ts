import { realpathSync } from 'node:fs'
import { app } from 'electron'
import { tryStep } from '../../shared/tryStep.ts'
import type { Handlers } from '../../shared/contract.ts'
import { toErrorRecord } from '../../shared/errors.ts'
import { dispatch } from '../services/dispatch.ts'
import { showError } from './dialogs.ts'
import { inFolder, readStartArguments } from './startArguments.ts'

export interface FileOpener {
  /** From here on files are opened, those that came before first. `own` are the files of the archive that is open anyhow. */
  start(handlers: Handlers, own: readonly string[]): void
  open(paths: readonly string[]): void
}

/** What a second start tells the first: Chromium passes arguments on in an order of its own, and takes some apart. */
export interface StartMessage {
  argv: string[]
  folder: string
}

/** Gathers archives that are asked for, by the system or by another start, which both may do before there is a laboratory. */
export function gatherFiles(): FileOpener {
  let openNow: ((path: string) => void) | undefined
  let early: readonly string[] = []
  const open = (paths: readonly string[]) => {
    if (!openNow) early = [...early, ...paths]
    else paths.forEach(openNow)
  }
  app.on('open-file', (event, path) => {
    event.preventDefault()
    open([path])
  })
  app.on('second-instance', (_event, passedOn, passedFolder, message) => {
    // A version that sends no message may be started beside this one.
    const { argv, folder } = (message as StartMessage | null | undefined) ?? {
      argv: passedOn.slice(1),
      folder: passedFolder,
    }
    tryStep(
      () => {
        const { archive, files } = readStartArguments(argv, folder)
        open([...(archive === undefined ? [] : [inFolder(archive, folder)]), ...files])
      },
      (error) => showError('The archive cannot be opened', toErrorRecord(error)),
    )
  })
  return {
    open,
    start(handlers, own) {
      openNow = (path) => void (isAmong(own, path) || openArchive(handlers, path))
      open(early)
      early = []
    },
  }
}

/** What opens shows in the page by itself, where it can be cancelled too. */
async function openArchive(handlers: Handlers, path: string): Promise<void> {
  const result = await dispatch(handlers, 'archive.open', { path })
  if (!result.ok && result.error.code !== 'CANCELLED') showError('The archive cannot be opened', result.error)
}

function isAmong(files: readonly string[], path: string): boolean {
  return (
    tryStep(
      () => files.includes(realpathSync(path)),
      () => undefined,
    ) ?? false
  )
}
