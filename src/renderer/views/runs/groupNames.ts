import { nameWithValues, tellingFields } from '../../../shared/curves/differingFields.ts'
import type { GroupLine, TableLine } from '../../../shared/query/runTable.ts'

/**
 * Tells experiments of one name apart, as the cells of a sweep, by the values in which those of the lines given differ. A field
 * that told them apart once is told ever after: what is scrolled by keeps its name.
 */
export function createGroupNames(): (lines: readonly TableLine[]) => readonly TableLine[] {
  const told = new Map<string, Set<string>>()
  return (lines) => {
    const groups = lines.filter((line): line is GroupLine => line.kind === 'group' && line.first.length > 0)
    for (const [name, alike] of Map.groupBy(groups, ({ name: each }) => each)) {
      const fields = alike.length > 1 ? tellingFields(alike.map(({ first: runs }) => ({ runs }))) : []
      told.set(name, new Set([...(told.get(name) ?? []), ...fields]))
    }
    return lines.map((line) =>
      line.kind === 'group'
        ? { ...line, name: nameWithValues({ name: line.name, runs: line.first }, [...(told.get(line.name) ?? [])]) }
        : line,
    )
  }
}
