import { mkdir, writeFile } from 'node:fs/promises'
import { createServer, type Server, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { join } from 'node:path'
import { encode, ExtData } from '@msgpack/msgpack'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { Laboratory } from '../../../src/main/services/laboratory.ts'
import { defaultPort, serveLaboratory, type WebHost } from '../../../src/main/web/webHost.ts'
import { requests, type HostEventName, type HostEvents, type SharedHandlers } from '../../../src/shared/contract.ts'
import {
  decodeServerMessage,
  encodeClientMessage,
  maxMessageBytes,
  type ServerMessage,
  type Welcome,
} from '../../../src/shared/wire.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { runSummary } from '../../support/runSummary.ts'

let rendererFolder: string
let laboratory: FakeLaboratory
let host: WebHost

beforeAll(async () => {
  const folder = temporaryFolder()
  rendererFolder = join(folder, 'renderer')
  await mkdir(join(rendererFolder, 'assets'), { recursive: true })
  await writeFile(join(rendererFolder, 'index.html'), '<!doctype html><title>page</title>')
  await writeFile(join(rendererFolder, 'assets', 'index-1a2b3c.js'), 'export {}')
  await writeFile(join(folder, 'secret.txt'), 'secret')
})

beforeEach(async () => {
  laboratory = fakeLaboratory()
  host = await serveLaboratory(laboratory, { port: 0, rendererFolder })
})
afterEach(() => host.close())

describe('pages', () => {
  it('are for who opened the printed address, and for nobody else', async () => {
    expect((await get('/')).status).toBe(401)
    expect((await get('/?token=wrong')).status).toBe(401)
    expect((await get('/', { cookie: wrongCookie() })).status).toBe(401)

    const opened = await get(new URL(host.address).pathname + new URL(host.address).search)
    expect(opened).toMatchObject({ status: 303, headers: { location: '/' } })
    const [cookie] = opened.headers['set-cookie']!
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/)

    const page = await get('/', { cookie: cookie!.split(';')[0]! })
    expect(page).toMatchObject({ status: 200, body: '<!doctype html><title>page</title>' })
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
  })

  it('are not given under a foreign name, whatever else is right (DNS rebinding)', async () => {
    const foreign = ['localhost.evil.example', '127.0.0.1.evil.example:80', '127.0.0.2', 'localhost:', 'localhost:1:2']
    for (const name of ['evil.example', `evil.example:${host.port}`, `x@localhost:${host.port}`, '::1', ...foreign]) {
      expect([name, (await get('/', { ...cookies(), host: name })).status]).toEqual([name, 421])
    }
  })

  it('are given on any port of this machine, as a tunnel from another machine asks by its own', async () => {
    for (const name of [`localhost:${host.port}`, '127.0.0.1:9000', 'localhost:9000', '[::1]:9000', 'localhost']) {
      expect([name, (await get('/', { ...cookies(), host: name })).status]).toEqual([name, 200])
      expect((await get('/', { host: name })).status).toBe(401)
    }
  })

  it('come from the built renderer only, however the path is written', async () => {
    const paths = [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/assets/../../secret.txt',
      '/..\\secret.txt',
    ]
    for (const path of [
      ...paths,
      '//secret.txt',
      `${rendererFolder}/index.html`,
      '/assets',
      '/%',
      'http://x/secret.txt',
    ]) {
      const { status, body } = await get(path, cookies())
      expect([path, status]).toEqual([path, 404])
      expect(body).not.toContain('secret')
    }
  })

  it('carry the content policy and its kin on every answer, errors included', async () => {
    const answers = [
      await get('/', cookies()),
      await get('/assets/index-1a2b3c.js', cookies()),
      await get('/none', cookies()),
      await get('/'),
      await get('/', { host: 'evil.example' }),
      await get(new URL(host.address).pathname + new URL(host.address).search),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 401, 421, 303])
    for (const { headers } of answers) {
      const policy = headers['content-security-policy']!.toString()
      expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/)
      expect(policy).not.toMatch(/unsafe|http:|\*/)
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
        'cross-origin-resource-policy': 'same-origin',
      })
    }
  })

  it('are kept by the browser as long as they are true', async () => {
    const page = await get('/', cookies())
    expect(page.headers['cache-control']).toBe('no-cache')
    const again = await get('/', { ...cookies(), 'if-none-match': page.headers.etag! })
    expect(again).toMatchObject({ status: 304, body: '' })
    expect((await get('/assets/index-1a2b3c.js', cookies())).headers['cache-control']).toContain('immutable')
  })

  it('take no body: the connection ends before one is read', async () => {
    const posting = httpRequest({ port: host.port, path: '/', method: 'POST', headers: cookies() })
    const ended = new Promise((resolve) => posting.on('close', resolve))
    posting.on('response', (response) => response.resume()).on('error', () => undefined)
    let chunks = 0
    const pump = () => posting.write(Buffer.alloc(2 ** 20), (error) => error ?? (chunks++, setImmediate(pump)))
    pump()
    await ended
    expect(chunks).toBeLessThan(64)
    expect((await get('/', { ...cookies(), 'content-length': '5' })).status).toBe(413)
  })
})

