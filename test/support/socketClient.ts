import { WebSocket } from 'ws'
import type { RequestInput, RequestName, Responses } from '../../src/shared/contract.ts'
import type { Result } from '../../src/shared/errors.ts'
import { decodeServerMessage, encodeClientMessage, socketPath, type ServerMessage } from '../../src/shared/wire.ts'

export interface SocketClient {
  request<Name extends RequestName>(name: Name, input: RequestInput<Name>): Promise<Result<Responses[Name]>>
  close(): void
}

/** What a browser has once it has opened the address that a host printed. */
export async function cookieAt(address: string): Promise<string> {
  const opened = await fetch(address, { redirect: 'manual' })
  return opened.headers.getSetCookie()[0]!.split(';')[0]!
}

/** Asks a host as a browser does, over the socket behind the address that it printed. */
export async function connectTo(address: string): Promise<SocketClient> {
  const { origin, host } = new URL(address)
  const cookie = await cookieAt(address)
  const socket = new WebSocket(`ws://${host}${socketPath}`, { origin, headers: { cookie } })
  const waiting = new Map<number, (result: Result<never>) => void>()
  let lastId = 0
  socket.on('message', (bytes: Buffer) => {
    const message = decodeServerMessage(bytes) as ServerMessage
    if ('id' in message) waiting.get(message.id)?.(message.result as Result<never>)
  })
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  return {
    request(name, input) {
      const id = ++lastId
      return new Promise((resolve) => {
        waiting.set(id, resolve)
        socket.send(encodeClientMessage({ id, name, input }))
      })
    },
    close: () => socket.terminate(),
  }
}
