import { dirname, join } from 'node:path'
import { inspect } from 'node:util'
import { app, powerMonitor } from 'electron'
import { toErrorRecord } from '../shared/errors.ts'
import { printableLines } from '../shared/printable.ts'
import { aboutText, commandLineIn } from './desktop/about.ts'
import { guardContents } from './desktop/contentGuard.ts'
import { askAboutRuns, chooseArchive, chooseFolder, showError, showMessage } from './desktop/dialogs.ts'
import { answerRequests, sendEvents } from './desktop/ipc.ts'
import { openLog } from './desktop/log.ts'
import { setMenu } from './desktop/menu.ts'
import { gatherFiles, type StartMessage } from './desktop/openFiles.ts'
import { appAddress, registerScheme, serveRenderer } from './desktop/protocol.ts'
import { createQuitGuard } from './desktop/quitGuard.ts'
import { showRunProgress } from './desktop/runProgressInTaskbar.ts'
import { readStartArguments } from './desktop/startArguments.ts'
import { desktopMigrations, desktopWorkers } from './desktop/utilityWorker.ts'
import { bringForward, openWindow } from './desktop/window.ts'
import { beginLaboratory, type LaboratoryBeginning } from './services/beginLaboratory.ts'
import { createClientWatch } from './services/clientWatch.ts'
import { givenPath } from './services/givenPath.ts'
import { announceHost } from './services/hostRecord.ts'
import { keepHeapSmall } from './services/keepHeapSmall.ts'
import type { Laboratory } from './services/laboratory.ts'
import { cacheFolder, defaultArchivePath } from './services/nodeLaboratory.ts'
import { readRendererFiles } from './services/rendererFiles.ts'
import { serveLaboratory } from './web/webHost.ts'

/** The desktop application, from top to bottom in the order in which its parts need one another. */

app.enableSandbox()
app.setAppUserModelId('org.grokscope.laboratory')
registerScheme()
const files = gatherFiles()
const thisStart: StartMessage = { argv: process.argv.slice(1), folder: process.cwd() }

if (app.requestSingleInstanceLock(thisStart)) {
  app.whenReady().then(start).catch(reportAndExit)
} else {
  app.quit()
}

async function start(): Promise<void> {
  keepHeapSmall()
  const log = openLog(() => app.getPath('logs'))
  process.on('uncaughtExceptionMonitor', (error) => log.write(inspect(error)))
  const report = (error: unknown) => log.write(inspect(error))
  process.on('unhandledRejection', report)

  const development = app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL']
  const address = development ? `${development}/` : appAddress
  guardContents(address)
  if (!development) serveRenderer(await readRendererFiles(join(import.meta.dirname, '../renderer')))

  const requested = readStartArguments(thisStart.argv, thisStart.folder)
  const archivePath = requested.archive === undefined ? defaultArchivePath() : givenPath(requested.archive, '--archive')
  const beginning = beginLaboratory({
    archivePath,
    cacheFolder,
    startWorker: desktopWorkers(import.meta.dirname),
    startMigration: desktopMigrations(import.meta.dirname),
    host: { chooseArchive, chooseFolder },
    startQueued: true,
    log: log.write,
  })
  const page = createClientWatch(beginning.handlers)
  answerRequests(page, address, log.write)

  let stay = () => {}
  const comeBack = () => {
    stay()
    bringForward(window)
  }
  const window = openWindow({
    address,
    preload: join(import.meta.dirname, '../preload/index.cjs'),
    icon: join(import.meta.dirname, '../../resources/icon.png'),
    log: log.write,
    onGivenUp() {
      // It may not have been shown yet; a quit that waits for the last run goes on waiting.
      bringForward(window)
      showMessage(window, pageGivenUp, `Your runs continue. ${seeLog(log.file)}`).catch(report)
    },
  })
  sendEvents(beginning, page, window)
  const commandLine = app.isPackaged ? commandLineIn(dirname(app.getAppPath())) : 'npm run -s cli --'
  const about = aboutText({ versions: process.versions, archivePath, logFile: log.file, commandLine })
  setMenu({
    window,
    address,
    archivePath,
    logFile: log.file,
    bringForward: comeBack,
    openArchive: async () => {
      const { path } = await chooseArchive()
      if (path) files.open([path])
    },
    showAbout: () => showMessage(window, about.message, about.detail, 'info').catch(report),
  })

  const laboratory = await untilOpen(beginning)
  laboratory.prepare()
  const jobs = await takeJobs(laboratory).catch(report)
  showRunProgress(laboratory, window)
  files.start(page.handlers, laboratory.archiveFiles)
  files.open(requested.files)

  const guard = createQuitGuard({
    activeRuns: laboratory.activeRuns,
    runsGoingOn: laboratory.runsGoingOn,
    isHeld: laboratory.isHeld,
    ask: askAboutRuns,
    hide: () => window.hide(),
    async close() {
      await jobs?.close()
      await laboratory.close()
    },
    quit: () => app.quit(),
    onFault: report,
  })
  stay = guard.stay
  window.on('close', guard.intercept)
  app.on('before-quit', guard.intercept)
  laboratory.subscribe((name) => {
    if (name === 'machine.load') guard.runsChanged()
  })
  // The system is about to end: no questions, runs are kept as they are stopped.
  const delayShutdown = (event: Electron.Event) => {
    event.preventDefault()
    void guard.leave()
  }
  // Electron's types leave out the event, its documentation asks to use it.
  ;(powerMonitor as NodeJS.EventEmitter).on('shutdown', delayShutdown)
  window.on('session-end', guard.leave)

  app.on('activate', comeBack)
  app.on('second-instance', comeBack)
  app.on('open-file', comeBack)
}

/** Who quits before the archive is open ends that. */
async function untilOpen({ laboratory, close }: LaboratoryBeginning): Promise<Laboratory> {
  const end = () => void close()
  app.once('before-quit', end)
  try {
    return await laboratory
  } finally {
    app.off('before-quit', end)
  }
}

/** The terminal's `run` leaves its runs to the program that has the archive open. */
async function takeJobs(laboratory: Laboratory): Promise<{ close(): Promise<void> } | undefined> {
  if (cacheFolder === undefined) return undefined
  const host = await serveLaboratory(laboratory, { port: 0 })
  const withdraw = await announceHost(cacheFolder, laboratory.archivePath, host).catch(async (error: unknown) => {
    await host.close()
    throw error
  })
  return {
    close() {
      withdraw()
      return host.close()
    },
  }
}

const pageGivenUp = 'The page of this window ends as soon as it is loaded.'

function seeLog(file: string | undefined): string {
  return `Quit and start Grokscope again${file ? `; what happened is in ${file}` : ''}.`
}

function reportAndExit(error: unknown): void {
  if (toErrorRecord(error).code === 'CANCELLED') return
  process.stderr.write(`${printableLines(inspect(error))}\n`)
  showError('Grokscope cannot start', toErrorRecord(error))
  app.exit(1)
}
