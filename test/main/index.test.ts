import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import DatabaseConstructor from 'better-sqlite3'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ArchiveOpening } from '../../src/shared/contract/archives.ts'
import type { Submission } from '../../src/shared/contract/experiments.ts'
import type { Result } from '../../src/shared/errors.ts'
import { openArchive } from '../../src/main/store/archive.ts'
import { version } from '../../src/shared/version.ts'
import { createElectron } from '../support/electron.ts'
import { temporaryFolder } from '../support/folders.ts'
import { heldMigration } from '../support/heldMigration.ts'

type StandIn = ReturnType<typeof createElectron>

const page = { origin: 'app://grokscope', parent: null }
const folder = temporaryFolder()
let archives = 0
const freshArchive = () => join(folder, `${++archives}.grokscope`)

/** The main entry's listeners on the process go with it; the test runner's own stays. */
const [ownRejections] = process.listeners('unhandledRejection')
const ownArguments = process.argv
let running: StandIn | undefined
afterEach(async () => {
  vi.unstubAllEnvs()
  process.argv = ownArguments
  if (ownRejections) process.removeAllListeners('unhandledRejection').on('unhandledRejection', ownRejections)
  process.removeAllListeners('uncaughtExceptionMonitor')
  process.stderr.removeAllListeners('error')
  if (!running) return
  running.answer.question = 1
  running.module.app.quit()
  await until(() => running!.seen.quit > 0 || running!.seen.windows.length === 0)
  running = undefined
})

/** Patient: the machine may be busy with other things. */
function until(condition: () => unknown): Promise<unknown> {
  return vi.waitUntil(condition, { timeout: 120_000 })
}

/** An archive of the first version, as a person has it who did not start Grokscope for long. */
function earlierArchive(): string {
  const path = freshArchive()
  copyFileSync(join(import.meta.dirname, '../support/archives/version1.grokscope'), path)
  return path
}

/** What the page is told of archives that are not open yet. */
function openingsTold({ seen }: StandIn): ArchiveOpening[][] {
  const events = seen.toPage.filter(({ channel, args }) => channel === 'event' && args[0] === 'archive.openings')
  return events.map(({ args }) => args[1] as ArchiveOpening[])
}

interface LaunchOptions {
  isFirst?: boolean
  logs?: string
  /** Instead of `--archive=ARCHIVE`. */
  argv?: readonly string[]
  /** Made before, by whoever looks at it while the program starts. */
  electron?: StandIn
}

/** Imports the main entry anew, on a stand-in of its own, up to and with its start. */
async function launch(
  archive = freshArchive(),
  beforeReady?: (electron: StandIn) => void,
  {
    isFirst = true,
    argv = [`--archive=${archive}`],
    logs,
    electron = createElectron({ isFirst, ...(logs === undefined ? {} : { logs }) }),
  }: LaunchOptions = {},
) {
  process.argv = ['grokscope', ...argv]
  vi.resetModules()
  vi.doMock('electron', () => electron.module)
  await import('../../src/main/index.ts')
  beforeReady?.(electron)
  running = electron
  await electron.start()
  if (isFirst) await until(() => electron.isHeard('activate') || electron.seen.errors.length > 0)
  return electron
}

async function request<T>(electron: StandIn, name: string, input: unknown): Promise<T> {
  const result = (await electron.invoke('request', page, name, input)) as Result<T>
  if (!result.ok) throw new Error(result.error.message)
  return result.data
}

const spec = {
  name: 'small',
  task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.8 },
  network: { hidden: 16 },
  dynamics: { kind: 'isolated', integrator: { kind: 'euler', stepSize: 1e-4 }, steps: 20 },
  seeds: [0, 1],
}
const endless = { ...spec, name: 'endless', dynamics: { ...spec.dynamics, steps: 100_000_000 }, seeds: [0] }

