import { inspect } from 'node:util'
import { BrowserWindow, nativeTheme } from 'electron'
import type { Log } from '../services/logToStandardError.ts'
import { createPageRevival } from './pageRevival.ts'

export interface WindowOptions {
  /** Address of the page. */
  address: string
  preload: string
  icon: string
  log: Log
  /** The page dies whenever it is loaded. */
  onGivenUp(): void
}

/** The one window: Electron keeps its place and size, the page is shown once it is drawn. */
export function openWindow({ address, preload, icon, log, onGivenUp }: WindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    name: 'main',
    windowStatePersistence: true,
    width: 1440,
    height: 900,
    minWidth: 800,
    minHeight: 560,
    show: false,
    title: 'Grokscope',
    icon,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#0d0f11' : '#f6f6f3',
    webPreferences: { preload, contextIsolation: true, sandbox: true, nodeIntegration: false, spellcheck: false },
  })
  window.once('ready-to-show', () => window.show())
  // Runs go on in their workers; a fresh page reads everything anew.
  const revival = createPageRevival({
    reload: () => window.reload(),
    giveUp: () => {
      log('the page is not loaded again: it died each time')
      onGivenUp()
    },
    now: () => performance.now(),
  })
  window.webContents.on('did-finish-load', revival.loaded)
  window.webContents.on('render-process-gone', (_, { reason, exitCode }) => {
    log(`the page's process is gone: ${reason} (${exitCode})`)
    if (reason !== 'clean-exit') revival.died()
  })
  window.loadURL(address).catch((error: unknown) => log(inspect(error)))
  return window
}

/** Puts the window before the person, wherever it was. */
export function bringForward(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}
