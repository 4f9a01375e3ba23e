import type { PythonValue } from './pythonLiteral.ts'

/** A type of numbers that is read. */
export interface NumberType {
  /** As messages call it: float64, int32, bool. */
  name: string
  kind: 'real' | 'whole' | 'truth'
  /** Bytes of each. */
  size: number
  /** A whole number that no double holds exactly comes as a bigint. */
  read(view: DataView, at: number): number | bigint
}

/** What is not read, with the reason. */
export interface OtherType {
  name: string
  refusal: string
}

/** The type that the `descr` of a header means, in any spelling that `numpy.dtype` takes. */
export function numpyType(descr: PythonValue): NumberType | OtherType {
  if (typeof descr !== 'string') return refused('record', 'holds records of several fields')
  const [, order, spelled] = /^([<>|=]?)(.*)$/s.exec(descr)!
  const code = Object.hasOwn(codes, spelled!) ? codes[spelled!]! : spelled!
  const little = order !== '>'
  const number = Object.hasOwn(numbers, code) ? numbers[code] : undefined
  if (number) return { ...number, read: (view, at) => number.read(view, at, little) }
  const other = others.find(({ pattern }) => pattern.test(code))
  if (other) return refused(other.name, other.holds)
  return refused(JSON.stringify(descr.slice(0, 40)), `has dtype ${JSON.stringify(descr.slice(0, 40))}`)
}

function refused(name: string, holds: string): OtherType {
  return { name, refusal: `${holds}; allowed: float64, float32, float16, whole numbers of any width, bool` }
}

type Read = (view: DataView, at: number, little: boolean) => number | bigint

const numbers: Record<string, Omit<NumberType, 'read'> & { read: Read }> = {
  f8: { name: 'float64', kind: 'real', size: 8, read: (view, at, little) => view.getFloat64(at, little) },
  f4: { name: 'float32', kind: 'real', size: 4, read: (view, at, little) => view.getFloat32(at, little) },
  f2: { name: 'float16', kind: 'real', size: 2, read: (view, at, little) => half(view.getUint16(at, little)) },
  i8: { name: 'int64', kind: 'whole', size: 8, read: (view, at, little) => exact(view.getBigInt64(at, little)) },
  u8: { name: 'uint64', kind: 'whole', size: 8, read: (view, at, little) => exact(view.getBigUint64(at, little)) },
  i4: { name: 'int32', kind: 'whole', size: 4, read: (view, at, little) => view.getInt32(at, little) },
  u4: { name: 'uint32', kind: 'whole', size: 4, read: (view, at, little) => view.getUint32(at, little) },
  i2: { name: 'int16', kind: 'whole', size: 2, read: (view, at, little) => view.getInt16(at, little) },
  u2: { name: 'uint16', kind: 'whole', size: 2, read: (view, at, little) => view.getUint16(at, little) },
  i1: { name: 'int8', kind: 'whole', size: 1, read: (view, at) => view.getInt8(at) },
  u1: { name: 'uint8', kind: 'whole', size: 1, read: (view, at) => view.getUint8(at) },
  b1: { name: 'bool', kind: 'truth', size: 1, read: (view, at) => (view.getUint8(at) === 0 ? 0 : 1) },
}

/** NumPy's other spellings: names, and single letters as C has them on systems of 64 bits. */
const codes: Record<string, string> = {
  ...Object.fromEntries(Object.entries(numbers).map(([code, { name }]) => [name, code])),
  ...{ float: 'f8', double: 'f8', single: 'f4', half: 'f2', int: 'i8', longlong: 'i8', intc: 'i4', short: 'i2' },
  ...{ byte: 'i1', ubyte: 'u1', ushort: 'u2', uintc: 'u4', ulonglong: 'u8', bool_: 'b1' },
  ...{ d: 'f8', f: 'f4', e: 'f2', l: 'i8', q: 'i8', i: 'i4', h: 'i2', b: 'i1' },
  ...{ L: 'u8', Q: 'u8', I: 'u4', H: 'u2', B: 'u1', '?': 'b1' },
}

const others: readonly { pattern: RegExp; name: string; holds: string }[] = [
  { pattern: /^(c\d*|[FDG]|complex\w*|c(single|double|longdouble))$/, name: 'complex', holds: 'holds complex numbers' },
  { pattern: /^(O\d*|object_?)$/, name: 'object', holds: 'holds Python objects (pickled), which are not read' },
  { pattern: /^([USa]\d*|str\w*|bytes\w*)$/, name: 'text', holds: 'holds text' },
  { pattern: /^(V\d*|void)$/, name: 'raw', holds: 'holds raw bytes (bfloat16 and its like are saved so)' },
  { pattern: /^([Mm]8?(\[.*\])?|datetime64.*|timedelta64.*)$/, name: 'date', holds: 'holds dates or times' },
  { pattern: /^(f(12|16)|g|longdouble|float(96|128))$/, name: 'long double', holds: 'holds long doubles' },
]

function exact(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/** IEEE 754 binary16. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
