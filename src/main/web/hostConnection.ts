import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { HostEventName, HostEvents, RequestInput, RequestName, Responses } from '../../shared/contract.ts'
import { LabError, type Result } from '../../shared/errors.ts'
import { formatDuration } from '../../shared/formatting/formatTime.ts'
import {
  decodeServerMessage,
  encodeClientMessage,
  encodeRequest,
  refusingCodes,
  requireAcceptable,
  socketPath,
  type ServerMessage,
} from '../../shared/wire.ts'
import type { HostDoor } from '../services/hostRecord.ts'

/** Another program of this machine, by the contract. */
export interface HostConnection {
  /** Throws the LabError that the host answers, INVALID_REQUEST and TOO_LARGE for what it would not take, and CANCELLED once it is gone. */
  request<Name extends RequestName>(name: Name, input: RequestInput<Name>): Promise<Responses[Name]>
  /** Every event, in order. The returned function ends it. */
  subscribe(listener: <Name extends HostEventName>(name: Name, data: HostEvents[Name]) => void): () => void
  /** Called where events were lost, as this program was too slow for them. */
  onEventsLost(listener: () => void): void
  /** Rejects once the host is gone, or has closed the connection. */
  readonly gone: Promise<never>
  close(): void
}

/** How long a host has until it has let a program in: one that computes never keeps others waiting for as long. */
const usualPatienceMilliseconds = 10_000

/**
 * Connects to the host behind a door. Throws what the system says where nobody is there, and ARCHIVE_LOCKED where somebody is who
 * does not answer.
 */
export async function connectToHost(
  { address, cookie }: HostDoor,
  { patienceMilliseconds = usualPatienceMilliseconds } = {},
): Promise<HostConnection> {
  const { host } = new URL(address)
  const socket = new WebSocket(`ws://${host}${socketPath}`, { headers: { cookie }, origin: `http://${host}` })
  socket.binaryType = 'nodebuffer'
  socket.on('error', () => socket.terminate())
  const silence = Promise.withResolvers<never>()
  const impatience = setTimeout(() => {
    const what = `it has not answered for ${formatDuration(patienceMilliseconds / 1000)}: it is stopped, as by Ctrl-Z, or busy`
    silence.reject(new LabError('ARCHIVE_LOCKED', what))
  }, patienceMilliseconds)
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

  /** Why it went first. */
  let whyGone: LabError | undefined

  function end(code?: number): void {
    whyGone ??= refusingCodes.includes(code ?? 0)
      ? new LabError(
          'TOO_LARGE',
          'the program that has the archive open did not take a message; runs that it has go on',
        )
      : new LabError('CANCELLED', 'the program that has the archive open has ended, and its runs with it')
    const error = whyGone
    waiting.forEach((settle) => settle({ ok: false, error }))
    waiting.clear()
    gone.reject(error)
  }

  socket.on('message', (bytes: Buffer) => receive(decodeServerMessage(bytes) as ServerMessage))
  socket.on('close', end)
  try {
    await Promise.race([once(socket, 'open'), silence.promise])
    socket.send(encodeClientMessage({ resumeFrom: null }))
    await Promise.race([welcome.promise, gone.promise, silence.promise])
  } catch (error) {
    socket.terminate()
    throw error
  } finally {
    clearTimeout(impatience)
  }

  return {
    async request<Name extends RequestName>(name: Name, input: RequestInput<Name>) {
      requireAcceptable(name, input)
      const id = ++lastId
      const message = encodeRequest(id, name, input)
      const answer = new Promise<Result<unknown>>((settle) => waiting.set(id, settle))
      if (socket.readyState === WebSocket.OPEN) socket.send(message)
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
