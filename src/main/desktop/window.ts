import { BrowserWindow, nativeTheme } from 'electron'

export interface WindowOptions {
  /** Address of the page. */
  address: string
  preload: string
  icon: string
  log: (line: string) => void
}

/** The one window: Electron keeps its place and size, the page is shown once it is drawn. */
export function openWindow({ address, preload, icon, log }: WindowOptions): BrowserWindow {
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
  window.webContents.on('render-process-gone', (_, { reason, exitCode }) => {
    log(`the page's process is gone: ${reason} (${exitCode})`)
    // Runs go on in their workers; a fresh page reads everything anew.
    if (reason !== 'clean-exit') window.reload()
  })
  void window.loadURL(address)
  return window
}

/** Puts the window before the person, wherever it was. */
export function bringForward(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}
