import DatabaseConstructor, { type Database } from 'better-sqlite3'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { joined, jsonLists, jsonParts, name, sql, type Sql } from '../../../src/main/store/sql.ts'

const database: Database = new DatabaseConstructor(':memory:')
afterAll(() => database.close())
const read = ({ text, parameters }: Sql) => database.prepare(text).pluck().get(parameters)

describe('SQL in pieces', () => {
  it('has every value as a parameter, in the order of their places, whatever it holds', () => {
    const inner = sql`${"it's"} || ${name("' and '")} || ${'?'}`
    const whole = sql`SELECT ${1} || ${inner} || ${null} IS NULL, ${2}`
    expect(whole).toEqual({
      text: "SELECT ? || ? || ' and ' || ? || ? IS NULL, ?",
      parameters: [1, "it's", '?', null, 2],
    })
    expect(read(sql`SELECT ${inner}`)).toBe("it's and ?")
  })

  it('joins conditions as all or any of them are, however many there are', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 20 }), (holds) => {
        const conditions = holds.map((each) => sql`${Number(each)} = 1`)
        const [and, or] = (['AND', 'OR'] as const).map((word) => read(sql`SELECT ${joined(conditions, word)}`))
        expect([and, or]).toEqual([Number(holds.every(Boolean)), Number(holds.some(Boolean))])
      }),
    )
    const many = Array.from({ length: 5000 }, (_, i) => sql`${i} <> 4999`)
    expect(read(sql`SELECT ${joined(many, 'AND')}`)).toBe(0)
    // What they are joined by holds them together beside what else is there.
    expect(read(sql`SELECT ${0} AND ${joined([name('0'), name('1')], 'OR')}`)).toBe(0)
  })
})

describe('rows in lists', () => {
  const numbers = (count: number) =>
    name(`(WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${count}) SELECT i FROM n)`)

  it('are one list for each column', () => {
    const lists = jsonLists(database, sql`SELECT json_group_array(i), json_group_array(${2} * i) FROM ${numbers(3)}`)
    expect(lists).toEqual([
      [0, 1, 2],
      [0, 2, 4],
    ])
  })

  it.each([1, 4095, 4096, 4097, 8192, 10_000])('of %i rows come in parts that have each of them once', (count) => {
    const asked: (number | undefined)[] = []
    const parts = [
      ...jsonParts(database, ['i', 'square'], count, (last) => {
        asked.push(last?.[0] as number | undefined)
        return sql`SELECT i, i * i AS square FROM ${numbers(count)} WHERE i > ${last?.[0] ?? -1} ORDER BY i`
      }),
    ]
    const rows = Array.from({ length: count }, (_, i) => i)
    expect(parts.flatMap(([i]) => i)).toEqual(rows)
    expect(parts.flatMap(([, square]) => square)).toEqual(rows.map((i) => i * i))
    expect(parts.every(([i]) => i!.length > 0)).toBe(true)
    // Nothing is asked for after the last of so many rows.
    expect(asked).toEqual(
      Array.from({ length: Math.ceil(count / 4096) }, (_, part) => (part === 0 ? undefined : 4096 * part - 1)),
    )
  })

  it('are no part where there are none', () => {
    const select = () => sql`SELECT i FROM ${numbers(5)} WHERE i > ${9}`
    expect([...jsonParts(database, ['i'], 10, select)]).toEqual([])
    expect([...jsonParts(database, ['i'], 0, select)]).toEqual([])
  })
})
