import type { LineKey, TableLine } from '../../../shared/query/runTable.ts'

/** What a line shows, wherever it stands. */
export function keyOfLine(line: TableLine): LineKey {
  return line.kind === 'run' ? { run: line.run.id } : { group: line.key }
}

export function isSameKey(a: LineKey | null, b: LineKey | null): boolean {
  return a === b || (a !== null && b !== null && keyText(a) === keyText(b))
}

export function keyText(key: LineKey): string {
  return 'run' in key ? `r${key.run}` : `g${key.group}`
}
