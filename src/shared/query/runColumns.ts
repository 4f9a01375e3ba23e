import { summarizedNames } from '../measurements.ts'
import type { RunEventName, RunSummary } from '../run.ts'
import { facetFields, type Facets, type FacetPath } from '../specification/facets.ts'
import type { SpecificationField } from '../specification/fields.ts'
import { describeDynamics } from './describeDynamics.ts'
import { readRunValue, type RunColumnName, type RunValue } from './runValues.ts'

/** What a column shows of a run, and what lists are sorted and groups are summed up by. */
export interface RunColumn {
  id: string
  value: ColumnValue
  /** What a group says in it: `spread` mean ± deviation, `range` least–most, `same` what all share. */
  group: 'spread' | 'range' | 'sum' | 'same' | 'none'
  /** Whether its values are numbers. */
  numeric: boolean
  /** Whether a value stays once it is there, though the run goes on. */
  settled?: boolean
}

export type ColumnValue =
  | RunValue
  /** All of them, in a row. */
  | { in: 'tags' }
  /** What the facets of a run come to, in words. */
  | { in: 'setup'; say: (facets: Facets) => number | string | null }

/** Every column that a list can be sorted by. */
export const runColumns: readonly RunColumn[] = columnsInOrder()

const byId = new Map(runColumns.map((column) => [column.id, column]))

export function findRunColumn(id: string): RunColumn | undefined {
  return byId.get(id)
}

/** What a run has in a column; null where it has nothing. */
export function readColumn({ value }: RunColumn, run: RunSummary): number | string | null {
  switch (value.in) {
    case 'tags':
      return run.tags.join(' ') || null
    case 'setup':
      return value.say(run.facets)
    default:
      return readRunValue(value, run)
  }
}

function columnsInOrder(): RunColumn[] {
  const [named, others] = [true, false].map((isNamed) =>
    facetFields.filter(({ words }) => Boolean(words.filter) === isNamed).map(facetColumn),
  ) as [RunColumn[], RunColumn[]]
  return [
    { id: 'name', value: own('name'), group: 'none', numeric: false },
    { id: 'tags', value: { in: 'tags' }, group: 'none', numeric: false },
    { id: 'dynamics', value: { in: 'setup', say: describeDynamics }, group: 'same', numeric: false },
    ...named,
    numeric('trainPairs', own('trainPairs'), 'same'),
    numeric('seed', own('seed'), 'none'),
    numeric(
      'eta',
      {
        in: 'setup',
        say: (facets) => facets['dynamics.integrator.stepSize'] ?? facets['dynamics.learningRate'] ?? null,
      },
      'same',
    ),
    { id: 'status', value: own('status'), group: 'none', numeric: false },
    numeric('curve', { in: 'latest', name: 'testAccuracy' }, 'none'),
    ...summarizedNames.map((name) => numeric(name, { in: 'latest', name }, 'spread')),
    { ...numeric('memorizedStep', event('memorized', 'step'), 'spread'), settled: true },
    { ...numeric('generalizedStep', event('generalized', 'step'), 'spread'), settled: true },
    { ...numeric('generalizedTau', event('generalized', 'tau'), 'spread'), settled: true },
    numeric('stalledStep', event('stalled', 'step'), 'range'),
    numeric('tau', own('tau'), 'range'),
    numeric('seconds', { in: 'positive', of: own('seconds') }, 'sum'),
    // The runs of one experiment are made together.
    numeric('createdAt', { in: 'multiple', of: own('createdAt'), unit: 1000 }, 'range'),
    ...others,
  ]
}

function facetColumn({ path, words: { choices }, type }: SpecificationField): RunColumn {
  const say = (facets: Facets) => {
    const value = facets[path as FacetPath] ?? null
    return typeof value === 'string' ? (choices?.[value] ?? value) : value
  }
  const isNumeric = type === 'number' || type === 'wholeNumber' || type === 'list'
  return { id: path, value: { in: 'setup', say }, group: 'same', numeric: isNumeric }
}

function numeric(id: string, value: ColumnValue, group: RunColumn['group']): RunColumn {
  return { id, value, group, numeric: true }
}

function own(column: RunColumnName): RunValue {
  return { in: 'run', column }
}

function event(name: RunEventName, at: 'step' | 'tau'): RunValue {
  return { in: 'events', name, at }
}
