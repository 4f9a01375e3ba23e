import { decode, encode, ExtensionCodec } from '@msgpack/msgpack'
import type { HostEventName, HostEvents, RequestName, Responses } from './contract.ts'
import type { Result } from './errors.ts'

/**
 * What a browser sends over its socket. The first message of every connection is a greeting: a wrong token closes the
 * connection, and `resumeFrom` is the number of the last event received (null on a first visit).
 */
export type ClientMessage =
  { token: string; resumeFrom: number | null } | { id: number; name: RequestName; input: unknown; token: string }

/** What the browser host sends: the answer to a greeting, answers to requests by their id, and numbered events. */
export type ServerMessage =
  | Welcome
  | { id: number; result: Result<Responses[RequestName]> }
  | { [Name in HostEventName]: { sequence: number; event: Name; data: HostEvents[Name] } }[HostEventName]

/** `complete` is false where events after `resumeFrom` are no longer at hand, so that the client must read anew. */
export interface Welcome {
  sequence: number
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
    // The bytes lie anywhere in the message; a copy starts at a boundary that the type allows.
    decode: (bytes) => new TypedArray(bytes.slice().buffer),
  }),
)