describe('socket', () => {
  it('opens for a page of this host with the cookie, and for nobody else', async () => {
    const { cookie } = cookies()
    const origin = `http://127.0.0.1:${host.port}`
    expect(await upgrade({ cookie, origin })).toBe(101)
    expect(await upgrade({ origin })).toBe(401)
    expect(await upgrade({ cookie: wrongCookie(), origin })).toBe(401)
    expect(await upgrade({ cookie, origin: 'https://evil.example' })).toBe(403)
    expect(await upgrade({ cookie, origin: `http://127.0.0.1:${host.port + 1}` })).toBe(403)
    expect(await upgrade({ cookie, origin: 'null' })).toBe(403)
    const tunnel = 'localhost:9000'
    expect(await upgrade({ cookie, origin: `http://${tunnel}`, host: tunnel })).toBe(101)
    expect(await upgrade({ cookie, origin, host: tunnel })).toBe(403)
    expect(await upgrade({ cookie })).toBe(403)
    expect(await upgrade({ cookie, origin: 'http://evil.example', host: 'evil.example' })).toBe(421)
    expect(await upgrade({ cookie, origin }, '/other')).toBe(404)
  })

  it('answers requests by their id, with numbers and arrays as they were', async () => {
    const client = await connect()
    const step = Float64Array.of(0, 1e-300, Number.NaN)
    laboratory.answers['run.list'] = () => [step]
    client.send({ id: 3, name: 'no.such', input: {} })
    client.send({ id: 4, name: 'run.list', input: {} })
    const answers = await client.take(2)
    expect(answers.find((answer) => 'id' in answer && answer.id === 4)).toEqual({
      id: 4,
      result: { ok: true, data: [step] },
    })
    expect(answers.find((answer) => 'id' in answer && answer.id === 3)).toMatchObject({
      result: { ok: false, error: { code: 'INVALID_REQUEST' } },
    })
  })

  it('answers with a defect where an answer cannot be written down', async () => {
    const client = await connect()
    laboratory.answers['run.list'] = () => () => 'a function'
    client.send({ id: 1, name: 'run.list', input: {} })
    expect(await client.take(1)).toMatchObject([{ id: 1, result: { ok: false, error: { code: 'INTERNAL' } } }])
  })

  it('closes on what is not a message of the protocol, and on a message that is too long', async () => {
    const greeting = encodeClientMessage({ resumeFrom: null })
    const records = new ExtData(4, encode([Array.from({ length: 1000 }, (_, i) => `f${i}`), Array(1000).fill([])]))
    for (const bytes of [
      'text',
      Buffer.of(0xc1),
      Buffer.alloc(0),
      encodeClientMessage({} as never),
      greeting.subarray(1),
      Buffer.alloc(5_000_000, Buffer.of(0xdd, 0x00, 0xff, 0xff, 0xff)),
      encode({ id: 1, name: 'run.list', input: records }),
    ]) {
      const client = await connect()
      client.socket.send(bytes)
      expect(await client.closed).toBe(1008)
    }
    const client = await connect()
    client.socket.send(Buffer.alloc(maxMessageBytes + 1))
    expect(await client.closed).toBe(1009)
  })

  it('numbers events, and a client that was away gets each one it missed once and in order', async () => {
    const first = await connect()
    laboratory.sendEvent('run.removed', { runIds: ['1'] })
    laboratory.sendEvent('run.removed', { runIds: ['2'] })
    expect(await first.take(2)).toMatchObject([
      { sequence: 1, event: 'run.removed', data: { runIds: ['1'] } },
      { sequence: 2, event: 'run.removed', data: { runIds: ['2'] } },
    ])
    first.socket.terminate()
    for (let i = 3; i <= 500; i++) laboratory.sendEvent('run.removed', { runIds: [String(i)] })

    const second = await connect({ host: first.welcome.host, sequence: 2 })
    expect(second.welcome).toMatchObject({ sequence: 2, complete: true })
    laboratory.sendEvent('run.removed', { runIds: ['501'] })
    const missed = await second.take(499)
    expect(missed.map((message) => 'sequence' in message && message.sequence)).toEqual(range(3, 501))
  })

  it('tells each client of the runs it watches, from its request on, and everyone of what is of no single run', async () => {
    const [first, second] = [await connect(null, ['a']), await connect()]
    const [a, b] = ['a', 'b'].map((id) => runSummary({ id }))
    const progress = { runId: 'a', step: 1, steps: 2, tau: 0, stepsPerSecond: 1, secondsLeft: 1 }
    laboratory.sendEvent('run.changed', [a!, b!])
    laboratory.sendEvent('run.progress', progress)
    second.send({ id: 1, name: 'run.watch', input: { runIds: ['b'] } })
    expect(await second.take(1)).toEqual([{ id: 1, result: { ok: true, data: null } }])
    laboratory.sendEvent('run.changed', [b!, a!])
    laboratory.sendEvent('run.progress', progress)
    laboratory.sendEvent('runs.touched', { runIds: ['a', 'b'] })
    const touched = { sequence: 5, event: 'runs.touched', data: { runIds: ['a', 'b'] } }
    expect(await first.take(5)).toEqual([
      { sequence: 1, event: 'run.changed', data: [a] },
      { sequence: 2, event: 'run.progress', data: progress },
      { sequence: 3, event: 'run.changed', data: [a] },
      { sequence: 4, event: 'run.progress', data: progress },
      touched,
    ])
    expect(await second.take(2)).toEqual([{ sequence: 3, event: 'run.changed', data: [b] }, touched])

    const back = await connect({ host: first.welcome.host, sequence: 0 }, ['b'])
    expect(await back.take(3)).toEqual([
      { sequence: 1, event: 'run.changed', data: [b] },
      { sequence: 3, event: 'run.changed', data: [b] },
      touched,
    ])
  })

  it('tells a client to read anew where what it missed is gone, or the host is another', async () => {
    const first = await connect()
    const long = 'x'.repeat(2 ** 20)
    for (let i = 0; i < 20; i++) laboratory.sendEvent('run.removed', { runIds: [long] })
    const late = await connect({ host: first.welcome.host, sequence: 1 })
    expect(late.welcome).toEqual({ host: first.welcome.host, sequence: 20, complete: false })
    const stranger = await connect({ host: 'another', sequence: 20 })
    expect(stranger.welcome).toMatchObject({ sequence: 20, complete: false })
  })

  it('drops events for a client that does not read, and tells it to read anew when it does', async () => {
    const client = await connect(null, ['1'])
    client.socket.pause()
    const values = { trainLoss: new Float64Array(2 ** 17) }
    const measured = {
      runId: '1',
      step: new Float64Array(1),
      tau: new Float64Array(1),
      seconds: new Float64Array(1),
      values,
    }
    for (let i = 0; i < 100; i++) laboratory.sendEvent('run.measured', measured)
    client.socket.resume()

    const received: ServerMessage[] = []
    do received.push(...(await client.take(1)))
    while (!('complete' in received.at(-1)!))
    expect(received.at(-1)).toMatchObject({ sequence: 100, complete: false })
    expect(received.length - 1).toBeGreaterThan(0)
    expect(received.length - 1).toBeLessThanOrEqual(8)
    laboratory.sendEvent('run.removed', { runIds: ['next'] })
    expect(await client.take(1)).toMatchObject([{ sequence: 101 }])
  })

  it('tells a client to read anew where one event alone is too much to send', async () => {
    const client = await connect()
    laboratory.sendEvent('run.removed', { runIds: ['x'.repeat(9 * 2 ** 20)] })
    laboratory.sendEvent('run.removed', { runIds: ['next'] })
    expect(await client.take(2)).toMatchObject([{ sequence: 1, complete: false }, { sequence: 2 }])
  })
})

