import { createHash } from 'node:crypto'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { LabError } from '../../shared/errors.ts'
import type { Precision } from '../../shared/specification/limits.ts'
import type { MatrixData } from '../../shared/matrix.ts'

/** A matrix as it is stored: bytes of equal significance side by side, then zstd. */
export interface MatrixBlob {
  dtype: Precision
  rows: number
  columns: number
  /** SHA-256 of type, shape and the row-major little-endian numbers. */
  checksum: Buffer
  data: Buffer
}

type Shape = Pick<MatrixBlob, 'dtype' | 'rows' | 'columns'>

/** No stored matrix may be larger; a file that claims more is refused before memory is taken. */
export const largestMatrixBytes = 2 ** 30

const bytesPerNumber: Record<string, number> = { float64: 8, float32: 4 }
const compression = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

export function encodeMatrix(matrix: MatrixData): MatrixBlob {
  const { rows, columns, data } = matrix
  if (data.length !== rows * columns || data.byteLength > largestMatrixBytes) {
    throw new Error(`a ${rows} × ${columns} matrix cannot hold ${data.length} numbers`)
  }
  const bytes = bytesOf(data)
  return {
    ...shapeOf(matrix),
    checksum: matrixChecksum(matrix),
    data: zstdCompressSync(shuffle(bytes, data.BYTES_PER_ELEMENT), compression),
  }
}

export function matrixChecksum(matrix: MatrixData): Buffer {
  return checksumOf(shapeOf(matrix), bytesOf(matrix.data))
}

/** The largest blob that a matrix of this size can have been stored as. */
export function largestBlobBytes({ dtype, rows, columns }: Shape): number {
  const bytes = rows * columns * (bytesPerNumber[dtype] ?? NaN)
  const sound = Number.isInteger(rows) && Number.isInteger(columns) && rows > 0 && columns > 0
  return sound && bytes <= largestMatrixBytes ? bytes + (bytes >> 8) + 1024 : 0
}

/** Throws `ARCHIVE_UNREADABLE`, naming `where` the matrix is from, unless every byte is as it was written. */
export function decodeMatrix(blob: MatrixBlob, where: string): MatrixData {
  const { dtype, rows, columns, checksum, data } = blob
  if (largestBlobBytes(blob) === 0) throw damaged(where, `claims to be ${rows} × ${columns} ${dtype} numbers`)
  const width = bytesPerNumber[dtype]!
  const length = rows * columns * width
  if (data.length > largestBlobBytes(blob)) throw damaged(where, `takes ${data.length} bytes for ${length}`)
  const shuffled = decompress(data, length, where)
  if (shuffled.length !== length) throw damaged(where, `holds ${shuffled.length} bytes where ${length} belong`)
  const bytes = unshuffle(shuffled, width)
  if (!checksumOf(blob, bytes).equals(checksum)) throw damaged(where, 'fails its checksum')
  const numbers = dtype === 'float64' ? new Float64Array(bytes.buffer) : new Float32Array(bytes.buffer)
  return { rows, columns, data: numbers }
}

function shapeOf({ rows, columns, data }: MatrixData): Shape {
  return { dtype: data instanceof Float64Array ? 'float64' : 'float32', rows, columns }
}

function bytesOf({ buffer, byteOffset, byteLength }: MatrixData['data']): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

function checksumOf({ dtype, rows, columns }: Shape, bytes: Uint8Array): Buffer {
  return createHash('sha256').update(`${dtype} ${rows} ${columns}\n`).update(bytes).digest()
}

function decompress(data: Buffer, length: number, where: string): Buffer {
  try {
    return zstdDecompressSync(data, { maxOutputLength: length })
  } catch (error) {
    throw damaged(where, `cannot be decompressed to ${length} bytes (${(error as Error).message})`)
  }
}

function damaged(where: string, what: string): LabError {
  return new LabError('ARCHIVE_UNREADABLE', `${where} is damaged: it ${what}`)
}

function shuffle(bytes: Uint8Array, width: number): Uint8Array {
  const count = bytes.length / width
  const shuffled = new Uint8Array(bytes.length)
  for (let significance = 0; significance < width; significance++) {
    const start = significance * count
    for (let i = 0; i < count; i++) shuffled[start + i] = bytes[i * width + significance]!
  }
  return shuffled
}

function unshuffle(shuffled: Uint8Array, width: number): Uint8Array<ArrayBuffer> {
  const count = shuffled.length / width
  const bytes = new Uint8Array(shuffled.length)
  for (let significance = 0; significance < width; significance++) {
    const start = significance * count
    for (let i = 0; i < count; i++) bytes[i * width + significance] = shuffled[start + i]!
  }
  return bytes
}