describe('the window', () => {
  it('is sandboxed, isolated and without Node, and shows the page of its own origin', async () => {
    const { seen } = await launch()
    const [{ options, urls }] = seen.windows as [(typeof seen.windows)[0]]
    expect(options.webPreferences).toMatchObject({ contextIsolation: true, sandbox: true, nodeIntegration: false })
    expect(options.webPreferences).not.toMatchObject({ webSecurity: false })
    expect(options.webPreferences!.preload).toMatch(/preload[/\\]index\.cjs$/)
    expect(options).toMatchObject({ name: 'main', windowStatePersistence: true, show: false })
    expect(urls).toEqual(['app://grokscope/'])
    expect(seen.schemes).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ])
  })

  it('has a menu and is told how far an archive of an earlier version is before that is open', async () => {
    const electron = createElectron({})
    const path = earlierArchive()
    const { env, letGo } = heldMigration(temporaryFolder(), 0.5)
    vi.stubEnv('NODE_OPTIONS', env.NODE_OPTIONS)
    const launched = launch(path, undefined, { electron })
    await until(() => electron.seen.menu.length > 0)
    expect(electron.seen.windows).toHaveLength(1)
    expect(await request(electron, 'archive.openings', {})).toMatchObject([{ id: null, path, from: 1, error: null }])
    letGo()
    await launched
    expect(await request(electron, 'archive.openings', {})).toEqual([])
    expect(openingsTold(electron).length).toBeGreaterThan(2)
    expect(openingsTold(electron).at(-1)).toEqual([])
    expect(await request<{ total: number }>(electron, 'run.list', { limit: 1 })).toMatchObject({ total: 2 })
  })

  it('ends without a word where it is closed before its archive is open, which is left whole', async () => {
    const electron = createElectron({})
    const path = earlierArchive()
    vi.stubEnv('NODE_OPTIONS', heldMigration(temporaryFolder(), 0.5).env.NODE_OPTIONS)
    void launch(path, undefined, { electron })
    await until(() => electron.seen.menu.length > 0)
    electron.module.app.quit()
    await until(() => openingsTold(electron).some(([own]) => own?.error?.code === 'CANCELLED'))
    expect(electron.seen.errors).toEqual([])
    const archive = openArchive(path)
    expect(archive.runs.countRuns()).toBeGreaterThan(0)
    archive.close()
  })

  it('tells page and person why an archive of an earlier version cannot be opened, and ends', async () => {
    const path = earlierArchive()
    const database = new DatabaseConstructor(path)
    database.exec('CREATE TABLE stranger (id TEXT)')
    database.close()
    const electron = await launch(path)
    const { seen } = electron
    expect(seen.errors).toMatchObject([{ title: 'Grokscope cannot start' }])
    expect(seen.errors[0]!.content).toContain('has not the tables of an archive')
    expect(seen.exitCode).toBe(1)
    expect(openingsTold(electron).at(-1)).toMatchObject([{ path, error: { code: 'ARCHIVE_UNREADABLE' } }])
  })

  it('appears once it is drawn', async () => {
    const { seen } = await launch()
    expect(seen.windows[0]!.shown).toBe(false)
    seen.windows[0]!.events.emit('ready-to-show')
    expect(seen.windows[0]!.shown).toBe(true)
  })

  it('comes back when the process of its page is gone', async () => {
    const { seen } = await launch()
    const [record] = seen.windows
    record!.contentEvents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 11 })
    expect(record!.urls).toEqual(['app://grokscope/', 'app://grokscope/'])
  })

  it('comes back three times at most where its page dies of being loaded, and then says so', async () => {
    const { seen } = await launch()
    const [record] = seen.windows
    for (let death = 0; death < 5; death++) {
      record!.contentEvents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 11 })
      record!.contentEvents.emit('did-finish-load')
    }
    expect(record!.urls.length).toBe(4)
    expect(record!.shown).toBe(true)
    expect(seen.questions[0]).toMatchObject({
      type: 'error',
      message: expect.stringContaining('ends as soon as') as string,
    })
  })

  it('cannot be led elsewhere, opens no other, and holds no foreign page', async () => {
    const { seen } = await launch()
    const [{ contentEvents, openHandler }] = seen.windows as [(typeof seen.windows)[0]]
    const leads = (event: string, url: string) => {
      let prevented = false
      contentEvents.emit(event, { url, preventDefault: () => (prevented = true) })
      return !prevented
    }
    for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect']) {
      expect(leads(event, 'app://grokscope/#/runs')).toBe(true)
      const elsewhere = [
        'https://arxiv.org/',
        'file:///etc/passwd',
        'app://other/',
        'data:text/html,x',
        'javascript:1',
        '',
      ]
      for (const url of elsewhere) expect([url, leads(event, url)]).toEqual([url, false])
    }
    expect(leads('will-attach-webview', '')).toBe(false)
    expect(openHandler!({ url: 'app://grokscope/' } as never)).toEqual({ action: 'deny' })
    expect(seen.external).toEqual([])
  })

  it('gives links of listed https hosts to the browser, and no others', async () => {
    const { seen } = await launch()
    const follow = (url: string) => seen.windows[0]!.openHandler!({ url } as never)
    const unlisted = ['http://arxiv.org/', 'https://arxiv.org.evil.example/', 'https://evil.example/arxiv.org']
    const odd = [
      'https://arxiv.org:8443/',
      'https://user@arxiv.org/',
      'file:///bin/sh',
      'smb://arxiv.org/',
      'arxiv.org',
    ]
    for (const url of [...unlisted, ...odd]) expect(follow(url)).toEqual({ action: 'deny' })
    expect(seen.external).toEqual([])
    expect(follow('https://arxiv.org/abs/2301.02679')).toEqual({ action: 'deny' })
    expect(seen.external).toEqual(['https://arxiv.org/abs/2301.02679'])
  })

  it('is granted the clipboard for writing and nothing else, and reaches no network', async () => {
    const { guards } = await launch()
    const requested = (permission: string, url = 'app://grokscope/') => {
      const decide = vi.fn()
      guards.request({ getURL: () => url } as never, permission as never, decide, {} as never)
      return decide.mock.calls[0]![0] as boolean
    }
    const checked = (permission: string, url = 'app://grokscope/') =>
      guards.check(null, permission as never, url, {} as never)
    for (const grants of [requested, checked]) {
      expect(grants('clipboard-sanitized-write')).toBe(true)
      expect(grants('clipboard-sanitized-write', 'https://evil.example/')).toBe(false)
      for (const permission of ['media', 'geolocation', 'notifications', 'openExternal', 'clipboard-read', 'unknown']) {
        expect([permission, grants(permission)]).toEqual([permission, false])
      }
    }
    expect(guards.device({} as never)).toBe(false)
    for (const url of ['https://example.org/', 'ws://localhost:1/', 'http://grokscope/']) {
      const decide = vi.fn()
      guards.network({ url }, decide)
      expect(decide).toHaveBeenCalledWith({ cancel: true })
    }
  })
})