/** Whether it could have it. */
function occupy(occupant: Server, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    occupant.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true))
  })
}

/** The first port from the default one on that can be had now. */
async function firstFree(port = defaultPort): Promise<number> {
  const probe = createServer()
  const isFree = await occupy(probe, port)
  if (!isFree) return firstFree(port + 1)
  await new Promise((resolve) => probe.close(resolve))
  return port
}

describe('ports', () => {
  it('names the port it was asked for and could not have', async () => {
    const second = serveLaboratory(fakeLaboratory(), { port: host.port, rendererFolder })
    await expect(second).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: `port ${host.port} is in use by another program`,
    })
  })

  it('takes the first free one of those from the default on, the same at every start', async () => {
    // Another program may take or leave one of them just now: it is tried again.
    const isFirstFree = async () => {
      const occupants = [createServer(), createServer()]
      for (const [i, occupant] of occupants.entries()) await occupy(occupant, defaultPort + i)
      const expected = await firstFree()
      const second = await serveLaboratory(fakeLaboratory(), { rendererFolder })
      await second.close()
      occupants.forEach((occupant) => occupant.close())
      return second.port === expected
    }
    await expect.poll(isFirstFree).toBe(true)
  })

  it('says what is missing where the renderer is not built', async () => {
    const missing = serveLaboratory(fakeLaboratory(), { port: 0, rendererFolder: join(rendererFolder, 'none') })
    await expect(missing).rejects.toThrow('npm run build')
  })
})

