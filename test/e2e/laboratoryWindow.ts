import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, chromium, type ElectronApplication, type Locator, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { placeOfElectron } from '../../src/main/launch/findElectron.ts'
import { launchBrowser } from '../support/browser.ts'
import { startBrowserHost, type BrowserHost } from '../support/browserHost.ts'
import { findPackedExecutable } from '../support/packedExecutable.ts'

export interface LaboratoryWindow {
  page: Page
  archivePath: string
  /** Where the page is served to a browser; Electron has none. */
  host: BrowserHost | undefined
}

export type OpenWindow = (options?: WindowOptions) => Promise<LaboratoryWindow>

interface WindowOptions {
  /** Fills the archive before the laboratory opens it. */
  prepare?: (archivePath: string) => unknown
  /** Options of the host that serves it to a browser. */
  serve?: readonly string[]
  /** Errors on the console that belong to the test: a host that cannot be reached is one. */
  expected?: RegExp
}

/** How long a test waits for anything in a page: it ends what hangs; a busy machine is waited for. */
export const patience = 300_000
const root = join(import.meta.dirname, '../..')
const pictures = join(root, 'out/e2e')
const browser = await launchBrowser()
const electron = placeOfElectron(root)
const electronPath = 'path' in electron && existsSync(electron.path) ? electron.path : undefined
const packed = findPackedExecutable(root)
if ('reason' in browser) process.stderr.write(`No end-to-end test in a browser: ${browser.reason}\n`)
if ('reason' in packed) process.stderr.write(`No end-to-end test in the packed application: ${packed.reason}\n`)

/**
 * The tests of a part of the window, in a browser, in Electron and in the packed application, each where there is one. After each test nothing may
 * have gone wrong in the page: no error on its console (a breach of its content policy is one) and none uncaught.
 */
export function describeWindow(
  name: string,
  tests: (open: OpenWindow) => void,
  { inElectron = true }: { inElectron?: boolean } = {},
): void {
  const skipped = 'reason' in browser
  describe.skipIf(skipped)(`${name}, in a browser`, () => withWindows(tests, openInBrowser))
  if (!inElectron) return
  describe.skipIf(!electronPath)(`${name}, in Electron`, () => withWindows(tests, openInElectron))
  describe.skipIf('reason' in packed)(`${name}, in the packed application`, () => withWindows(tests, openPacked))
}

/**
 * The button that the toast about `text` offers once `act` is done, under the pointer: it does not go for as long as
 * that rests there. The keyboard leaves the pointer where it is.
 */
export async function offered(page: Page, name: string, text: string, act: () => Promise<unknown>): Promise<Locator> {
  const toast = page.getByRole('status').locator('.toast').filter({ hasText: text }).last()
  const button = toast.getByRole('button', { name })
  await whileMessagesStay(page, async () => {
    await act()
    await button.hover()
  })
  return button
}

/** No time passes for the messages of a hidden page: however long a step takes, they are there in the next. */
export async function whileMessagesStay(page: Page, act: () => Promise<unknown>): Promise<void> {
  await hide(page, true)
  try {
    await act()
  } finally {
    await hide(page, false)
  }
}

export const hide = (page: Page, hidden: boolean): Promise<void> =>
  page.evaluate((value) => void Object.defineProperty(document, 'hidden', { value, configurable: true }), hidden)

interface Opened extends LaboratoryWindow {
  /** Shows the page, once its errors are listened to. */
  start(): Promise<unknown>
  close(): Promise<unknown>
}

