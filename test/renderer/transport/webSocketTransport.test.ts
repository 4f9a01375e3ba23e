import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { requests, type RequestName } from '../../../src/shared/contract.ts'
import { WebSocketTransport } from '../../../src/renderer/transport/webSocketTransport.ts'
import {
  decodeClientMessage,
  encodeServerMessage,
  type ClientMessage,
  type ServerMessage,
} from '../../../src/shared/wire.ts'

class FakeSocket {
  static all: FakeSocket[] = []
  onopen?: () => void
  onmessage?: (event: { data: ArrayBuffer }) => void
  onclose?: () => void
  sent: ClientMessage[] = []
  constructor() {
    FakeSocket.all.push(this)
  }
  send(bytes: Uint8Array) {
    this.sent.push(decodeClientMessage(bytes) as ClientMessage)
  }
  emit(message: ServerMessage) {
    this.onmessage!({ data: encodeServerMessage(message).slice().buffer })
  }
  requests() {
    return this.sent.filter((message) => 'id' in message)
  }
}

const newest = () => FakeSocket.all.at(-1)!
const progress = (sequence: number) => ({
  sequence,
  event: 'run.removed' as const,
  data: { runIds: [String(sequence)] },
})

describe('WebSocketTransport', () => {
  let status: number
  const connection = vi.fn()
  const eventsLost = vi.fn()
  let transport: WebSocketTransport

  beforeEach(() => {
    vi.useFakeTimers()
    FakeSocket.all = []
    status = 200
    connection.mockReset()
    eventsLost.mockReset()
    vi.stubGlobal('WebSocket', FakeSocket)
    vi.stubGlobal('fetch', () => Promise.resolve({ status }))
    transport = new WebSocketTransport('ws://here', { connection, eventsLost })
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.useRealTimers()
  })

  const welcome = (complete = true, sequence = 0) => {
    newest().onopen!()
    newest().emit({ host: 'h', sequence, complete })
  }
  const drop = async (wait = 60_000) => {
    newest().onclose!()
    await vi.advanceTimersByTimeAsync(wait)
  }

  it('holds requests back until it is welcome, then matches answers by their id', async () => {
    const first = transport.request('run.list', {})
    const second = transport.request('paper.list', {})
    expect(newest().sent).toEqual([])
    welcome()
    const [a, b] = newest().requests() as { id: number }[]
    newest().emit({ id: b!.id, result: { ok: true, data: [] } })
    newest().emit({ id: a!.id, result: { ok: false, error: { code: 'NOT_FOUND', message: 'gone' } } })
    expect(await second).toEqual({ ok: true, data: [] })
    expect(await first).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
  })

  it('asks for the events it missed, from the last it had', async () => {
    welcome()
    newest().emit(progress(1))
    newest().emit(progress(2))
    await drop()
    newest().onopen!()
    expect(newest().sent[0]).toEqual({ resumeFrom: { host: 'h', sequence: 2 }, watch: [] })
  })

  it('tells each new connection the runs that it watches, before it hears of what it missed', async () => {
    welcome()
    expect(newest().sent).toEqual([{ resumeFrom: null, watch: [] }])
    void transport.request('run.watch', { runIds: ['a'] })
    void transport.request('run.watch', { runIds: ['b', 'c'], rows: 9 })
    await drop()
    welcome()
    expect(newest().sent).toEqual([{ resumeFrom: { host: 'h', sequence: 0 }, watch: ['b', 'c'], rows: 9 }])
  })

  it('gives each event to its listeners until they end', () => {
    const heard: string[] = []
    const end = transport.on('run.removed', ({ runIds }) => heard.push(...runIds))
    welcome()
    newest().emit(progress(1))
    end()
    newest().emit(progress(2))
    expect(heard).toEqual(['1'])
  })

  it('says that events were lost, also without a new connection', () => {
    welcome()
    expect(eventsLost).not.toHaveBeenCalled()
    newest().emit({ host: 'h', sequence: 9, complete: false })
    expect(eventsLost).toHaveBeenCalledOnce()
  })

  it('asks a question again whose answer was lost, and leaves a command alone', async () => {
    welcome()
    const question = transport.request('run.list', {})
    const command = transport.request('run.cancel', { runIds: ['a'] })
    await drop()
    expect(await command).toMatchObject({ ok: false, error: { message: expect.stringContaining('not known') } })
    welcome()
    const [again] = newest().requests() as { id: number; name: string }[]
    expect(newest().requests()).toHaveLength(1)
    expect(again!.name).toBe('run.list')
    newest().emit({ id: again!.id, result: { ok: true, data: [] } })
    expect(await question).toEqual({ ok: true, data: [] })
  })

  it('knows of every request whether it may come again', async () => {
    welcome()
    for (const name of Object.keys(requests)) void transport.request(name as RequestName, {} as never)
    await drop()
    welcome()
    const again = newest().requests() as { name: string }[]
    const commands = Object.keys(requests).filter((name) => !again.some((each) => each.name === name))
    expect(commands.toSorted()).toEqual([
      'archive.choose',
      'archive.close',
      'archive.import',
      'archive.open',
      'experiment.submit',
      'experiment.submitAll',
      'liveMap.keep',
      'paper.run',
      'queue.hold',
      'queue.move',
      'run.annotate',
      'run.branch',
      'run.cancel',
      'run.continue',
      'run.extend',
      'run.move',
      'run.pause',
      'run.purge',
      'run.rename',
      'run.rerun',
      'run.resume',
      'run.tag',
      'run.watch',
      'sweep.addSeeds',
      'sweep.choose',
      'sweep.collect',
      'sweep.create',
      'sweep.forget',
      'sweep.open',
      'sweep.pause',
      'sweep.refine',
      'sweep.run',
    ])
  })

  it('tries again after growing delays, and tells', async () => {
    for (const delay of [250, 500, 1000, 2000]) {
      const before = FakeSocket.all.length
      newest().onclose!()
      await vi.advanceTimersByTimeAsync(delay - 1)
      expect(FakeSocket.all).toHaveLength(before)
      await vi.advanceTimersByTimeAsync(1)
      expect(FakeSocket.all).toHaveLength(before + 1)
    }
    expect(connection).toHaveBeenLastCalledWith({ state: 'lost', attempt: 4 })
    welcome()
    expect(connection).toHaveBeenLastCalledWith({ state: 'connected' })
  })

  it('gives up where the host turns it away', async () => {
    const waiting = transport.request('run.list', {})
    status = 401
    await drop()
    expect(connection).toHaveBeenLastCalledWith({ state: 'refused' })
    expect(await waiting).toMatchObject({ ok: false, error: { code: 'UNAUTHORIZED' } })
    expect(FakeSocket.all).toHaveLength(1)
  })
})
