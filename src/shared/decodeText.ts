import { LabError } from './errors.ts'
import { placeIn } from './placeIn.ts'

/** Node and browsers have it alike, though their types live apart. */
declare const TextDecoder: new (
  label: 'utf-8',
  options: { fatal: true },
) => { decode(bytes: Uint8Array, options?: { stream: boolean }): string }

/** Bytes of a file of specifications, as many as a message to the browser host may have. */
export const longestText = 16 * 2 ** 20

/** The text of a file, which is UTF-8, without a byte-order mark; `name` is what errors call it. Throws INVALID_FILE. */
export function decodeText(bytes: Uint8Array, name: string): string {
  if (bytes.length > longestText) {
    throw new LabError('INVALID_FILE', `${name} is longer than ${longestText} bytes; a specification has some hundreds`)
  }
  const other = otherEncoding(bytes)
  if (other) throw new LabError('INVALID_FILE', `${name} is ${other}; save it as UTF-8`)
  try {
    return decode(bytes)
  } catch {
    throw new LabError('INVALID_FILE', `${name} is not UTF-8 at ${placeOf(bytes)}; save it as UTF-8`)
  }
}

/** By its byte-order mark, or by the NUL that one of the first two letters has in it. */
function otherEncoding(bytes: Uint8Array): string | null {
  const [a, b, c, d] = bytes
  const begins = (...mark: number[]) => mark.every((byte, i) => bytes[i] === byte)
  if (begins(0xff, 0xfe, 0, 0) || begins(0, 0, 0xfe, 0xff)) return 'UTF-32'
  if (begins(0xff, 0xfe) || begins(0xfe, 0xff)) return 'UTF-16'
  if (a !== 0 && b !== 0) return null
  return (a === 0 && b === 0) || (b === 0 && c === 0 && d === 0) ? 'UTF-32' : 'UTF-16'
}

function decode(bytes: Uint8Array, options?: { stream: boolean }): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes, options)
}

/** How many bytes come before the first that cannot stand where it stands. */
function validLength(bytes: Uint8Array): number {
  let [low, high] = [0, bytes.length]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (isBeginning(bytes.subarray(0, middle))) low = middle
    else high = middle
  }
  return low
}

function isBeginning(bytes: Uint8Array): boolean {
  try {
    decode(bytes, { stream: true })
    return true
  } catch {
    return false
  }
}

function placeOf(bytes: Uint8Array): string {
  const before = decode(bytes.subarray(0, validLength(bytes)), { stream: true })
  return placeIn(before, before.length)
}
