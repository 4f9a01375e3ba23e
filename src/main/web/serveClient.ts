import { inspect } from 'node:util'
import type { WebSocket } from 'ws'
import { z } from 'zod'
import { maxWatched } from '../../shared/contract/inputs.ts'
import type { RequestName, Responses, SharedHandlers } from '../../shared/contract.ts'
import { toErrorRecord, type Result } from '../../shared/errors.ts'
import { decodeClientMessage, encodeServerMessage } from '../../shared/wire.ts'
import { createClientWatch } from '../services/clientWatch.ts'
import { dispatch } from '../services/dispatch.ts'
import { logToStandardError } from '../services/logToStandardError.ts'
import type { EventLog, LoggedEvent } from './eventLog.ts'

export interface Client {
  /** Passes on what it watches of an event; a client too far behind is told to read anew once it has caught up. */
  sendEvent(event: LoggedEvent): void
}

/** Bytes of events under way to one client before it counts as too slow. */
const eventLimit = 8 * 2 ** 20
/** Bytes of answers under way to one client before its next requests wait. */
const answerLimit = 64 * 2 ** 20

const Greeting = z.strictObject({
  resumeFrom: z.strictObject({ host: z.string().max(100), sequence: z.int().min(0) }).nullable(),
  watch: z.array(z.string().max(40)).max(maxWatched).default([]),
  rows: z.int().min(1).optional(),
})
const ClientMessage = z.union([
  Greeting,
  z.strictObject({ id: z.int().min(0), name: z.string().max(100), input: z.unknown() }),
])

/** Speaks the protocol of `wire.ts` with one browser over its socket. */
export function serveClient(socket: WebSocket, handlers: SharedHandlers, log: EventLog): Client {
  const watch = createClientWatch(handlers)
  let greeted = false
  let eventBytes = 0
  let behind = false

  socket.binaryType = 'nodebuffer'
  socket.on('message', (bytes: Buffer, isBinary) => {
    const message = isBinary ? readMessage(bytes) : undefined
    if (!message) socket.close(1008, 'a message of this protocol was expected')
    else if ('id' in message) answer(message.id, message.name, message.input).catch(drop)
    else greet(message)
  })
  // `ws` closes the socket after an error (a message too long, a broken frame); there is nothing else to do.
  socket.on('error', () => undefined)

  /** A client that cannot be answered is let go; it comes back and asks again. */
  function drop(error: unknown): void {
    logToStandardError(inspect(error))
    socket.terminate()
  }

  function greet({ resumeFrom, watch: runIds, rows }: z.output<typeof Greeting>): void {
    watch.set(runIds, rows)
    const missed = resumeFrom ? log.since(resumeFrom) : []
    if (!missed) return welcome(false)
    welcome(true, resumeFrom?.sequence)
    for (const event of missed) {
      const part = event.part(watch.select)
      if (part) sendEvent(part)
    }
  }

  function welcome(complete: boolean, sequence = log.sequence): void {
    greeted = true
    socket.send(encodeServerMessage({ host: log.host, sequence, complete }))
  }

  async function answer(id: number, name: string, input: unknown): Promise<void> {
    const result = await dispatch(watch.handlers, name, input)
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
    sendEvent(event) {
      const part = greeted ? event.part(watch.select) : null
      if (!part) return
      behind ||= eventBytes + part.byteLength > eventLimit
      if (!behind) sendEvent(part)
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
