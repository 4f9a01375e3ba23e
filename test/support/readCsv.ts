/** The rows of a CSV file under the names of its columns; what reads as a number is one, and an empty cell NaN. */
export function readCsv(text: string): Record<string, number | string>[] {
  const [head, ...rows] = text
    .trimEnd()
    .split('\n')
    .map((line) => [...`,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,"]*))/g)].map(readCell))
  return rows.map((cells) => Object.fromEntries(head!.map((name, column) => [String(name), cells[column]!])))
}

function readCell([, quoted, plain = '']: RegExpMatchArray): number | string {
  if (quoted !== undefined) return quoted.replaceAll('""', '"')
  if (plain === '') return NaN
  return Number.isNaN(Number(plain)) ? plain : Number(plain)
}