describe('the view menu', () => {
  it('has every place of the rail, in its order', async () => {
    const { seen } = await launch()
    const view = seen.menu.find(({ label }) => label === '&View')!.submenu as Electron.MenuItemConstructorOptions[]
    const leadsTo = (item: Electron.MenuItemConstructorOptions) => {
      ;(item.click as () => void)()
      return seen.windows[0]!.urls.at(-1)!.replace('app://grokscope/#/', '')
    }
    const rail = readFileSync(join(import.meta.dirname, '../../src/renderer/components/AppRail.vue'), 'utf8')
    const places = [...rail.matchAll(/\{ name: '(\w+)', label: /g)].map(([, name]) => name!)
    expect(places).toContain('sweeps')
    expect(view.filter(({ click }) => click).map(leadsTo)).toEqual([...places, 'machine'])
  })
})

describe('the help menu', () => {
  it('leads to what was found on this machine, and tells what is where', async () => {
    const archive = freshArchive()
    const { seen } = await launch(archive)
    const help = seen.menu.at(-1)!.submenu as Electron.MenuItemConstructorOptions[]
    const choose = (label: string) => (help.find((item) => item.label === label)!.click as () => void)()
    choose('Doctor: This Machine')
    expect(seen.windows[0]!.urls.at(-1)).toBe('app://grokscope/#/machine')
    choose('Versions and Places')
    await until(() => seen.questions.length === 1)
    expect(seen.questions[0]).toMatchObject({ type: 'info', message: expect.stringContaining(version) as string })
    expect(seen.questions[0]!.detail).toContain(`Archive: ${archive}`)
    expect(seen.questions[0]!.detail).toMatch(/^Log: .*grokscope\.log$/m)
  })
})

describe('the app protocol', () => {
  it('serves the page with its content policy', async () => {
    const electron = await launch()
    const response = await electron.fetch('app://grokscope/')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/)
    expect(await response.text()).toContain('<div id="app">')
  })

  it('refuses every path outside the renderer, every other host and method', async () => {
    const electron = await launch()
    const outside = [
      '/../main/index.ts',
      '/%2e%2e/main/index.ts',
      '/..%2fmain%2findex.ts',
      '//index.html',
      '/none',
      '/%',
    ]
    for (const path of outside) expect((await electron.fetch(`app://grokscope${path}`)).status).toBe(404)
    expect((await electron.fetch('app://other/index.html')).status).toBe(404)
    expect((await electron.fetch('app://grokscope/', 'POST')).status).toBe(404)
  })
})

