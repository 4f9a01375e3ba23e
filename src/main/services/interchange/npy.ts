import { LabError } from '../../../shared/errors.ts'

/** An array as NumPy stores it, in C order. */
export interface NumpyArray {
  shape: number[]
  data: Float64Array | Float32Array | Int32Array
}

const magic = '\x93NUMPY'

/** The bytes of a `.npy` file, version 1.0 (little endian, C order). NumPy, *numpy.lib.format*. */
export function encodeNpy({ shape, data }: NumpyArray): Uint8Array {
  const descr = data instanceof Float64Array ? '<f8' : data instanceof Float32Array ? '<f4' : '<i4'
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`
  const padding = 63 - ((10 + dictionary.length) % 64)
  const header = `${dictionary}${' '.repeat(padding)}\n`
  const bytes = new Uint8Array(10 + header.length + data.byteLength)
  bytes.set(latin1(`${magic}\x01\x00`))
  new DataView(bytes.buffer).setUint16(8, header.length, true)
  bytes.set(latin1(header), 10)
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 10 + header.length)
  return bytes
}

/** Reads a `.npy` file of real or whole numbers; `name` is what errors call it. Throws INVALID_FILE. */
export function decodeNpy(bytes: Uint8Array, name: string): NumpyArray {
  const { descr, fortranOrder, shape, offset } = readHeader(bytes, name)
  const element = Object.hasOwn(elements, descr) ? elements[descr] : undefined
  if (!element) {
    throw invalid(name, `has dtype ${JSON.stringify(descr)}; allowed: ${Object.keys(elements).join(', ')}`)
  }
  const count = shape.reduce((product, length) => product * length, 1)
  const present = bytes.length - offset
  if (present !== count * element.size) {
    throw invalid(name, `holds ${present} bytes of data; its shape (${shape.join(', ')}) needs ${count * element.size}`)
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, present)
  const data = element.allocate(count)
  const strides = fortranOrder ? fortranStrides(shape) : undefined
  for (let i = 0; i < count; i++) {
    const value = element.read(view, (strides ? fortranIndex(i, shape, strides) : i) * element.size)
    if (data instanceof Int32Array && value !== (value | 0)) {
      throw invalid(name, `holds the whole number ${value}; allowed: −2147483648 to 2147483647`)
    }
    data[i] = value
  }
  return { shape, data }
}

interface Element {
  size: number
  allocate(count: number): NumpyArray['data']
  read(view: DataView, at: number): number
}

const float64 = (count: number) => new Float64Array(count)
const int32 = (count: number) => new Int32Array(count)

/** float32 is widened; whole numbers of any width become int32. */
const elements: Record<string, Element> = {
  '<f8': { size: 8, allocate: float64, read: (view, at) => view.getFloat64(at, true) },
  '>f8': { size: 8, allocate: float64, read: (view, at) => view.getFloat64(at, false) },
  '<f4': { size: 4, allocate: float64, read: (view, at) => view.getFloat32(at, true) },
  '>f4': { size: 4, allocate: float64, read: (view, at) => view.getFloat32(at, false) },
  '<i8': { size: 8, allocate: int32, read: (view, at) => Number(view.getBigInt64(at, true)) },
  '<u8': { size: 8, allocate: int32, read: (view, at) => Number(view.getBigUint64(at, true)) },
  '<i4': { size: 4, allocate: int32, read: (view, at) => view.getInt32(at, true) },
  '<u4': { size: 4, allocate: int32, read: (view, at) => view.getUint32(at, true) },
  '<i2': { size: 2, allocate: int32, read: (view, at) => view.getInt16(at, true) },
  '<u2': { size: 2, allocate: int32, read: (view, at) => view.getUint16(at, true) },
  '|i1': { size: 1, allocate: int32, read: (view, at) => view.getInt8(at) },
  '|u1': { size: 1, allocate: int32, read: (view, at) => view.getUint8(at) },
}

function readHeader(bytes: Uint8Array, name: string) {
  if (text(bytes, 0, 6) !== magic) throw invalid(name, 'does not begin as a .npy file')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const version = bytes[6] ?? 0
  const prefix = version === 1 ? 10 : 12
  if (version < 1 || version > 3 || bytes.length < prefix)
    throw invalid(name, `has .npy version ${version}; allowed: 1 to 3`)
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  if (prefix + length > bytes.length) throw invalid(name, 'is truncated inside its header')
  const header = text(bytes, prefix, prefix + length)
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1]
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1]
  const tuple = /'shape':\s*\(([\d\s,]*)\)/.exec(header)?.[1]
  if (descr === undefined || order === undefined || tuple === undefined) {
    throw invalid(name, `has a header that is not understood: ${JSON.stringify(header.trim().slice(0, 200))}`)
  }
  const shape = tuple
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number)
  return { descr, fortranOrder: order === 'True', shape, offset: prefix + length }
}

function fortranStrides(shape: readonly number[]): number[] {
  let stride = 1
  return shape.map((length) => {
    const own = stride
    stride *= length
    return own
  })
}

/** Where element `i` of C order lies in Fortran order. */
function fortranIndex(i: number, shape: readonly number[], strides: readonly number[]): number {
  let rest = i
  let at = 0
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    at += (rest % shape[axis]!) * strides[axis]!
    rest = Math.floor(rest / shape[axis]!)
  }
  return at
}

function latin1(value: string): Uint8Array {
  return Uint8Array.from(value, (character) => character.charCodeAt(0))
}

function text(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.max(0, Math.min(to, bytes.length) - from)).toString(
    'latin1',
  )
}

function invalid(name: string, problem: string): LabError {
  return new LabError('INVALID_FILE', `${name} ${problem}`)
}
