import { decode, encode, ExtensionCodec } from '@msgpack/msgpack'
import { checkMessage } from './checkMessage.ts'
import type { HostEventName, HostEvents, RequestInput, RequestName, Responses } from './contract.ts'
import { LabError, type Result } from './errors.ts'
import { findUnacceptable, maxValues } from './findUnacceptable.ts'

/**
 * What a browser sends over its socket; the cookie that the printed address sets opens it. The first message of every
 * connection is a greeting: `resumeFrom` is the last event received, null on a first visit; `watch` are the runs whose
 * events it wants, and `rows` how many of what they measure, as in `run.watch`.
 */
export type ClientMessage =
  { resumeFrom: LastEvent | null; watch?: string[]; rows?: number } | { id: number; name: RequestName; input: unknown }

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

/** Bytes of the longest message that a client may send: the drawing of a thousand noisy curves in one panel takes 26 MiB. */
export const maxMessageBytes = 64 * 2 ** 20

/** What a host closes the socket with that does not take a message: it is none of this protocol, or too long (RFC 6455). */
export const refusingCodes: readonly number[] = [1008, 1009]

/** Throws INVALID_REQUEST where an input is nested deeper or holds more than any host takes, naming the place. */
export function requireAcceptable(name: RequestName, input: unknown): void {
  const unacceptable = findUnacceptable(input)
  if (!unacceptable) return
  const { path, message } = unacceptable
  throw new LabError('INVALID_REQUEST', `${name}: ${path.join('.') || 'input'} ${message}`)
}

/** A request as a client sends it. Throws TOO_LARGE where no host takes so long a message. */
export function encodeRequest<Name extends RequestName>(
  id: number,
  name: Name,
  input: RequestInput<Name>,
): Uint8Array<ArrayBuffer> {
  const message = encodeClientMessage({ id, name, input })
  const { byteLength } = message
  if (byteLength <= maxMessageBytes) return message
  const mebibytes = Math.ceil(byteLength / 2 ** 20)
  throw new LabError(
    'TOO_LARGE',
    `${name}: the request takes ${mebibytes} MiB; at most ${maxMessageBytes / 2 ** 20} MiB are sent at once`,
  )
}

/** Plain values alone: what a browser sends has no extension of the format. */
export function encodeClientMessage(message: ClientMessage): Uint8Array<ArrayBuffer> {
  return encode(message, { ignoreUndefined: true })
}

/** Anyone may send it. An input that `findUnacceptable` passes has half as many values at most: names of fields count here. */
export function decodeClientMessage(bytes: Uint8Array): unknown {
  checkMessage(bytes, { maxValues: 2 * maxValues, extensions: false })
  return decode(bytes)
}

export function encodeServerMessage(message: ServerMessage): Uint8Array<ArrayBuffer> {
  return encodeValue(message)
}

/** The sender's word for the shape is not taken on trust. */
export function decodeServerMessage(bytes: Uint8Array): unknown {
  return decodeValue(bytes)
}

/** Any value of records, lists and typed arrays; what is undefined is left out. */
export function encodeValue(value: unknown): Uint8Array<ArrayBuffer> {
  return encode(value, { extensionCodec, ignoreUndefined: true })
}

/** Numbers keep their bits and typed arrays their type. Throws a RangeError where the bytes are no value. */
export function decodeValue(bytes: Uint8Array): unknown {
  checkMessage(bytes)
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

/**
 * A list of records that all have the same fields, such as ten thousand summaries of runs: the names of the fields
 * once, then the values of each record. Half the time and a third of the bytes of the records one by one.
 */
extensionCodec.register({
  type: typedArrays.length,
  encode: (value) => {
    if (!Array.isArray(value) || value.length < minRecords) return null
    const fields = fieldsOfAll(value)
    return fields && encodeValue([fields, value.map((record: object) => Object.values(record))])
  },
  decode: (bytes) => {
    const [fields, rows] = recordList(decodeValue(bytes))
    return rows.map((values) => {
      const record: Record<string, unknown> = {}
      for (let place = 0; place < fields.length; place++) record[fields[place]!] = values[place]
      return record
    })
  },
})

const minRecords = 8

/** Refused before a record is built: rows of other lengths would make more of a message than was sent. */
function recordList(list: unknown): [fields: string[], rows: unknown[][]] {
  const [fields, rows] = Array.isArray(list) ? (list as unknown[]) : []
  const isWhole =
    Array.isArray(fields) &&
    fields.every((field) => typeof field === 'string') &&
    Array.isArray(rows) &&
    rows.every((row) => Array.isArray(row) && row.length === fields.length)
  if (!isWhole) throw new RangeError('a list of records has not a value for each field of each record')
  if (fields.includes('__proto__')) throw new RangeError('a record has a field "__proto__"')
  return [fields, rows as unknown[][]]
}

/** The names of the fields of every record, in their order; null where they differ, or where a value is missing. */
function fieldsOfAll(values: readonly unknown[]): string[] | null {
  let fields: string[] | null = null
  for (const value of values) {
    if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return null
    let place = 0
    fields ??= Object.keys(value)
    for (const name in value) {
      if (fields[place++] !== name || (value as Record<string, unknown>)[name] === undefined) return null
    }
    if (place !== fields.length) return null
  }
  return fields
}