describe('requests', () => {
  it('are answered for the page itself and refused for frames and pages of other origins', async () => {
    const electron = await launch()
    expect(await electron.invoke('request', page, 'run.list', {})).toEqual({ ok: true, data: { runs: [], total: 0 } })
    const strangers = [
      null,
      { ...page, parent: page },
      { ...page, origin: 'https://evil.example' },
      { ...page, origin: 'null' },
    ]
    for (const frame of strangers) {
      const result = await electron.invoke('request', frame, 'run.list', {})
      expect(result).toMatchObject({ ok: false, error: { code: 'UNAUTHORIZED' } })
    }
  })

  it('are checked like any other: an unknown name and a wrong field are errors, not exceptions', async () => {
    const electron = await launch()
    for (const [name, input] of [
      ['no.such', {}],
      ['run.show', {}],
      [7, null],
    ]) {
      const result = await electron.invoke('request', page, name, input)
      expect(result).toMatchObject({ ok: false, error: { code: 'INVALID_REQUEST' } })
    }
  })

  it('choose an archive in the dialog of the system', async () => {
    const electron = await launch()
    expect(await request(electron, 'archive.choose', {})).toEqual({ path: null, hasDialog: true })
    electron.answer.file = '/some/file.grokscope'
    expect(await request(electron, 'archive.choose', {})).toEqual({ path: '/some/file.grokscope', hasDialog: true })
  })
})

