import { EventEmitter } from 'node:events'
import type * as Electron from 'electron'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Transport } from '../../src/shared/transport.ts'
import { strict } from '../support/electron.ts'

let exposed: Map<string, Transport>
let sent: { channel: string; args: unknown[] }[]
let answer: unknown
let fromHost: EventEmitter
let page: EventTarget & { alert: ReturnType<typeof vi.fn> }

beforeEach(async () => {
  exposed = new Map()
  sent = []
  answer = { ok: true, data: null }
  fromHost = new EventEmitter()
  page = Object.assign(new EventTarget(), { alert: vi.fn() })
  vi.stubGlobal('window', page)
  vi.resetModules()
  vi.doMock('electron', () => ({
    contextBridge: strict<Electron.ContextBridge>('contextBridge', {
      exposeInMainWorld: (name, api) => void exposed.set(name, api as Transport),
    }),
    ipcRenderer: strict<Electron.IpcRenderer>('ipcRenderer', {
      async invoke(channel, ...args) {
        sent.push({ channel, args: structuredClone(args) })
        return structuredClone(answer)
      },
      on: ((channel: string, listener: (...args: unknown[]) => void) => fromHost.on(channel, listener)) as never,
    }),
    webUtils: strict<Electron.WebUtils>('webUtils', {
      getPathForFile: (file) => (file as unknown as { diskPath: string }).diskPath,
    }),
  }))
  await import('../../src/preload/index.ts')
})

const tell = (name: string, data: unknown) => fromHost.emit('event', {}, name, structuredClone(data))

describe('preload', () => {
  it('exposes one object with exactly two functions', () => {
    expect([...exposed.keys()]).toEqual(['grokscope'])
    const api = exposed.get('grokscope')!
    expect(Object.keys(api).sort()).toEqual(['on', 'request'])
    expect(Object.values(api).every((member) => typeof member === 'function')).toBe(true)
  })

  it('sends requests over one channel, and hands the answer back as it is', async () => {
    answer = { ok: true, data: { data: Float64Array.of(1, Number.NaN) } }
    const given = await exposed.get('grokscope')!.request('run.matrix', { runId: 'a', step: 0, matrix: 'E' })
    expect(sent).toEqual([{ channel: 'request', args: ['run.matrix', { runId: 'a', step: 0, matrix: 'E' }] }])
    expect(given).toEqual(answer)
  })

  it('tells each listener the events it asked for, without their sender, until it is ended', () => {
    const [first, second, other] = [vi.fn(), vi.fn(), vi.fn()]
    const { on } = exposed.get('grokscope')!
    const end = on('run.removed', first)
    on('run.removed', second)
    on('run.changed', other)
    tell('run.removed', { runIds: ['1'] })
    end()
    tell('run.removed', { runIds: ['2'] })
    tell('no.such', {})
    expect(first.mock.calls).toEqual([[{ runIds: ['1'] }]])
    expect(second.mock.calls).toEqual([[{ runIds: ['1'] }], [{ runIds: ['2'] }]])
    expect(other).not.toHaveBeenCalled()
  })

  it('keeps listeners that are one function apart', () => {
    const listener = vi.fn()
    const { on } = exposed.get('grokscope')!
    const end = on('run.removed', listener)
    on('run.removed', listener)
    end()
    tell('run.removed', { runIds: [] })
    expect(listener).toHaveBeenCalledOnce()
  })
})

describe('a file dropped on the window', () => {
  const drop = (files: unknown[], isTrusted = true) => {
    const event = Object.assign(new Event('drop', { cancelable: true }), { dataTransfer: { files } })
    // What a script makes is never trusted; only the listener's view of it can be replaced.
    const seen = new Proxy(event, {
      get: (target, member) => {
        if (member === 'isTrusted') return isTrusted
        const value: unknown = Reflect.get(target, member)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    dropListener(seen)
    return event.defaultPrevented
  }
  let dropListener: (event: Event) => void

  beforeEach(async () => {
    page.addEventListener = (name: string, listener: unknown) => {
      if (name === 'drop') dropListener = listener as typeof dropListener
    }
    vi.resetModules()
    await import('../../src/preload/index.ts')
  })

  it('is opened by its path', async () => {
    expect(drop([{ diskPath: '/a.grokscope' }, { diskPath: '/b.grokscope' }])).toBe(true)
    await expect.poll(() => sent.length).toBe(2)
    expect(sent.map(({ args }) => args)).toEqual([
      ['archive.open', { path: '/a.grokscope' }],
      ['archive.open', { path: '/b.grokscope' }],
    ])
    expect(page.alert).not.toHaveBeenCalled()
  })

  it('that cannot be opened is answered in words', async () => {
    answer = { ok: false, error: { code: 'ARCHIVE_UNREADABLE', message: '/a.txt is not an archive' } }
    drop([{ diskPath: '/a.txt' }])
    await expect.poll(() => page.alert.mock.calls.length).toBeGreaterThan(0)
    expect(page.alert).toHaveBeenCalledWith('/a.txt is not an archive')
  })

  it('by a script, and a drop of anything but files, is left alone', () => {
    expect(drop([{ diskPath: '/a.grokscope' }], false)).toBe(false)
    expect(drop([])).toBe(false)
    expect(sent).toEqual([])
  })
})
