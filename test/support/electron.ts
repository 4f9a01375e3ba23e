import { EventEmitter } from 'node:events'
import { basename } from 'node:path'
import type * as Electron from 'electron'
import { forkAsUtilityProcess } from './parentPortWorkers.ts'
import { temporaryFolder } from './folders.ts'

/**
 * A small stand-in for Electron. It knows the members listed here and throws on every other, and what passes between
 * processes is copied as Electron copies it. Type names are Electron's own, so a member that Electron lacks does not
 * compile.
 */
export function createElectron(options: { isFirst?: boolean; logs?: string }) {
  const seen = {
    ready: false,
    quit: 0,
    exitCode: undefined as number | undefined,
    windows: [] as WindowRecord[],
    toPage: [] as { channel: string; args: unknown[] }[],
    errors: [] as { title: string; content: string }[],
    questions: [] as Electron.MessageBoxOptions[],
    external: [] as string[],
    notifications: [] as Electron.NotificationConstructorOptions[],
    progress: [] as number[],
    blockers: new Set<number>(),
    schemes: [] as Electron.CustomScheme[],
    menu: [] as Electron.MenuItemConstructorOptions[],
    startMessage: undefined as unknown,
  }
  const answer = { question: 2, file: undefined as string | undefined }
  const handlers = new Map<string, (event: unknown, ...args: unknown[]) => unknown>()
  const protocols = new Map<string, (request: Request) => Response | Promise<Response>>()
  const guards = {} as Guards
  const appEvents = new EventEmitter()
  const monitorEvents = new EventEmitter()
  const whenReady = Promise.withResolvers<void>()

  const app = strict<Electron.App>('app', {
    enableSandbox: before('enableSandbox', () => undefined),
    setAppUserModelId: () => undefined,
    requestSingleInstanceLock(message) {
      seen.startMessage = structuredClone(message)
      return options.isFirst ?? true
    },
    whenReady: () => whenReady.promise,
    isPackaged: true,
    getAppPath: () => '/opt/Grokscope/resources/app.asar',
    getPath: (name) => (name === 'logs' && options.logs) || temporaryFolder(),
    on: listen(appEvents),
    once: listen(appEvents, 'once'),
    off: listen(appEvents, 'off'),
    quit() {
      if (emit(appEvents, 'before-quit') && seen.windows.every((record) => record.close())) seen.quit += 1
    },
    exit: (code) => void (seen.exitCode = code),
  })

  function before<Call>(name: string, call: Call): Call {
    return ((...args: unknown[]) => {
      if (seen.ready) throw new Error(`${name} is only possible before the application is ready`)
      return (call as (...args: unknown[]) => unknown)(...args)
    }) as Call
  }

  class BrowserWindow {
    static getAllWindows() {
      return seen.windows.map((record) => record.window)
    }
    constructor(constructorOptions: Electron.BrowserWindowConstructorOptions) {
      if (!seen.ready) throw new Error('Cannot create BrowserWindow before app is ready')
      const events = new EventEmitter()
      const contentEvents = new EventEmitter()
      const record: WindowRecord = {
        options: constructorOptions,
        events,
        contentEvents,
        urls: [],
        shown: false,
        focused: false,
        openHandler: undefined,
        window: undefined as never,
        close: () => emit(events, 'close'),
      }
      const webContents = strict<Electron.WebContents>('webContents', {
        on: listen(contentEvents),
        setWindowOpenHandler: (handler) => void (record.openHandler = handler),
        getURL: () => record.urls.at(-1) ?? '',
        send: (channel, ...args) => void seen.toPage.push({ channel, args: structuredClone(args) }),
      })
      record.window = strict<Electron.BrowserWindow>('BrowserWindow', {
        webContents,
        on: listen(events),
        once: listen(events, 'once'),
        loadURL: async (url) => void record.urls.push(url),
        reload: () => void record.urls.push(record.urls.at(-1)!),
        show: () => void (record.shown = true),
        hide: () => void (record.shown = false),
        focus: () => void (record.focused = true),
        restore: () => undefined,
        isMinimized: () => false,
        isVisible: () => record.shown,
        isFocused: () => record.focused,
        isDestroyed: () => false,
        setProgressBar: (value) => void seen.progress.push(value),
      })
      seen.windows.push(record)
      appEvents.emit('web-contents-created', {}, webContents)
      return record.window as never
    }
  }

  class Notification {
    static isSupported = () => true
    constructor(notification: Electron.NotificationConstructorOptions) {
      return strict<Electron.Notification>('Notification', {
        on: () => undefined as never,
        show: () => void seen.notifications.push(notification),
      }) as never
    }
  }

  const module = {
    app,
    BrowserWindow,
    Notification,
    protocol: strict<Electron.Protocol>('protocol', {
      registerSchemesAsPrivileged: before(
        'registerSchemesAsPrivileged',
        (schemes) => void seen.schemes.push(...schemes),
      ),
      handle: (scheme, handler) => void protocols.set(scheme, handler as never),
    }),
    session: {
      defaultSession: strict<Electron.Session>('session', {
        setPermissionRequestHandler: (handler) => void (guards.request = handler!),
        setPermissionCheckHandler: (handler) => void (guards.check = handler!),
        setDevicePermissionHandler: (handler) => void (guards.device = handler!),
        webRequest: strict<Electron.WebRequest>('webRequest', {
          onBeforeRequest: (_: unknown, listener?: unknown) => void (guards.network = listener as never),
        }),
      }),
    },
    ipcMain: strict<Electron.IpcMain>('ipcMain', {
      handle: (channel, handler) => void handlers.set(channel, handler as never),
    }),
    dialog: strict<Electron.Dialog>('dialog', {
      showErrorBox: (title, content) => void seen.errors.push({ title, content }),
      showOpenDialog: async () => ({ canceled: !answer.file, filePaths: answer.file ? [answer.file] : [] }),
      showMessageBox: (async (...args: [...window: unknown[], question: Electron.MessageBoxOptions]) => {
        const isSheet = args.length > 1
        if (isSheet && !seen.windows[0]!.shown) throw new Error('a sheet of a window that is hidden is not seen')
        seen.questions.push(args.at(-1) as Electron.MessageBoxOptions)
        return { response: answer.question, checkboxChecked: false }
      }) as Electron.Dialog['showMessageBox'],
    }),
    shell: strict<Electron.Shell>('shell', {
      openExternal: async (url) => void seen.external.push(url),
      showItemInFolder: () => undefined,
    }),
    Menu: strict<typeof Electron.Menu>('Menu', {
      buildFromTemplate: (template) => template as never,
      setApplicationMenu: (menu) => void (seen.menu = menu as never),
    }),
    nativeTheme: strict<Electron.NativeTheme>('nativeTheme', { shouldUseDarkColors: true }),
    powerMonitor: strict<Electron.PowerMonitor>('powerMonitor', { on: listen(monitorEvents) }),
    powerSaveBlocker: strict<Electron.PowerSaveBlocker>('powerSaveBlocker', {
      start() {
        const id = seen.blockers.size
        seen.blockers.add(id)
        return id
      },
      stop: (id) => seen.blockers.delete(id),
    }),
    utilityProcess: strict<typeof Electron.utilityProcess>('utilityProcess', {
      fork(path, _args, fork) {
        if (!seen.ready) throw new Error('utilityProcess.fork is only possible after the application is ready')
        const entry = entries[basename(path)]
        if (!entry) throw new Error(`no such entry: ${path}`)
        return utilityProcessOf(entry, fork)
      },
    }),
  }

  return {
    module,
    seen,
    answer,
    guards,
    async start() {
      seen.ready = true
      whenReady.resolve()
    },
    /** Whether anybody listens to an event of `app`. */
    isHeard: (name: string) => appEvents.listenerCount(name) > 0,
    /** An event of `app`; tells whether nothing prevented its default. */
    emitApp: (name: string, ...args: unknown[]) => emit(appEvents, name, ...args),
    /** An event of `powerMonitor`; tells whether nothing prevented its default. */
    emitMonitor: (name: string) => emit(monitorEvents, name),
    /** What the page's `ipcRenderer.invoke` gets, copied on the way there and back. */
    async invoke(channel: string, senderFrame: unknown, ...args: unknown[]): Promise<unknown> {
      const handler = handlers.get(channel)
      if (!handler) throw new Error(`No handler registered for '${channel}'`)
      const event = strict('IpcMainInvokeEvent', { senderFrame })
      return structuredClone(await handler(event, ...(structuredClone(args) as unknown[])))
    },
    fetch: async (url: string, method = 'GET') =>
      protocols.get(new URL(url).protocol.slice(0, -1))!({ url, method } as Request),
  }
}