describe('runs', () => {
  it('are computed in utility processes and told to the page, and the system keeps awake meanwhile', async () => {
    const electron = await launch()
    const { runIds } = await request<Submission>(electron, 'experiment.submit', { spec })
    await request(electron, 'run.watch', { runIds })
    await until(() => electron.seen.blockers.size === 1)
    await until(() => electron.seen.blockers.size === 0)

    for (const runId of runIds)
      expect(await request(electron, 'run.show', { runId })).toMatchObject({ status: 'finished' })
    const told = electron.seen.toPage.filter(({ args }) => args[0] === 'run.changed').flatMap(({ args }) => args[1])
    expect(told).toEqual(
      expect.arrayContaining(runIds.map((id) => expect.objectContaining({ id, status: 'finished' }))),
    )
    expect(new Set(electron.seen.toPage.map(({ channel }) => channel))).toEqual(new Set(['event']))
    expect(electron.seen.progress.at(-1)).toBe(-1)
    expect(Math.max(...electron.seen.progress)).toBe(1)
    expect(electron.seen.notifications).toMatchObject([{ title: 'Runs: 2 finished', body: 'small' }])
  })

  it('that are active are asked about before the window closes: cancel keeps all, stop keeps what was computed', async () => {
    const archive = freshArchive()
    const electron = await launch(archive)
    const { runIds } = await request<Submission>(electron, 'experiment.submit', { spec: endless })
    await until(() => electron.seen.progress.some((value) => value > 0))

    electron.answer.question = 2
    expect(electron.seen.windows[0]!.close()).toBe(false)
    await until(() => electron.seen.questions.length === 1)
    expect(electron.seen.questions[0]!.message).toBe('A run is active.')
    await new Promise(setImmediate)
    expect(electron.seen.quit).toBe(0)

    electron.answer.question = 1
    expect(electron.seen.windows[0]!.close()).toBe(false)
    await until(() => electron.seen.quit === 1)
    const reopened = openArchive(archive)
    expect(reopened.runs.summary(runIds[0]!).status).not.toBe('running')
    reopened.close()
  })

  it('go on without the window, which is back for whatever a person opens or chooses, and then stays', async () => {
    const electron = await launch()
    const [window] = electron.seen.windows as [StandIn['seen']['windows'][0]]
    window.events.emit('ready-to-show')
    const { runIds } = await request<Submission>(electron, 'experiment.submit', { spec: endless })
    await until(() => electron.seen.progress.some((value) => value > 0))
    const items = electron.seen.menu.flatMap(({ submenu = [] }) => submenu as Electron.MenuItemConstructorOptions[])
    const choose = (label: string) => (items.find((item) => item.label === label)!.click as () => void)()
    const ways = {
      'a file': () => void electron.emitApp('open-file', foreignArchive('opened.grokscope')),
      'a view': () => choose('Runs'),
      'an archive': () => choose('Open Archive…'),
      'the places': () => choose('Versions and Places'),
    }
    for (const [name, open] of Object.entries(ways)) {
      electron.answer.question = 0
      expect(window.close()).toBe(false)
      await until(() => !window.shown)
      // Who quits once more is asked, and cancels: the window stays away.
      electron.answer.question = 2
      const { length } = electron.seen.questions
      expect(window.close()).toBe(false)
      await until(() => electron.seen.questions.length > length)
      await new Promise(setImmediate)
      expect([name, window.shown]).toEqual([name, false])
      open()
      expect([name, window.shown]).toEqual([name, true])
    }
    await request(electron, 'run.cancel', { runIds })
    await until(() => electron.seen.progress.at(-1) === -1)
    await new Promise(setImmediate)
    expect(electron.seen.quit).toBe(0)
  })

  it('that have not begun are active too, and wait in the archive for the next start', async () => {
    const archive = freshArchive()
    const electron = await launch(archive)
    // One more than are computed at once.
    const seeds = Array.from({ length: availableParallelism() + 1 }, (_, seed) => seed)
    const { runIds } = await request<Submission>(electron, 'experiment.submit', { spec: { ...endless, seeds } })
    electron.answer.question = 1
    expect(electron.seen.windows[0]!.close()).toBe(false)
    await until(() => electron.seen.quit === 1)
    expect(electron.seen.questions).toHaveLength(1)
    const reopened = openArchive(archive)
    expect(reopened.runs.summary(runIds.at(-1)!).status).toBe('queued')
    reopened.close()
  })

  it('are kept without a question when the system shuts down', async () => {
    const electron = await launch()
    await request<Submission>(electron, 'experiment.submit', { spec: endless })
    // The system waits until they are saved.
    expect(electron.emitMonitor('shutdown')).toBe(false)
    expect(electron.seen.quit).toBe(0)
    await until(() => electron.seen.quit === 1)
    expect(electron.seen.questions).toHaveLength(0)
  })
})

describe('files', () => {
  const openPaths = async (electron: StandIn) =>
    (await request<{ path: string }[]>(electron, 'archive.list', {})).map(({ path }) => path)
  /** What the first start hears of a second one; Chromium's own list of its arguments is not to be relied on. */
  const startAgain = (electron: StandIn, ...argv: string[]) =>
    electron.emitApp('second-instance', ['grokscope', '--flag-switches-begin'], '/', { argv, folder })

  it('that are asked for before the start, while it starts, and after it, are opened', async () => {
    const [named, early, during, late] = ['named', 'early', 'during', 'late'].map((name) =>
      foreignArchive(`${name}.grokscope`),
    ) as [string, string, string, string]
    const archive = freshArchive()
    const electron = await launch(
      archive,
      (started) => {
        expect(started.emitApp('open-file', early)).toBe(false)
        startAgain(started, 'during.grokscope')
      },
      { argv: [`--archive=${archive}`, named] },
    )
    await until(async () => (await openPaths(electron)).length === 3)
    expect((await openPaths(electron)).sort()).toEqual([during, early, named])
    startAgain(electron, '--flag', 'late.grokscope')
    await until(async () => (await openPaths(electron)).includes(late))
    const old = foreignArchive('old.grokscope')
    // From a version that left this to Chromium.
    electron.emitApp('second-instance', ['grokscope', 'old.grokscope'], folder, undefined)
    await until(async () => (await openPaths(electron)).includes(old))
    expect(electron.seen.windows).toHaveLength(1)
    expect(electron.seen.windows[0]).toMatchObject({ shown: true, focused: true })
  })

  it.each([
    ['--archive', 'other.grokscope'],
    ['--archive=other.grokscope', ''],
  ])('that another start names by %s %s are opened beside', async (...argv) => {
    const other = foreignArchive('other.grokscope')
    const electron = await launch()
    startAgain(electron, ...argv.filter(Boolean))
    await until(async () => (await openPaths(electron)).includes(other))
    expect(electron.seen.errors).toEqual([])
  })

  it('that are open anyhow are not opened beside', async () => {
    const [archive, other] = [freshArchive(), foreignArchive('other.grokscope')]
    const electron = await launch(archive)
    startAgain(electron, '--archive', archive)
    startAgain(electron, archive, other)
    await until(async () => (await openPaths(electron)).includes(other))
    expect(await openPaths(electron)).toEqual([other])
  })

  it('that another start names wrongly are said to be so, and the window goes on', async () => {
    const electron = await launch()
    startAgain(electron, '--archive')
    startAgain(electron, '--archive', 'nowhere.grokscope')
    await until(() => electron.seen.errors.length === 2)
    expect(electron.seen.errors.map(({ content }) => content)).toEqual([
      expect.stringMatching(/^--archive: a file must follow/),
      expect.stringContaining(join(folder, 'nowhere.grokscope')),
    ])
    expect(await request(electron, 'run.list', {})).toEqual({ runs: [], total: 0 })
  })

  it('that are no archives are said to be none', async () => {
    const path = join(folder, 'text.grokscope')
    writeFileSync(path, 'text, and more text than the sixteen bytes of a magic number')
    const electron = await launch()
    electron.emitApp('open-file', path)
    await until(() => electron.seen.errors.length === 1)
    expect(electron.seen.errors[0]!.content).toContain(path)
  })
})

