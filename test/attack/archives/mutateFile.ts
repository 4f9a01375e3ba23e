import { readFileSync, writeFileSync } from 'node:fs'
import type { Dice } from '../dice.ts'

/** Flips one to eight bits anywhere in the file. */
export function flipBits(path: string, dice: Dice): string {
  const bytes = readFileSync(path)
  const offsets = Array.from({ length: dice.integer(1, 8) }, () => dice.integer(0, bytes.length - 1))
  for (const offset of offsets) bytes[offset]! ^= 1 << dice.integer(0, 7)
  writeFileSync(path, bytes)
  return `bits flipped at ${offsets.join(', ')}`
}

/** Overwrites a page with zeros, noise or another page, or exchanges two. */
export function spoilPage(path: string, dice: Dice): string {
  const bytes = readFileSync(path)
  const size = pageSize(bytes)
  const pages = Math.floor(bytes.length / size)
  const page = (number: number) => bytes.subarray(number * size, (number + 1) * size)
  const [one, other] = [dice.integer(0, pages - 1), dice.integer(0, pages - 1)]
  const ways = {
    zeroed: () => page(one).fill(0),
    'made noise': () => page(one).set(dice.bytes(size)),
    'half made noise': () => page(one).set(dice.bytes(size >> 1), size >> 1),
    [`overwritten by page ${other}`]: () => page(one).set(Buffer.from(page(other))),
    [`exchanged with page ${other}`]: () => {
      const kept = Buffer.from(page(one))
      page(one).set(Buffer.from(page(other)))
      page(other).set(kept)
    },
  }
  const [how, spoil] = dice.pick(Object.entries(ways))
  spoil()
  writeFileSync(path, bytes)
  return `page ${one} ${how}`
}

/** Cuts the file, at a page or anywhere, or lets something follow it. */
export function cutFile(path: string, dice: Dice): string {
  const bytes = readFileSync(path)
  if (dice.chance(0.1)) {
    const more = dice.bytes(dice.integer(1, 20_000))
    writeFileSync(path, Buffer.concat([bytes, more]))
    return `${more.length} bytes of noise at its end`
  }
  const size = pageSize(bytes)
  const length = dice.chance(0.5) ? dice.integer(0, bytes.length - 1) : size * dice.integer(0, bytes.length / size - 1)
  writeFileSync(path, bytes.subarray(0, length))
  return `cut to ${length} of ${bytes.length} bytes`
}

function pageSize(bytes: Buffer): number {
  const stored = bytes.readUInt16BE(16)
  return stored === 1 ? 65_536 : stored
}
