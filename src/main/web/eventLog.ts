import { randomUUID } from 'node:crypto'
import type { HostEventName, HostEvents } from '../../shared/contract.ts'
import { decodeServerMessage, encodeServerMessage, type LastEvent, type ServerMessage } from '../../shared/wire.ts'

/** An event as it goes over sockets. */
export interface LoggedEvent {
  readonly bytes: Uint8Array
  /** The part of it that is told by `select`; null where that is nothing. */
  part(select: SelectEvent): Uint8Array | null
}

/** What of an event somebody is told: `data` itself for all of it, undefined for nothing. */
export type SelectEvent = <Name extends HostEventName>(
  name: Name,
  data: HostEvents[Name],
) => HostEvents[Name] | undefined

/** The latest events of a host as they go over sockets, so that a client that was away gets what it missed. */
export interface EventLog {
  /** Names this start of the host: numbers of another mean nothing here. */
  readonly host: string
  /** The number of the newest event; 0 before the first. */
  readonly sequence: number
  add<Name extends HostEventName>(event: Name, data: HostEvents[Name]): LoggedEvent
  /** The events after `last`, oldest first; null where some are no longer at hand, or `last` is of another host. */
  since(last: LastEvent): LoggedEvent[] | null
}

/** Keeps at most `limit` bytes of events. */
export function createEventLog(limit: number): EventLog {
  const host = randomUUID()
  const kept: Uint8Array[] = []
  let bytes = 0
  let sequence = 0

  return {
    host,
    get sequence() {
      return sequence
    },
    add(event, data) {
      const message = { sequence: ++sequence, event, data } as EventMessage
      const encoded = encodeServerMessage(message)
      kept.push(encoded)
      bytes += encoded.byteLength
      while (bytes > limit) bytes -= kept.shift()!.byteLength
      return loggedEvent(encoded, () => message)
    },
    since(last) {
      const missed = sequence - last.sequence
      if (last.host !== host || missed < 0 || missed > kept.length) return null
      if (missed === 0) return []
      return kept.slice(-missed).map((each) => loggedEvent(each, () => decodeServerMessage(each) as EventMessage))
    },
  }
}

type EventMessage = Extract<ServerMessage, { event: HostEventName }>

function loggedEvent(bytes: Uint8Array, message: () => EventMessage): LoggedEvent {
  return {
    bytes,
    part(select) {
      const { sequence, event, data } = message()
      const told = select(event, data)
      if (told === undefined) return null
      return told === data ? bytes : encodeServerMessage({ sequence, event, data: told } as EventMessage)
    },
  }
}
