import { unzipSync } from 'fflate'

/** The first value in which an exported file differs from the one of the undamaged run; `undefined` where none does. */
export function firstDifference(name: string, wanted: Uint8Array, found: Uint8Array): string | undefined {
  if (Buffer.compare(wanted, found) === 0) return undefined
  const read = readers[name.split('.').at(-1)!]!
  const [expected, given] = [read(wanted), read(found)]
  for (const [path, value] of expected) {
    if (given.get(path) !== value) return `${path} is ${shorten(given.get(path))} instead of ${shorten(value)}`
  }
  for (const [path, value] of given) if (!expected.has(path)) return `${path} is ${shorten(value)} instead of nothing`
  return undefined
}

type Values = Map<string, string>

/** Every value of a file under a name of its own, to the bit. */
const readers: Record<string, (bytes: Uint8Array) => Values> = {
  csv(bytes) {
    const values: Values = new Map()
    const lines = new TextDecoder().decode(bytes).split('\n')
    lines.forEach((line, i) => line.split(',').forEach((cell, j) => values.set(`line ${i + 1}, cell ${j + 1}`, cell)))
    return values
  },
  json(bytes) {
    const values: Values = new Map()
    collect(JSON.parse(new TextDecoder().decode(bytes)), '', values)
    // Whether the numbers are those that were stored: told of them, not one of them.
    values.delete('.hash')
    return values
  },
  npz(bytes) {
    const values: Values = new Map()
    for (const [name, array] of Object.entries(unzipSync(bytes))) {
      const view = Buffer.from(array)
      const header = 10 + view.readUInt16LE(8)
      values.set(`${name} header`, view.toString('latin1', 10, header).trim())
      for (let at = header; at < view.length; at += 8) {
        values.set(`${name} byte ${at - header}`, view.toString('hex', at, at + 8))
      }
    }
    return values
  },
}

function collect(value: unknown, path: string, values: Values): void {
  if (typeof value !== 'object' || value === null) values.set(path, JSON.stringify(value))
  else {
    values.set(path, Array.isArray(value) ? '[]' : '{}')
    for (const [key, inner] of Object.entries(value)) collect(inner, `${path}.${key}`, values)
  }
}

function shorten(value: string | undefined): string {
  return value === undefined ? 'missing' : value.slice(0, 80)
}
