import { createServer, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { inspect } from 'node:util'
import { WebSocketServer } from 'ws'
import { tryStep } from '../../shared/tryStep.ts'
import { LabError } from '../../shared/errors.ts'
import { maxMessageBytes, socketPath } from '../../shared/wire.ts'
import type { HostDoor } from '../services/hostRecord.ts'
import type { Laboratory } from '../services/laboratory.ts'
import { logToStandardError } from '../services/logToStandardError.ts'
import { readRendererFiles, type RendererFiles } from '../services/rendererFiles.ts'
import { createEventLog } from './eventLog.ts'
import { createGate } from './gate.ts'
import { serveClient, type Client } from './serveClient.ts'
import { servePage } from './servePage.ts'

export interface WebHost extends Readonly<HostDoor> {
  readonly port: number
  close(): Promise<void>
}

export const defaultPort = 4747
/** Ports from the default one on that are tried in order, so that the page mostly has the address at which the browser keeps its figures. */
const triedPorts = 10
const eventLogLimit = 8 * 2 ** 20
/** How long a browser has to say goodbye when the host closes. */
const farewellMilliseconds = 1_000

/**
 * Serves a laboratory to browsers and other programs of this machine, to these alone where there is no renderer. Without a port it takes the default one, or where that is
 * in use the next free one; a port asked for that cannot be had is an error.
 */
export async function serveLaboratory(
  laboratory: Pick<Laboratory, 'handlers' | 'subscribe'>,
  { port: askedPort, rendererFolder }: { port?: number | undefined; rendererFolder?: string },
): Promise<WebHost> {
  const files: RendererFiles = rendererFolder === undefined ? new Map() : await readRendererFiles(rendererFolder)
  const server = createServer()
  const port = await listen(server, askedPort)
  const gate = createGate(port)
  const log = createEventLog(eventLogLimit)
  const clients = new Set<Client>()
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes, perMessageDeflate: false })

  server.on('error', report)
  server.on('request', (request, response) => {
    tryStep(
      () => servePage(gate, files, request, response),
      (error) => {
        report(error)
        response.destroy()
      },
    )
  })
  server.on('upgrade', (request, connection, head) => {
    const path = request.url?.split('?', 1)[0]
    if (path !== socketPath) return refuse(connection, '404 Not Found')
    if (!gate.knowsHost(request)) return refuse(connection, '421 Misdirected Request')
    if (!gate.knowsOrigin(request)) return refuse(connection, '403 Forbidden')
    if (!gate.hasCookie(request)) return refuse(connection, '401 Unauthorized')
    connection.on('error', () => connection.destroy())
    sockets.handleUpgrade(request, connection, head, (socket) => {
      const client = serveClient(socket, laboratory.handlers, log)
      clients.add(client)
      socket.on('close', () => clients.delete(client))
    })
  })
  const unsubscribe = laboratory.subscribe((name, data) => {
    const event = log.add(name, data)
    clients.forEach((client) => client.sendEvent(event))
  })

  return {
    address: gate.address,
    cookie: gate.cookie,
    port,
    async close() {
      unsubscribe()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      for (const socket of sockets.clients) socket.close(1001, 'the laboratory closes')
      const impatience = setTimeout(() => sockets.clients.forEach((socket) => socket.terminate()), farewellMilliseconds)
      await closed
      clearTimeout(impatience)
    },
  }
}

/** Listens on this machine alone, and answers with the port it got; where none that is tried can be had, any free one. */
async function listen(server: Server, askedPort: number | undefined): Promise<number> {
  if (askedPort !== undefined) return listenOn(server, askedPort)
  for (let port = defaultPort; port < defaultPort + triedPorts; port++) {
    try {
      return await listenOn(server, port)
    } catch (error) {
      // In use, or reserved, as systems do with ranges of ports.
      if (!(error instanceof LabError)) throw error
    }
  }
  return listenOn(server, 0)
}

const failures: Record<string, string> = {
  EACCES: 'this user may not open it; ports from 1024 on need no rights',
  ERR_SOCKET_BAD_PORT: 'there is no such port; allowed: 1 to 65535',
}

async function listenOn(server: Server, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  server.once('error', reject)
  try {
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
    return await promise
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') throw new LabError('PORT_IN_USE', `port ${port} is in use by another program`)
    const reason = failures[code ?? ''] ?? (error as Error).message
    throw new LabError('USAGE', `port ${port} cannot be used: ${reason}`)
  }
}

function report(error: unknown): void {
  logToStandardError(inspect(error))
}

function refuse(connection: Duplex, status: string): void {
  connection.on('error', () => connection.destroy())
  connection.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => connection.destroy())
}
