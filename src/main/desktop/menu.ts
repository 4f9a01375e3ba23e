import { app, Menu, shell, type BrowserWindow, type MenuItemConstructorOptions } from 'electron'

export interface MenuActions {
  window: BrowserWindow
  /** Address of the page; its views lie in the fragment. */
  address: string
  archivePath: string
  logFile: string | undefined
  /** Puts the window before the person: under macOS the menu is there while it is hidden. */
  bringForward: () => void
  openArchive: () => unknown
  showAbout: () => unknown
}

const views = [
  ['Papers', 'papers'],
  ['New experiment', 'new'],
  ['Runs', 'runs'],
  ['Sweeps', 'sweeps'],
  ['Compare', 'compare'],
  ['Figures', 'figures'],
  ['Machine', 'machine'],
] as const

export function setMenu(actions: MenuActions): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(actions)))
}

function menuTemplate({ window, address, archivePath, logFile, ...actions }: MenuActions) {
  const isMac = process.platform === 'darwin'
  const inWindow = (act: () => unknown) => () => {
    actions.bringForward()
    void act()
  }
  const go = (view: string) => inWindow(() => window.loadURL(`${address}#/${view}`))
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        { label: 'New Experiment', accelerator: 'CmdOrCtrl+N', click: go('new') },
        { label: 'Open Archive…', accelerator: 'CmdOrCtrl+O', click: inWindow(actions.openArchive) },
        { type: 'separator' },
        { label: 'Show Archive in Folder', click: () => shell.showItemInFolder(archivePath) },
        { type: 'separator' },
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        ...views.map(([label, view], index) => ({ label, accelerator: `CmdOrCtrl+${index + 1}`, click: go(view) })),
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        ...(app.isPackaged ? [] : [{ role: 'reload' } as const, { role: 'toggleDevTools' } as const]),
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        { label: 'Doctor: This Machine', click: go('machine') },
        { label: 'Show Log', enabled: logFile !== undefined, click: () => logFile && shell.showItemInFolder(logFile) },
        { type: 'separator' },
        { label: 'Versions and Places', click: inWindow(actions.showAbout) },
      ],
    },
  ]
  return template
}
