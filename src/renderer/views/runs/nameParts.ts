import { commonBeginning } from '../../../shared/curves/commonBeginning.ts'
import type { TableLine } from '../../../shared/query/runTable.ts'
import { keyOfLine, keyText } from './lineKey.ts'

/** A name in two parts: what it begins with as a name beside it does, which may be shortened, and what is its own. */
export interface NameParts {
  shared: string
  own: string
}

/** Of each line, by its key, the name that the table shows, against those of the lines of its kind before and after it. */
export function namePartsOf(lines: readonly TableLine[]): Map<string, NameParts> {
  const parts = new Map<string, NameParts>()
  for (const kind of ['group', 'run'] as const) {
    const alike = lines.filter((line) => line.kind === kind)
    const names = alike.map(nameShown)
    for (const [place, line] of alike.entries()) {
      const name = names[place]!
      const beside = [names[place - 1], names[place + 1]].filter((other) => other !== undefined && other !== name)
      const shared = Math.max(0, ...beside.map((other) => commonBeginning([name, other!]).length))
      parts.set(keyText(keyOfLine(line)), { shared: name.slice(0, shared), own: name.slice(shared) })
    }
  }
  return parts
}

/** Within its group a run is called what its name says more than that of the group. */
function nameShown(line: TableLine): string {
  if (line.kind === 'group') return line.name
  const { experiment, name } = line.run
  if (line.group?.name !== experiment) return name
  // Of a sweep, the values of its cell follow a colon.
  const isTold = [', ', ': '].some((mark) => name.startsWith(experiment + mark))
  return isTold ? name.slice(experiment.length + 2) : name
}