describe('starting', () => {
  it('leaves everything to the instance that is already there, and tells it what was asked for, as it was typed', async () => {
    const argv = ['--archive', 'other.grokscope']
    const { seen } = await launch(freshArchive(), undefined, { isFirst: false, argv })
    expect(seen).toMatchObject({ quit: 1, windows: [], startMessage: { argv, folder: process.cwd() } })
  })

  it.each([
    ['two words', (archive: string) => ['--archive', archive]],
    ['one word', (archive: string) => [`--archive=${archive}`]],
    ['the last of several', (archive: string) => [`--archive=${archive}.not`, '--archive', archive]],
  ])('opens the archive that is named in %s', async (_, argv) => {
    const archive = freshArchive()
    const electron = await launch(archive, undefined, { argv: argv(archive) })
    expect(electron.seen.errors).toEqual([])
    expect(await request(electron, 'machine.describe', {})).toMatchObject({ archivePath: archive })
  })

  it('says so where no file follows --archive, and opens no other', async () => {
    const { seen } = await launch(undefined, undefined, { argv: ['--archive'] })
    await until(() => seen.exitCode !== undefined)
    expect(seen).toMatchObject({ exitCode: 1, windows: [] })
    expect(seen.errors[0]!.content).toMatch(/^--archive: a file must follow/)
  })

  it('goes on without a log where none can be written', async () => {
    const file = join(folder, 'no folder')
    writeFileSync(file, '')
    const electron = await launch(freshArchive(), undefined, { logs: join(file, 'logs') })
    expect(electron.seen.errors).toEqual([])
    const help = electron.seen.menu.at(-1)!.submenu as Electron.MenuItemConstructorOptions[]
    expect(help.find(({ label }) => label === 'Show Log')).toMatchObject({ enabled: false })
    // What has no name is logged; here there is nowhere to.
    process.emit('unhandledRejection', new Error('nobody asked'), Promise.resolve())
    expect(await request(electron, 'run.list', {})).toEqual({ runs: [], total: 0 })
  })

  it('says why where the archive cannot be opened, and ends', async () => {
    const path = join(folder, 'broken.grokscope')
    writeFileSync(path, 'text, and more text than the sixteen bytes of a magic number')
    const { seen } = await launch(path)
    await until(() => seen.exitCode !== undefined)
    expect(seen.exitCode).toBe(1)
    expect(seen.errors).toHaveLength(1)
    expect(seen.windows).toHaveLength(0)
  })
})

let source: string | undefined
/** A valid archive that no laboratory holds open. */
function foreignArchive(name: string): string {
  if (!source) {
    source = freshArchive()
    openArchive(source).close()
  }
  const path = join(folder, name)
  copyFileSync(source, path)
  return path
}
