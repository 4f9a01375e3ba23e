import { resolve } from 'node:path'
import { app } from 'electron'
import type { Handlers } from '../../shared/contract.ts'
import { dispatch } from '../services/dispatch.ts'
import { showError } from './dialogs.ts'

export interface FileOpener {
  /** From here on files are opened, those that came before first. */
  start(handlers: Handlers): void
  open(paths: readonly string[]): void
}

/** Gathers archive files that the system asks to open, which it may do before the application is ready. */
export function gatherFiles(): FileOpener {
  let handlers: Handlers | undefined
  let early: readonly string[] = archivesAmong(process.argv.slice(1), process.cwd())
  const open = (paths: readonly string[]) => {
    if (!handlers) early = [...early, ...paths]
    else for (const path of paths) void openArchive(handlers, path)
  }
  app.on('open-file', (event, path) => {
    event.preventDefault()
    open([path])
  })
  return {
    open,
    start(given) {
      handlers = given
      open(early)
      early = []
    },
  }
}

/** The archives that a command line names; `~/` is left to what opens them. */
export function archivesAmong(argv: readonly string[], folder: string): string[] {
  return argv
    .filter((argument) => /^[^-].*\.grokscope$/i.test(argument))
    .map((argument) => (/^~[/\\]/.test(argument) ? argument : resolve(folder, argument)))
}

/** What opens shows in the page by itself. */
async function openArchive(handlers: Handlers, path: string): Promise<void> {
  const result = await dispatch(handlers, 'archive.open', { path })
  if (!result.ok) showError('The archive cannot be opened', result.error)
}
