import { inspect } from 'node:util'
import type { WebSocket } from 'ws'
import { z } from 'zod'
import type { Handlers, RequestName, Responses } from '../../shared/contract.ts'
import { toErrorRecord, type Result } from '../../shared/errors.ts'
import { decodeClientMessage, encodeServerMessage, type LastEvent } from '../../shared/wire.ts'
import { dispatch } from '../services/dispatch.ts'
import { logToStandardError } from '../services/logToStandardError.ts'
import type { EventLog } from './eventLog.ts'

export interface Client {
  /** Passes an event of the log on, encoded; a client too far behind is told to read anew once it has caught up. */
  tell(event: Uint8Array): void
}

/** Bytes of events under way to one client before it counts as too slow. */
const eventLimit = 8 * 2 ** 20
/** Bytes of answers under way to one client before its next requests wait. */
const answerLimit = 64 * 2 ** 20

const ClientMessage = z.union([
  z.strictObject({
    resumeFrom: z.strictObject({ host: z.string().max(100), sequence: z.int().min(0) }).nullable(),
  }),
  z.strictObject({ id: z.int().min(0), name: z.string().max(100), input: z.unknown() }),
])

/** Speaks the protocol of `wire.ts` with one browser over its socket. */
export function serveClient(socket: WebSocket, handlers: Handlers, log: EventLog): Client {
  let greeted = false
  let eventBytes = 0
  let behind = false

  socket.binaryType = 'nodebuffer'
  socket.on('message', (bytes: Buffer, isBinary) => {
    const message = isBinary ? readMessage(bytes) : undefined
    if (!message) socket.close(1008, 'a message of this protocol was expected')
    else if ('id' in message) answer(message.id, message.name, message.input).catch(drop)
    else if (message.resumeFrom) resume(message.resumeFrom)
    else welcome(true)
  })
  // `ws` closes the socket after an error (a message too long, a broken frame); there is nothing else to do.
  socket.on('error', () => undefined)

  /** A client that cannot be answered is let go; it comes back and asks again. */
  function drop(error: unknown): void {
    logToStandardError(inspect(error))
    socket.terminate()
  }

  function resume(last: LastEvent): void {
    const missed = log.since(last)
    if (missed) {
      welcome(true, last.sequence)
      missed.forEach(sendEvent)
    } else welcome(false)
  }

  function welcome(complete: boolean, sequence = log.sequence): void {
    greeted = true
    socket.send(encodeServerMessage({ host: log.host, sequence, complete }))
  }

  async function answer(id: number, name: string, input: unknown): Promise<void> {
    const result = await dispatch(handlers, name, input)
    socket.send(encodeAnswer(id, result), () => {
      if (socket.bufferedAmount < answerLimit) socket.resume()
    })
    if (socket.bufferedAmount >= answerLimit) socket.pause()
  }

  function sendEvent(event: Uint8Array): void {
    eventBytes += event.byteLength
    socket.send(event, () => {
      eventBytes -= event.byteLength
      if (behind && eventBytes === 0) catchUp()
    })
  }

  function catchUp(): void {
    behind = false
    welcome(false)
  }

  return {
    tell(event) {
      if (!greeted) return
      behind ||= eventBytes + event.byteLength > eventLimit
      if (!behind) sendEvent(event)
      // One event alone may be too much: ten thousand runs that were moved at once.
      else if (eventBytes === 0) catchUp()
    },
  }
}

function readMessage(bytes: Buffer): z.output<typeof ClientMessage> | undefined {
  try {
    return ClientMessage.safeParse(decodeClientMessage(bytes)).data
  } catch {
    return undefined
  }
}

/** An answer that cannot be written down is a defect of its handler, and that is then the answer. */
function encodeAnswer(id: number, result: Result<unknown>): Uint8Array {
  try {
    return encodeServerMessage({ id, result: result as Result<Responses[RequestName]> })
  } catch (error) {
    logToStandardError(inspect(error))
    return encodeServerMessage({ id, result: { ok: false, error: toErrorRecord(error) } })
  }
}
