import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { requests, type RequestName } from '../../../src/shared/contract.ts'
import { WebSocketTransport } from '../../../src/renderer/transport/webSocketTransport.ts'
import {
  decodeClientMessage,
  encodeServerMessage,
  maxMessageBytes,
  type ClientMessage,
  type ServerMessage,
} from '../../../src/shared/wire.ts'

class FakeSocket {
  static all: FakeSocket[] = []
  onopen?: () => void
  onmessage?: (event: { data: ArrayBuffer }) => void
  onclose?: (event: { code: number }) => void
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
  const drop = async (wait = 60_000, code = 1006) => {
    newest().onclose!({ code })
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

  it('refuses what is longer than a host takes before it is sent, and goes on', async () => {
    welcome()
    const answers: unknown[] = []
    void transport.request('run.table', { query: 'x'.repeat(maxMessageBytes) } as never).then((it) => answers.push(it))
    const question = transport.request('run.list', {})
    const error = { code: 'TOO_LARGE', message: expect.stringMatching(/^run\.table: .*65 MiB; at most 64 MiB/) }
    await vi.advanceTimersByTimeAsync(0)
    expect(answers).toMatchObject([{ ok: false, error }])
    const sent = newest().requests() as { id: number; name: string }[]
    expect(sent.map(({ name }) => name)).toEqual(['run.list'])
    newest().emit({ id: sent[0]!.id, result: { ok: true, data: [] } })
    expect(await question).toEqual({ ok: true, data: [] })
  })

  it.each([1008, 1009])(
    'does not ask again what the host did not take (%i), only what it had not heard',
    async (code) => {
      welcome()
      const answers: unknown[] = []
      void transport.request('run.list', {}).then((answer) => answers.push(answer))
      await drop(0, code)
      const waiting = transport.request('paper.list', {})
      expect(answers).toMatchObject([{ ok: false, error: { message: expect.stringContaining('did not take') } }])
      await vi.advanceTimersByTimeAsync(60_000)
      welcome()
      const [again] = newest().requests() as { id: number; name: string }[]
      expect(newest().requests()).toHaveLength(1)
      expect(again!.name).toBe('paper.list')
      newest().emit({ id: again!.id, result: { ok: true, data: [] } })
      expect(await waiting).toEqual({ ok: true, data: [] })
    },
  )

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
      newest().onclose!({ code: 1006 })
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
