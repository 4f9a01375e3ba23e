import type { Database } from 'better-sqlite3'
import type { Dice } from '../dice.ts'
import {
  changeDatabase,
  changeLoosely,
  columnsOf,
  describeRow,
  pickAnyRow,
  setValue,
  shown,
  type Column,
  type Row,
} from './looseDatabase.ts'

/** Gives one column of one row, any of the schema's, another value of its type, or one of another type. */
export function changeValue(path: string, dice: Dice): string {
  return changeLoosely(path, (database) => {
    for (;;) {
      const row = pickAnyRow(database, dice)
      const { name } = dice.pick(columnsOf(database, row.table))
      const before = row.values[name]
      const value = dice.chance(0.6) ? alike(before, dice) : unlike(before, dice)
      if (isSame(before, value) || !attempt(() => setValue(database, row, name, value))) continue
      return `${describeRow(row)}: ${name} from ${shown(before)} to ${shown(value)}`
    }
  })
}

export function deleteRow(path: string, dice: Dice): string {
  return changeDatabase(path, (database) => {
    const row = pickAnyRow(database, dice)
    database.prepare(`DELETE FROM "${row.table}" WHERE ${row.where}`).run(...row.key)
    return `${describeRow(row)}: deleted`
  })
}

/** Puts a row in once more, under another key. */
export function doubleRow(path: string, dice: Dice): string {
  return changeDatabase(path, (database) => {
    for (;;) {
      const row = pickAnyRow(database, dice)
      const changed = otherKey(database, row, columnsOf(database, row.table), dice)
      if (changed) return `${describeRow(row)}: once more with ${changed}`
    }
  })
}

/** What was changed; `undefined` where the key has no room for another row. */
function otherKey(database: Database, row: Row, columns: readonly Column[], dice: Dice): string | undefined {
  const keys = columns.filter(({ isKey }) => isKey)
  if (keys.length === 0) return undefined
  const { name } = dice.pick(keys)
  const before = row.values[name]
  const others = database.prepare(`SELECT DISTINCT "${name}" FROM "${row.table}"`).pluck().all()
  const value = dice.chance(0.5)
    ? dice.pick(others)
    : typeof before === 'bigint'
      ? before + dice.pick([1n, -1n, 2n, 1000n])
      : `${String(before)}x`
  const values = { ...row.values, [name]: value }
  const names = Object.keys(values)
  const insert = () =>
    database
      .prepare(
        `INSERT INTO "${row.table}" (${names.map((column) => `"${column}"`).join(', ')})
         VALUES (${names.map(() => '?').join(', ')})`,
      )
      .run(...Object.values(values))
  return attempt(insert) ? `${name} = ${shown(value)}` : undefined
}

const largeIntegers = [0n, -1n, 1n, 2n ** 31n, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n)]
const reals = [0, -1, 1e-300, 1e308, -1e308, Infinity, -Infinity, 0.1]
const texts = ['', 'x', '../../etc/passwd', '\u001b[31mred', '=1+1', '\u0000', '☃', '"', "'; DROP TABLE runs; --", '{}']

function alike(before: unknown, dice: Dice): unknown {
  if (typeof before === 'bigint') {
    return dice.chance(0.5) ? BigInt.asIntN(64, before + BigInt(dice.integer(-3, 3))) : dice.pick(largeIntegers)
  }
  if (typeof before === 'number') return dice.chance(0.5) ? before * (1 + 2 ** -dice.integer(1, 52)) : dice.pick(reals)
  if (typeof before === 'string') return dice.chance(0.5) ? otherLetter(before, dice) : otherText(before, dice)
  if (before instanceof Uint8Array) return otherBytes(before, dice)
  return dice.pick<unknown>([0n, 1n, 0.5, '', 'x', dice.bytes(8)])
}

function unlike(before: unknown, dice: Dice): unknown {
  const values = [BigInt(dice.integer(-5, 5)), 0.5, dice.pick(texts), dice.bytes(dice.integer(0, 40)), null]
  return dice.pick(values.filter((value) => typeof value !== typeof before))
}

function otherLetter(text: string, dice: Dice): string {
  if (text === '') return 'x'
  const at = dice.integer(0, text.length - 1)
  return text.slice(0, at) + String.fromCharCode(dice.integer(32, 126)) + text.slice(at + 1)
}

function otherText(text: string, dice: Dice): string {
  const cut = text.slice(0, dice.integer(0, text.length))
  return dice.pick([...texts, cut, text + text, text.toUpperCase(), text.repeat(1000).slice(0, 200_000)])
}

function otherBytes(bytes: Uint8Array, dice: Dice): Buffer {
  const other = Buffer.from(bytes)
  if (other.length === 0 || dice.chance(0.2)) return dice.bytes(dice.integer(1, 100))
  if (dice.chance(0.3)) return other.subarray(0, dice.integer(0, other.length - 1))
  other[dice.integer(0, other.length - 1)]! ^= 1 << dice.integer(0, 7)
  return other
}

function isSame(one: unknown, other: unknown): boolean {
  if (one instanceof Uint8Array && other instanceof Uint8Array) return Buffer.compare(one, other) === 0
  return Object.is(one, other)
}

/** Whether it could be done: what a key or a primary key refuses is no mutation. */
function attempt(act: () => unknown): boolean {
  try {
    act()
    return true
  } catch {
    return false
  }
}