function withWindows(
  tests: (open: OpenWindow) => void,
  openHere: (archivePath: string, serve?: readonly string[]) => Promise<Opened>,
) {
  const folders: string[] = []
  const opened: Opened[] = []
  const troubles: string[] = []

  beforeAll(() => {
    expect(existsSync(join(root, 'out/renderer/index.html')), 'npm run build has been run').toBe(true)
  })
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await picture(task.name, opened)
    expect(troubles.splice(0)).toEqual([])
  })
  afterAll(async () => {
    for (const window of opened.splice(0)) await window.close()
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
  })

  tests(async (options = {}) => {
    const folder = mkdtempSync(join(tmpdir(), 'grokscope-window-'))
    folders.push(folder)
    const archivePath = join(folder, 'archive.grokscope')
    await options.prepare?.(archivePath)
    const window = await openHere(archivePath, options.serve)
    opened.push(window)
    window.page.setDefaultTimeout(patience)
    listenForTroubles(window.page, options.expected, (trouble) => troubles.push(trouble))
    await window.start()
    return window
  })
}

async function openInBrowser(archivePath: string, serve?: readonly string[]): Promise<Opened> {
  if ('reason' in browser) throw new Error(browser.reason)
  const host = await startBrowserHost(archivePath, undefined, undefined, serve)
  // What moves is drawn anew in every frame, by the processor.
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' })
  await context.addInitScript(slowClocks)
  const page = await context.newPage()
  return {
    page,
    archivePath,
    host,
    start: () => page.goto(host.address),
    close: async () => {
      await context.close()
      await host.close()
    },
  }
}

/**
 * A busy machine may take longer than a person to reach what a toast offers, or to press the second key of a command: the clocks of both
 * go thirty times as slowly.
 */
function slowClocks() {
  const slowed =
    (setTimer: (act: TimerHandler, milliseconds?: number, ...given: unknown[]) => number, known: number) =>
    (act: TimerHandler, milliseconds?: number, ...given: unknown[]) =>
      setTimer(act, milliseconds === known ? 30 * known : milliseconds, ...given)
  window.setInterval = slowed(window.setInterval, 200) as typeof setInterval
  window.setTimeout = slowed(window.setTimeout, 900) as typeof setTimeout
}

async function openInElectron(archivePath: string): Promise<Opened> {
  const own = [`--archive=${archivePath}`, `--user-data-dir=${join(archivePath, '../user')}`]
  const application: ElectronApplication = await _electron.launch({
    executablePath: electronPath!,
    args: [root, ...own],
  })
  const page = await application.firstWindow()
  return { page, archivePath, host: undefined, start: () => page.reload(), close: () => application.close() }
}

/** Its fuses keep Node's debugger out, by which Electron is driven otherwise; the page alone is reached. */
async function openPacked(archivePath: string): Promise<Opened> {
  if ('reason' in packed) throw new Error(packed.reason)
  const own = [`--archive=${archivePath}`, `--user-data-dir=${join(archivePath, '../user')}`]
  const child = spawn(packed.path, ['--remote-debugging-port=0', ...own], { stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const address = await new Promise<string>((resolve, reject) => {
    let told = ''
    child.stderr.on('data', (text) => {
      told += String(text)
      const [, found] = /^DevTools listening on (ws:\/\/.*)$/m.exec(told) ?? []
      if (found) resolve(found.trim())
    })
    child.once('exit', () => reject(new Error(`the packed application ended: ${told}`)))
  })
  const connection = await chromium.connectOverCDP(address)
  const [context] = connection.contexts()
  const page = context!.pages()[0] ?? (await context!.waitForEvent('page'))
  return {
    page,
    archivePath,
    host: undefined,
    start: () => page.reload(),
    async close() {
      await connection.close()
      child.kill('SIGKILL')
      await ended
    },
  }
}

function listenForTroubles(page: Page, expected: RegExp | undefined, tell: (trouble: string) => void) {
  const consider = (text: string) => expected?.test(text) || tell(text)
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') consider(`${message.type()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => consider(error.stack ?? error.message))
}

/** What could be seen when a test failed. */
async function picture(name: string, opened: readonly Opened[]) {
  const file = name.replaceAll(/\W+/g, '-')
  for (const [index, { page }] of opened.entries()) {
    await page.screenshot({ path: join(pictures, `${file}-${index}.png`) }).catch(() => undefined)
  }
}

afterAll(async () => {
  if (!('reason' in browser)) await browser.close()
})
