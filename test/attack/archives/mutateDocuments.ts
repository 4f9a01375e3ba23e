import type { Dice } from '../dice.ts'
import { mutateJson } from '../mutateJson.ts'
import { changeLoosely, columnsOf, describeRow, pickRow, setValue, shown, tablesOf } from './looseDatabase.ts'

/** Changes JSON that is stored in a column, any column where some is found. */
export function changeDocument(path: string, dice: Dice): string {
  return changeLoosely(path, (database) => {
    for (;;) {
      const row = pickRow(database, dice.pick(tablesOf(database)), dice)
      if (!row) continue
      const columns = columnsOf(database, row.table).filter(({ name }) => isDocument(row.values[name]))
      if (columns.length === 0) continue
      const { name } = dice.pick(columns)
      const before = row.values[name] as string
      const { what, text } = mutateJson(before, dice)
      if (text === before) continue
      setValue(database, row, name, text)
      return `${describeRow(row)}: ${name}: ${what}, now ${shown(text)}`
    }
  })
}

function isDocument(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('{')
}
