import { zipSync } from 'fflate'
import { crc32 } from 'node:zlib'
import { open, type Entry, type ZipFile } from 'yauzl'
import { LabError } from '../../../shared/errors.ts'
import { decodeNpy, encodeNpy, type NumpyArray } from './npy.ts'

/** The bytes of a `.npz` file, as `numpy.load` reads it. */
export function encodeNpz(arrays: Record<string, NumpyArray>): Uint8Array {
  const files = Object.entries(arrays).map(([name, array]) => [`${name}.npy`, encodeNpy(array)] as const)
  // A fixed date keeps equal data equal to the byte.
  return zipSync(Object.fromEntries(files), { level: 1, mtime: new Date(1980, 0, 1) })
}

/**
 * Reads the named arrays of a `.npz` file; those it lacks are absent from the answer. An entry that claims, or turns out
 * to have, more than `limitBytes` is refused before it is inflated. Throws INVALID_FILE.
 */
export async function readNpz(
  path: string,
  names: readonly string[],
  limitBytes: number,
): Promise<Partial<Record<string, NumpyArray>>> {
  const zip = await openZip(path)
  try {
    const arrays: Partial<Record<string, NumpyArray>> = {}
    for (const entry of await listEntries(zip, path)) {
      const name = entry.fileName.replace(/\.npy$/, '')
      if (!names.includes(name)) continue
      arrays[name] = decodeNpy(await readEntry(zip, entry, path, limitBytes), `${path}: ${name}`)
    }
    return arrays
  } finally {
    zip.close()
  }
}

function openZip(path: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    open(path, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error) reject(unreadable(path, error))
      else resolve(zip)
    })
  })
}

function listEntries(zip: ZipFile, path: string): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = []
    zip.on('entry', (entry: Entry) => {
      entries.push(entry)
      zip.readEntry()
    })
    zip.on('end', () => resolve(entries))
    zip.on('error', (error: Error) => reject(unreadable(path, error)))
    zip.readEntry()
  })
}

function readEntry(zip: ZipFile, entry: Entry, path: string, limitBytes: number): Promise<Uint8Array> {
  if (entry.uncompressedSize > limitBytes) {
    const message = `${path}: ${entry.fileName} would unpack to ${entry.uncompressedSize} bytes; allowed: ${limitBytes}`
    return Promise.reject(new LabError('INVALID_FILE', message))
  }
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) return reject(unreadable(path, error))
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('error', (failure: Error) => reject(unreadable(path, failure)))
      stream.on('end', () => {
        const bytes = Buffer.concat(chunks)
        if (crc32(bytes) === entry.crc32) resolve(new Uint8Array(bytes))
        else reject(new LabError('INVALID_FILE', `${path}: ${entry.fileName} is damaged: its checksum does not match`))
      })
    })
  })
}

function unreadable(path: string, error: Error): LabError {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
    return new LabError('INVALID_FILE', `${path}: no such file`)
  }
  return new LabError('INVALID_FILE', `${path}: not a readable .npz file (${error.message})`)
}
