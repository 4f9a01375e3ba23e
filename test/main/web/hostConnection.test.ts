import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { hostname } from 'node:os'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { WebSocketServer } from 'ws'
import { connectToHost } from '../../../src/main/web/hostConnection.ts'
import { serveLaboratory, type WebHost } from '../../../src/main/web/webHost.ts'
import { LabError } from '../../../src/shared/errors.ts'
import { maxValues } from '../../../src/shared/findUnacceptable.ts'
import { encodeServerMessage, maxMessageBytes, refusingCodes } from '../../../src/shared/wire.ts'

vi.mock('node:os', async (original) => {
  const system = await original<typeof import('node:os')>()
  return { ...system, hostname: vi.fn(system.hostname) }
})

const ends: (() => unknown)[] = []
afterEach(async () => void (await Promise.all(ends.splice(0).map((end) => end()))))

async function served(port: number): Promise<WebHost> {
  const host = await serveLaboratory({ handlers: {} as never, subscribe: () => () => {} }, { port })
  ends.push(host.close)
  return host
}

async function enter(host: WebHost): Promise<void> {
  const connection = await connectToHost(host)
  connection.close()
}

describe('a program comes in', () => {
  it('by what the host asks for, also where the machine is called otherwise since', async () => {
    vi.mocked(hostname).mockReturnValue('laptop.home')
    const host = await served(0)
    vi.mocked(hostname).mockReturnValue('laptop.office')
    await expect(enter(host)).resolves.toBeUndefined()
    await expect(enter({ ...host, cookie: host.cookie.replace(/=.*/, '=wrong') })).rejects.toThrow('401')
  })

  it('on the port that an address need not name', async ({ skip }) => {
    const host = await served(80).catch((error: unknown) => {
      if (error instanceof LabError) return skip('this user may not open port 80, or it is in use')
      throw error
    })
    await expect(enter(host)).resolves.toBeUndefined()
  })
})

describe('a request that a host would not take', () => {
  async function connected() {
    const handlers = { 'run.list': () => ({ runs: [], total: 0 }) } as never
    const host = await serveLaboratory({ handlers, subscribe: () => () => {} }, { port: 0 })
    const connection = await connectToHost(host)
    ends.push(connection.close, host.close)
    return connection
  }

  it('is refused before it is sent, by what is too much of it, and the connection stays', async () => {
    const { request } = await connected()
    const specs = [{ train: Array.from({ length: maxValues }, () => 0) }]
    await expect(request('experiment.submitAll', { specs, folder: '/' })).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      message: expect.stringMatching(/^experiment\.submitAll: specs\.0\.train holds too much/) as string,
    })
    const long = [{ name: 'x'.repeat(maxMessageBytes) }]
    await expect(request('experiment.submitAll', { specs: long, folder: '/' })).rejects.toMatchObject({
      code: 'TOO_LARGE',
    })
    await expect(request('run.list', {})).resolves.toEqual({ runs: [], total: 0 })
  })

  it.each(refusingCodes)('is told so where it was sent all the same: nobody has ended (%i)', async (code) => {
    const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    ends.push(() => sockets.close())
    await once(sockets, 'listening')
    sockets.on('connection', (socket) => {
      socket.once('message', () => {
        socket.send(encodeServerMessage({ host: 'h', sequence: 0, complete: true }))
        socket.once('message', () => socket.close(code))
      })
    })
    const address = `http://127.0.0.1:${(sockets.address() as AddressInfo).port}/`
    const connection = await connectToHost({ address, cookie: 'a=b' })
    await expect(connection.request('run.list', {})).rejects.toThrow('did not take a message; runs that it has go on')
    await expect(connection.gone).rejects.toThrow('did not take a message')
  })
})

describe('a host that does not answer', () => {
  async function addressOf(server: Server): Promise<string> {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    ends.push(() => server.close())
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  }
  const silent = {
    code: 'ARCHIVE_LOCKED',
    message: expect.stringMatching(/^it has not answered for .*: it is stopped.* or busy$/) as string,
  }

  it('is let go, as one that is stopped: the system takes the connection', async () => {
    const server = createServer()
    const left = once(server, 'connection').then(([socket]) =>
      once((socket as NodeJS.ReadableStream).resume(), 'close'),
    )
    const address = await addressOf(server)
    await expect(connectToHost({ address, cookie: 'a=b' }, { patienceMilliseconds: 100 })).rejects.toMatchObject(silent)
    await expect(left).resolves.toBeDefined()
  })

  it('is let go, as one that was stopped or is busy since it let the program in', async () => {
    const sockets = new WebSocketServer({ noServer: true })
    const server = createHttpServer().on('upgrade', (request, connection, head) =>
      sockets.handleUpgrade(request, connection, head, () => {}),
    )
    const address = await addressOf(server)
    const door = { address, cookie: 'a=b' }
    await expect(connectToHost(door, { patienceMilliseconds: 100 })).rejects.toMatchObject(silent)
    await expect.poll(() => sockets.clients.size).toBe(0)
  })
})