interface FakeLaboratory extends Pick<Laboratory, 'handlers' | 'subscribe'> {
  answers: Record<string, () => unknown>
  sendEvent<Name extends HostEventName>(name: Name, data: HostEvents[Name]): void
}

function fakeLaboratory(): FakeLaboratory {
  const answers: FakeLaboratory['answers'] = {}
  const listeners = new Set<Parameters<Laboratory['subscribe']>[0]>()
  return {
    answers,
    handlers: Object.fromEntries(
      Object.keys(requests).map((name) => [name, () => answers[name]!()]),
    ) as unknown as SharedHandlers,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    sendEvent: (name, data) => listeners.forEach((listener) => listener(name, data)),
  }
}

function cookies(): { cookie: string } {
  return { cookie: host.cookie }
}

function wrongCookie(): string {
  return host.cookie.replace(/=.*/, '=wrong')
}

/** A request as it is written, without the cleaning that `fetch` does. */
function get(path: string, headers: Record<string, string> = {}) {
  const { promise, resolve, reject } = Promise.withResolvers<{
    status: number
    headers: IncomingHttpHeaders
    body: string
  }>()
  httpRequest({ port: host.port, path, headers }, (response) => {
    let body = ''
    response.on('data', (chunk) => (body += String(chunk)))
    response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }))
  })
    .on('error', reject)
    .end()
  return promise
}

function upgrade(headers: Record<string, string>, path = '/socket'): Promise<number> {
  const socket = new WebSocket(`ws://127.0.0.1:${host.port}${path}`, { headers })
  return new Promise((resolve) => {
    socket.on('open', () => {
      socket.terminate()
      resolve(101)
    })
    socket.on('unexpected-response', (_, response) => {
      response.destroy()
      resolve(response.statusCode!)
    })
    socket.on('error', () => undefined)
  })
}

/** A client that has greeted and was welcomed. */
async function connect(resumeFrom: { host: string; sequence: number } | null = null, watch: string[] = []) {
  const headers = { ...cookies(), origin: `http://127.0.0.1:${host.port}` }
  const socket = new WebSocket(`ws://127.0.0.1:${host.port}/socket`, { headers })
  open.push(socket)
  const waiting: ((message: ServerMessage) => void)[] = []
  const arrived: ServerMessage[] = []
  socket.on('message', (bytes: Buffer) => {
    const message = decodeServerMessage(bytes) as ServerMessage
    const next = waiting.shift()
    if (next) next(message)
    else arrived.push(message)
  })
  socket.on('error', () => undefined)
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  const send = (message: unknown) => socket.send(encodeClientMessage(message as never))
  const take = (count: number) =>
    Promise.all(
      Array.from({ length: count }, () => {
        const message = arrived.shift()
        return message ?? new Promise<ServerMessage>((resolve) => waiting.push(resolve))
      }),
    )
  await new Promise((resolve) => socket.on('open', resolve))
  send({ resumeFrom, watch })
  const [welcome] = (await take(1)) as [Welcome]
  return { socket, welcome, closed, send, take }
}

const open: WebSocket[] = []
afterAll(() => open.forEach((socket) => socket.terminate()))

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
}
