import { randomUUID } from 'node:crypto'
import type { HostEventName, HostEvents } from '../../shared/contract.ts'
import { encodeServerMessage, type LastEvent, type ServerMessage } from '../../shared/wire.ts'

/** The latest events of a host as they go over sockets, so that a client that was away gets what it missed. */
export interface EventLog {
  /** Names this start of the host: numbers of another mean nothing here. */
  readonly host: string
  /** The number of the newest event; 0 before the first. */
  readonly sequence: number
  add<Name extends HostEventName>(event: Name, data: HostEvents[Name]): Uint8Array
  /** The events after `last`, oldest first; null where some are no longer at hand, or `last` is of another host. */
  since(last: LastEvent): Uint8Array[] | null
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
      const message = encodeServerMessage({ sequence: ++sequence, event, data } as ServerMessage)
      kept.push(message)
      bytes += message.byteLength
      while (bytes > limit) bytes -= kept.shift()!.byteLength
      return message
    },
    since(last) {
      const missed = sequence - last.sequence
      if (last.host !== host || missed < 0 || missed > kept.length) return null
      return missed === 0 ? [] : kept.slice(-missed)
    },
  }
}
