import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { HostEventName, HostEvents, RequestInput, RequestName, Responses } from '../../shared/contract.ts'
import { LabError, type Result } from '../../shared/errors.ts'
import { decodeServerMessage, encodeClientMessage, socketPath, type ServerMessage } from '../../shared/wire.ts'
import { cookieNameOf } from './gate.ts'

/** Another program of this machine, by the contract. */
export interface HostConnection {
  /** Throws the LabError that the host answers, and CANCELLED once it is gone. */
  request<Name extends RequestName>(name: Name, input: RequestInput<Name>): Promise<Responses[Name]>
  /** Every event, in order. The returned function ends it. */
  subscribe(listener: <Name extends HostEventName>(name: Name, data: HostEvents[Name]) => void): () => void
  /** Called where events were lost, as this program was too slow for them. */
  onEventsLost(listener: () => void): void
  /** Rejects once the host is gone. */
  readonly gone: Promise<never>
  close(): void
}

/** Connects to the host at an address that it printed or announced. Throws what the system says where nobody answers there. */
export async function connectToHost(address: string): Promise<HostConnection> {
  const { host, port, searchParams } = new URL(address)
  const headers = { cookie: `${cookieNameOf(Number(port))}=${searchParams.get('token') ?? ''}` }
  const socket = new WebSocket(`ws://${host}${socketPath}`, { headers, origin: `http://${host}` })
  socket.binaryType = 'nodebuffer'
  await once(socket, 'open')

  const waiting = new Map<number, (result: Result<unknown>) => void>()
  const listeners = new Set<(name: HostEventName, data: never) => void>()
  const gone = Promise.withResolvers<never>()
  gone.promise.catch(() => undefined)
  const welcome = Promise.withResolvers<void>()
  let whenEventsLost = () => {}
  let isGreeted = false
  let lastId = 0

  function receive(message: ServerMessage): void {
    if ('id' in message) {
      waiting.get(message.id)?.(message.result)
      waiting.delete(message.id)
    } else if ('event' in message) {
      listeners.forEach((listener) => listener(message.event, message.data as never))
    } else {
      if (isGreeted) whenEventsLost()
      isGreeted = true
      welcome.resolve()
    }
  }

  function end(): void {
    const error = new LabError('CANCELLED', 'the program that has the archive open has ended, and its runs with it')
    waiting.forEach((settle) => settle({ ok: false, error }))
    waiting.clear()
    gone.reject(error)
  }

  socket.on('message', (bytes: Buffer) => receive(decodeServerMessage(bytes) as ServerMessage))
  socket.on('error', () => socket.terminate())
  socket.on('close', end)
  socket.send(encodeClientMessage({ resumeFrom: null }))
  await Promise.race([welcome.promise, gone.promise])

  return {
    async request<Name extends RequestName>(name: Name, input: RequestInput<Name>) {
      const id = ++lastId
      const answer = new Promise<Result<unknown>>((settle) => waiting.set(id, settle))
      if (socket.readyState === WebSocket.OPEN) socket.send(encodeClientMessage({ id, name, input }))
      else end()
      const result = await answer
      if (!result.ok) throw LabError.fromRecord(result.error)
      return result.data as Responses[Name]
    },
    subscribe(listener) {
      listeners.add(listener as (name: HostEventName, data: never) => void)
      return () => listeners.delete(listener as (name: HostEventName, data: never) => void)
    },
    onEventsLost(listener) {
      whenEventsLost = listener
    },
    gone: gone.promise,
    close() {
      socket.off('close', end)
      socket.close()
    },
  }
}
