import { requests, type RequestInput } from '../../src/shared/contract.ts'
import type { LineKey, RunTablePage, TableLine } from '../../src/shared/query/runTable.ts'
import type { RunSummary } from '../../src/shared/run.ts'

/**
 * A host's table of runs in the order given, for tests of the page: terms are ids to be left out, and with the grouping
 * `experiment` each run stands under its experiment.
 */
export class FakeTable {
  runs: readonly RunSummary[]

  constructor(runs: readonly RunSummary[]) {
    this.runs = runs
  }

  table(input: RequestInput<'run.table'>): RunTablePage {
    const { from: needed, count, find } = requests['run.table'].parse(input)
    const lines = this.lines(input)
    const from = needed < lines.length ? needed : Math.max(0, lines.length - count)
    return {
      onShelf: this.runs.length,
      found: this.found(input).length,
      statuses: {},
      hidden: [],
      lines: lines.length,
      from,
      page: lines.slice(from, from + count),
      at: find ? placeOf(find, lines) : null,
    }
  }

  ids(input: RequestInput<'run.ids'>): { runIds: string[]; groups: string[] } {
    const { runIds, group, lines: range } = requests['run.ids'].parse(input)
    const lines = this.lines({ ...input, folded: [] })
    const places = range ? [placeOf(range.from, lines), placeOf(range.to, lines)] : []
    const isMissing = places.includes(null)
    const within = range ? lines.slice(Math.min(...(places as number[])), Math.max(...(places as number[])) + 1) : lines
    const groupsWithin = within.flatMap((line) => (line.kind === 'group' ? [line.key] : []))
    const runs = this.found(input).filter(
      (run) =>
        !isMissing &&
        (!runIds || runIds.includes(run.id)) &&
        (group === undefined || run.experimentId === group) &&
        (!range ||
          groupsWithin.includes(run.experimentId) ||
          within.some((line) => line.kind === 'run' && line.run.id === run.id)),
    )
    return { runIds: runs.map(({ id }) => id), groups: runs.map((run) => groupOf(run, input.grouping)) }
  }

  private found({ terms = [] }: { terms?: readonly string[] }): RunSummary[] {
    return this.runs.filter(({ id }) => !terms.includes(id))
  }

  private lines(input: RequestInput<'run.ids'> | RequestInput<'run.table'>): TableLine[] {
    const runs = this.found(input)
    if (input.grouping !== 'experiment') return runs.map((run) => ({ kind: 'run', run }))
    return [...Map.groupBy(runs, ({ experimentId }) => experimentId)].flatMap(([key, members]): TableLine[] => {
      const folded = input.folded?.includes(key) ?? false
      const group = { key, name: key }
      const count = members.length
      const head = { kind: 'group' as const, ...group, folded, count, total: count, tags: [], first: [], readings: {} }
      return [head, ...(folded ? [] : members.map((run) => ({ kind: 'run' as const, run, group })))]
    })
  }
}

function groupOf({ experimentId }: RunSummary, grouping: string | undefined): string {
  return grouping === 'experiment' ? experimentId : ''
}

function placeOf(key: LineKey, lines: readonly TableLine[]): number | null {
  const place = lines.findIndex((line) =>
    'run' in key ? line.kind === 'run' && line.run.id === key.run : line.kind === 'group' && line.key === key.group,
  )
  return place < 0 ? null : place
}