export interface WindowRecord {
  options: Electron.BrowserWindowConstructorOptions
  events: EventEmitter
  contentEvents: EventEmitter
  urls: string[]
  shown: boolean
  focused: boolean
  openHandler: ((details: Electron.HandlerDetails) => Electron.WindowOpenHandlerResponse) | undefined
  window: Electron.BrowserWindow
  /** What the window's own close button does; tells whether it closed. */
  close(): boolean
}

interface Guards {
  request: NonNullable<Parameters<Electron.Session['setPermissionRequestHandler']>[0]>
  check: NonNullable<Parameters<Electron.Session['setPermissionCheckHandler']>[0]>
  device: NonNullable<Parameters<Electron.Session['setDevicePermissionHandler']>[0]>
  network: (details: { url: string }, decide: (response: { cancel: boolean }) => void) => void
}

/** An object of Electron's that has some of its members, and throws where another is asked for or set. */
export function strict<Type extends object>(name: string, members: Partial<Type>): Type {
  return new Proxy(members, {
    get(target, member) {
      if (member in target || typeof member === 'symbol' || member === 'then') return Reflect.get(target, member)
      throw new Error(`the stand-in of Electron has no ${name}.${member}`)
    },
    set(_, member) {
      throw new Error(`${name}.${String(member)} cannot be set`)
    },
  }) as Type
}

/** `on`, `once` or `off` of any of Electron's emitters; their overloads are too many for a type of their own. */
function listen(events: EventEmitter, method: 'on' | 'once' | 'off' = 'on'): never {
  return ((name: string, listener: (...args: unknown[]) => void) => events[method](name, listener)) as never
}

function emit(events: EventEmitter, name: string, ...args: unknown[]): boolean {
  let prevented = false
  events.emit(name, { preventDefault: () => (prevented = true) }, ...args)
  return !prevented
}

/** The sources of the bundled programs. */
const entries: Record<string, string> = {
  'engineWorker.js': 'engine/worker/worker.ts',
  'migrationWorker.js': 'services/migrationWorker.ts',
}

/** A program's source in a Node process; messages are copied, as between Electron's processes. */
function utilityProcessOf(entry: string, options?: Electron.ForkOptions): Electron.UtilityProcess {
  const child = forkAsUtilityProcess(options?.env as NodeJS.ProcessEnv, entry)
  return strict<Electron.UtilityProcess>('UtilityProcess', {
    pid: child.pid,
    stderr: child.stderr,
    postMessage: (message: object) => void child.send(structuredClone(message)),
    on: listen(child),
    kill: () => child.kill(),
  })
}
