import { open, stat } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { crc32 } from 'node:zlib'
import { openPromise, type Entry, type ZipFile } from 'yauzl'
import { LabError } from '../../../shared/errors.ts'
import type { ArrayDescription } from '../../../shared/givenArrays.ts'
import { readingFailure } from '../../files/fileFailures.ts'
import { decodeNpy, decodeNpyHeader, longestHeader } from './decodeNpy.ts'
import type { NumpyArray } from './numpyArray.ts'
import { numpyType } from './numpyType.ts'

export interface NpzContent {
  /** The arrays asked for, as far as they are there. */
  arrays: Partial<Record<string, NumpyArray>>
  /** What else is there. */
  others: ArrayDescription[]
}

/**
 * Reads the named arrays of a `.npz` file, and describes the others. An entry that claims, or turns out to have, more
 * than `limitBytes` is refused before it is inflated. Throws INVALID_FILE.
 */
export async function readNpz(
  path: string,
  names: readonly string[],
  limitBytes: number,
  advice = 'save the arrays from Python by numpy.savez("file.npz", …)',
): Promise<NpzContent> {
  await refuseOtherKinds(path, advice)
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false, decodeStrings: false }).catch((error) => {
    throw unreadable(path, error as Error)
  })
  try {
    const content: NpzContent = { arrays: {}, others: [] }
    for (const entry of await listEntries(zip, path, advice)) {
      const name = nameOf(entry)
      if (names.includes(name)) {
        refuseUnreadable(entry, `${path}: ${name}`)
        content.arrays[name] = decodeNpy(await readEntry(zip, entry, path, limitBytes), `${path}: ${name}`)
      } else if (content.others.length < maxDescribed) {
        content.others.push({ name, ...(await describeEntry(zip, entry)) })
      }
    }
    return content
  } finally {
    zip.close()
  }
}

/** Far more than a network has layers. */
const maxDescribed = 200

async function listEntries(zip: ZipFile, path: string, advice: string): Promise<Entry[]> {
  const entries: Entry[] = []
  try {
    for await (const entry of zip.eachEntry()) entries.push(entry)
  } catch (error) {
    throw unreadable(path, error as Error)
  }
  if (entries.some((entry) => /(^|\/)data\.pkl$/.test(nameOf(entry))))
    throw notNpz(path, 'is a PyTorch file (.pt)', advice)
  return entries
}

/** Names are not checked as paths: nothing is unpacked under them. */
function nameOf({ fileNameRaw }: Entry): string {
  return fileNameRaw.toString('utf8').replace(/\.npy$/, '')
}

function refuseUnreadable(entry: Entry, name: string): void {
  if (entry.isEncrypted()) throw new LabError('INVALID_FILE', `${name} is encrypted; save it without a password`)
  if (entry.compressionMethod === 0 || entry.compressionMethod === 8) return
  const method = `is compressed by ZIP's method ${entry.compressionMethod}`
  throw new LabError('INVALID_FILE', `${name} ${method}; allowed: stored or deflated, as numpy.savez writes`)
}

async function readEntry(zip: ZipFile, entry: Entry, path: string, limitBytes: number): Promise<Uint8Array> {
  const name = nameOf(entry)
  if (entry.uncompressedSize > limitBytes) {
    const message = `${path}: ${name} would unpack to ${entry.uncompressedSize} bytes; allowed: ${limitBytes}`
    throw new LabError('INVALID_FILE', message)
  }
  let bytes: Buffer
  try {
    bytes = await buffer(await zip.openReadStreamPromise(entry))
  } catch (error) {
    throw unreadable(path, error as Error)
  }
  if (crc32(bytes) !== entry.crc32) {
    throw new LabError('INVALID_FILE', `${path}: ${name} is damaged: its checksum does not match`)
  }
  return new Uint8Array(bytes)
}

/** Its shape and type from its first bytes; empty where it is no array, or cannot be read. */
async function describeEntry(zip: ZipFile, entry: Entry): Promise<Omit<ArrayDescription, 'name'>> {
  try {
    const stream = await zip.openReadStreamPromise(entry)
    let start = Buffer.alloc(0)
    for await (const chunk of stream) {
      start = Buffer.concat([start, chunk as Buffer])
      if (start.length >= longestHeader + 12) break
    }
    const { descr, shape } = decodeNpyHeader(start, nameOf(entry))
    return { shape, type: numpyType(descr).name }
  } catch {
    return { shape: [], type: '' }
  }
}

/** Says what a file is that is not a ZIP file, as far as its first bytes tell. */
async function refuseOtherKinds(path: string, advice: string): Promise<void> {
  const start = await firstBytes(path)
  if (start.startsWith('PK\x03\x04') || start.startsWith('PK\x05\x06')) return
  const kind = kinds.find(({ begins }) => begins.test(start))
  throw notNpz(path, kind?.is ?? 'is not a ZIP file', advice)
}

async function firstBytes(path: string): Promise<string> {
  try {
    const found = await stat(path)
    // A pipe would be waited for without end.
    if (!found.isFile() && !found.isDirectory()) throw new LabError('INVALID_FILE', `${path}: is not a file`)
    const handle = await open(path, 'r')
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(16), 0, 16, 0)
      return buffer.toString('latin1', 0, bytesRead)
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw unreadable(path, error as Error)
  }
}

const kinds: readonly { begins: RegExp; is: string }[] = [
  { begins: /^$/, is: 'is empty' },
  { begins: /^\x93NUMPY/, is: 'is a single array (.npy)' },
  { begins: /^\x80[\x02-\x05]/, is: 'is a Python pickle, which may run programs and is not read' },
  { begins: /^\x89HDF/, is: 'is an HDF5 file' },
  { begins: /^\x1f\x8b/, is: 'is compressed by gzip' },
  { begins: /^MATLAB/, is: 'is a MATLAB file' },
  { begins: /^.{8}\{"/s, is: 'is a safetensors file' },
]

function notNpz(path: string, is: string, advice: string): LabError {
  return new LabError('INVALID_FILE', `${path}: not a readable .npz file: it ${is}; ${advice}`)
}

function unreadable(path: string, error: Error): LabError {
  if (error instanceof LabError) return error
  const failure = readingFailure(error)
  if (failure !== error.message) return new LabError('INVALID_FILE', `${path}: ${failure}`)
  const isCutOff = /end of central directory|unexpected EOF|unexpected end of file|exceeds|out of bounds/i.test(
    error.message,
  )
  const reason = isCutOff ? `it is truncated (${error.message})` : error.message
  return new LabError('INVALID_FILE', `${path}: not a readable .npz file: ${reason}`)
}
