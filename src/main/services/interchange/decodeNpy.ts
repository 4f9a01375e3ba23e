import { LabError } from '../../../shared/errors.ts'
import { numpyType, type NumberType } from './numpyType.ts'
import type { NumpyArray } from './numpyArray.ts'
import { parsePythonLiteral, PythonTuple, type PythonValue } from './pythonLiteral.ts'

/** What a `.npy` file says of its array. */
export interface NpyHeader {
  /** The type as the file writes it. */
  descr: PythonValue
  fortranOrder: boolean
  shape: number[]
  /** Where the numbers begin. */
  offset: number
}

const magic = '\x93NUMPY'

/** Longest header that is read; NumPy itself takes no more than 10 000 characters unless told to. */
export const longestHeader = 65_536

/**
 * Reads a `.npy` file of real numbers, whole numbers or truth values; `name` is what errors call it. float16 and float32
 * are widened, whole numbers of any width become int32. Throws INVALID_FILE.
 */
export function decodeNpy(bytes: Uint8Array, name: string): NumpyArray {
  const { descr, fortranOrder, shape, offset } = decodeNpyHeader(bytes, name)
  const type = numpyType(descr)
  if ('refusal' in type) throw invalid(name, type.refusal)
  const count = shape.reduce((product, length) => product * length, 1)
  const present = bytes.length - offset
  if (present !== count * type.size) {
    throw invalid(name, `holds ${present} bytes of data; its shape (${shape.join(', ')}) needs ${count * type.size}`)
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, present)
  const data = allocate(type, count)
  const strides = fortranOrder ? fortranStrides(shape) : undefined
  for (let i = 0; i < count; i++) {
    const value = type.read(view, (strides ? fortranIndex(i, shape, strides) : i) * type.size)
    if (typeof value === 'bigint' || (type.kind === 'whole' && value !== (value | 0))) {
      throw invalid(name, `holds the whole number ${value}; allowed: −2147483648 to 2147483647`)
    }
    data[i] = value
  }
  return { shape, data }
}

/** Reads what stands before the numbers; `bytes` may end with it. */
export function decodeNpyHeader(bytes: Uint8Array, name: string): NpyHeader {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  if (file.toString('latin1', 0, 6) !== magic) throw invalid(name, 'does not begin as a .npy file')
  const version = file[6] ?? 0
  const prefix = version === 1 ? 10 : 12
  if (version < 1 || version > 3) throw invalid(name, `has .npy version ${version}; allowed: 1 to 3`)
  if (file.length < prefix) throw invalid(name, 'is truncated inside its header')
  const length = version === 1 ? file.readUInt16LE(8) : file.readUInt32LE(8)
  if (length > longestHeader) throw invalid(name, `has a header of ${length} bytes; allowed: ${longestHeader}`)
  if (prefix + length > file.length) throw invalid(name, 'is truncated inside its header')
  const text = file.toString(version === 3 ? 'utf8' : 'latin1', prefix, prefix + length)
  return { ...readDictionary(text, name), offset: prefix + length }
}

function readDictionary(text: string, name: string): Omit<NpyHeader, 'offset'> {
  const notUnderstood = (why: string) => {
    const quoted = JSON.stringify(text.trim().slice(0, 200))
    return invalid(name, `has a header that is not understood (${why}): ${quoted}`)
  }
  let found: PythonValue
  try {
    found = parsePythonLiteral(text)
  } catch (error) {
    throw notUnderstood((error as Error).message)
  }
  if (!(found instanceof Map)) throw notUnderstood('it is no dictionary')
  const [descr, order, shape] = ['descr', 'fortran_order', 'shape'].map((key) => found.get(key))
  if (descr === undefined) throw notUnderstood('it has no descr')
  if (typeof order !== 'boolean') throw notUnderstood('fortran_order is neither True nor False')
  if (!(shape instanceof PythonTuple)) throw notUnderstood('shape is no tuple')
  const lengths = shape.items.map((length) => (typeof length === 'bigint' ? Number(length) : NaN))
  if (!lengths.every((length) => length >= 0)) throw notUnderstood('shape holds what is no length')
  return { descr, fortranOrder: order, shape: lengths }
}

function allocate({ kind }: NumberType, count: number): NumpyArray['data'] {
  return kind === 'real' ? new Float64Array(count) : kind === 'whole' ? new Int32Array(count) : new Uint8Array(count)
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

function invalid(name: string, problem: string): LabError {
  return new LabError('INVALID_FILE', `${name} ${problem}`)
}
