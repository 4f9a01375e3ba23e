import { crc32, zstdCompressSync } from 'node:zlib'
import type { Database } from 'better-sqlite3'
import { decodeMatrix, encodeMatrix, type MatrixBlob } from '../../../src/main/store/matrixBlob.ts'
import type { Dice } from '../dice.ts'
import { changeLoosely, describeRow, pickRow, setValue, shown, type Row } from './looseDatabase.ts'
import { sealRun } from './sealRun.ts'

/**
 * Replaces stored numbers, with checksums that fit, of the numbers alone or of the whole run: whoever attacks can compute
 * them too. Only the content hash still knows then. `bomb` unpacks to 1 GiB.
 */
export function replaceBlob(path: string, dice: Dice, bomb: Buffer): string {
  const { what, row, isHashed } = changeLoosely(path, (database) => {
    const change = dice.pick([changeMatrix, changeMatrix, changeChunk, changeChunk, changeHotRow, changeSplit])
    for (;;) {
      const done = change(database, dice, bomb)
      if (done) return { ...done, isHashed: hasHash(database, done.row) }
    }
  })
  if (!isHashed || dice.chance(0.5)) return what
  sealRun(path, row.values['runId'] as string)
  return `${what}, and all of the run sealed`
}

/** Whether a content hash vouches for a row: the clock's times are not in it, and a run that goes on has none. */
function hasHash(database: Database, { values }: Row): boolean {
  const hash = database.prepare('SELECT contentHash FROM runs WHERE id = ?').pluck().get(values['runId'])
  return hash !== null && values['name'] !== 'seconds'
}

type Change = (database: Database, dice: Dice, bomb: Buffer) => { what: string; row: Row } | undefined

const changeMatrix: Change = (database, dice, bomb) => {
  const row = pickRow(database, 'matrices', dice)
  if (!row) return undefined
  const stored = {
    ...row.values,
    rows: Number(row.values['rows']),
    columns: Number(row.values['columns']),
  } as MatrixBlob
  const { rows, columns, data } = decodeMatrix(stored, 'the base archive')
  const changed = (): Float64Array => {
    const numbers = Float64Array.from(data)
    numbers[dice.integer(0, numbers.length - 1)] = dice.pick([0, -0, NaN, Infinity, 1e300, dice.uniform()])
    return numbers
  }
  const ways: Record<string, () => Partial<MatrixBlob>> = {
    'a number changed': () => encodeMatrix({ rows, columns, data: changed() }),
    'all in float32': () => encodeMatrix({ rows, columns, data: Float32Array.from(data) }),
    'rows and columns exchanged': () => encodeMatrix({ rows: columns, columns: rows, data }),
    'one row less': () =>
      encodeMatrix({ rows: rows - 1, columns, data: Float64Array.from(data).subarray(0, (rows - 1) * columns) }),
    'one number': () => encodeMatrix({ rows: 1, columns: 1, data: Float64Array.of(1) }),
    'many rows': () => encodeMatrix({ rows: 100_000, columns: 1, data: new Float64Array(100_000) }),
    'a bomb': () => ({ data: bomb }),
    'a bomb of the shape it claims': () => ({ rows: 2 ** 14, columns: 2 ** 13, dtype: 'float64', data: bomb }),
    'a bomb in float32': () => ({ rows: 2 ** 14, columns: 2 ** 14, dtype: 'float32', data: bomb }),
    noise: () => ({ data: dice.bytes(dice.integer(0, 2000)) }),
    cut: () => ({ data: stored.data.subarray(0, dice.integer(0, stored.data.length - 1)) }),
    'another length': () => ({ data: zstdCompressSync(dice.bytes(dice.integer(0, 2000))) }),
  }
  const [what, replace] = dice.pick(Object.entries(ways))
  if (what === 'one row less' && rows < 2) return undefined
  return setAll(database, row, { ...replace() }, what)
}

const changeChunk: Change = (database, dice) => {
  const row = pickRow(database, 'chunks', dice)
  if (!row) return undefined
  const data = Buffer.from(row.values['data'] as Buffer)
  // Of what was never measured nothing is kept.
  if (data.length === 0) return undefined
  const at = 8 * dice.integer(0, data.length / 8 - 1)
  const ways: Record<string, () => Buffer> = {
    'a number changed': () => (
      data.writeDoubleLE(data.readDoubleLE(at) * (1 + 2 ** -dice.integer(1, 52)) + 1e-300, at),
      data
    ),
    'a special number': () => (data.writeDoubleLE(dice.pick([NaN, Infinity, -Infinity, 0, -1e308]), at), data),
    'one number less': () => data.subarray(8),
    'one number more': () => Buffer.concat([data, data.subarray(0, 8)]),
    'a part of a number': () => data.subarray(0, dice.integer(0, data.length - 1)),
    'many numbers': () => Buffer.alloc(8_000_000),
    nothing: () => Buffer.alloc(0),
  }
  const [what, replace] = dice.pick(Object.entries(ways))
  const replaced = replace()
  if (dice.chance(0.3)) {
    database
      .prepare('UPDATE parts SET count = ? WHERE runId = ? AND part = ?')
      .run(Math.floor(replaced.length / 8), row.values['runId'], row.values['part'])
  }
  return setAll(database, row, { data: replaced, checksum: crc32(replaced) }, what)
}

const changeHotRow: Change = (database, dice) => {
  const row = pickRow(database, 'hotRows', dice)
  if (!row) return undefined
  const data = Buffer.from(row.values['data'] as Buffer)
  const ways: Record<string, () => Buffer> = {
    'a number changed': () => (data.writeDoubleLE(dice.uniform(), 8 * dice.integer(0, data.length / 8 - 1)), data),
    cut: () => data.subarray(0, dice.integer(0, data.length - 1)),
    longer: () => Buffer.concat([data, dice.bytes(dice.integer(1, 100))]),
    nothing: () => Buffer.alloc(0),
  }
  const [what, replace] = dice.pick(Object.entries(ways))
  return setAll(database, row, { data: replace() }, what)
}

const changeSplit: Change = (database, dice) => {
  const row = pickRow(database, 'documents', dice)
  const train = row?.values['train']
  if (!row || !(train instanceof Uint8Array)) return undefined
  const data = Buffer.from(train)
  const at = 4 * dice.integer(0, data.length / 4 - 1)
  const ways: Record<string, () => Buffer | null> = {
    'another pair': () => (data.writeInt32LE(dice.pick([-1, 0, 14, 15, 1_000_000, -(2 ** 31)]), at), data),
    'a pair twice': () => (data.writeInt32LE(data.readInt32LE(0), at), data),
    'one pair less': () => data.subarray(4),
    'three bytes less': () => data.subarray(3),
    'many pairs': () => Buffer.alloc(4_000_000),
    'no pairs': () => Buffer.alloc(0),
    'no split': () => null,
  }
  const [what, replace] = dice.pick(Object.entries(ways))
  return setAll(database, row, { train: replace() }, what)
}

function setAll(
  database: Database,
  row: Row,
  values: Record<string, unknown>,
  what: string,
): { what: string; row: Row } {
  for (const [name, value] of Object.entries(values)) setValue(database, row, name, value)
  const told = Object.entries(values).map(([name, value]) => `${name} ${shown(value)}`)
  return { what: `${describeRow(row)}: ${what} (${told.join(', ')})`, row }
}
