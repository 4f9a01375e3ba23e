import { decode, encode, ExtensionCodec } from '@msgpack/msgpack'
import type { HostEventName, HostEvents, RequestName, Responses } from './contract.ts'
import type { Result } from './errors.ts'

/**
 * What a browser sends over its socket; the cookie that the printed address sets opens it. The first message of every
 * connection is a greeting: `resumeFrom` is the last event received, null on a first visit.
 */
export type ClientMessage = { resumeFrom: LastEvent | null } | { id: number; name: RequestName; input: unknown }

/** Events are numbered from 1 by each start of a host, which `host` names. */
export interface LastEvent {
  host: string
  sequence: number
}

/** What the browser host sends: where its events stand, answers to requests by their id, and numbered events. */
export type ServerMessage =
  | Welcome
  | { id: number; result: Result<Responses[RequestName]> }
  | { [Name in HostEventName]: { sequence: number; event: Name; data: HostEvents[Name] } }[HostEventName]

/**
 * The answer to a greeting: events numbered above `sequence` follow. `complete` is false where events before them are
 * lost to this client, which must then read anew; a client too slow for the events gets this again, at any time.
 */
export interface Welcome extends LastEvent {
  complete: boolean
}

/** The path of the socket on the browser host. */
export const socketPath = '/socket'

export function encodeMessage(message: ClientMessage | ServerMessage): Uint8Array<ArrayBuffer> {
  return encode(message, { extensionCodec, ignoreUndefined: true })
}

/** Numbers keep their bits and typed arrays their type; the sender's word for the shape is not taken on trust. */
export function decodeMessage(bytes: ArrayBuffer | Uint8Array): unknown {
  return decode(bytes, { extensionCodec })
}

const typedArrays = [Uint8Array, Int32Array, Float32Array, Float64Array] as const
const extensionCodec = new ExtensionCodec()

typedArrays.forEach((TypedArray, type) =>
  extensionCodec.register({
    type,
    encode: (value) =>
      value instanceof TypedArray ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : null,
    // The bytes lie anywhere in the message; a copy starts at a boundary that the type allows (`slice` of Node's Buffer
    // would not copy).
    decode: (bytes) => new TypedArray(new Uint8Array(bytes).buffer),
  }),
)
