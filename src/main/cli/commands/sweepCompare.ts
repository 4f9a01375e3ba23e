import { realpathSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { LabError } from '../../../shared/errors.ts'
import { countThings } from '../../../shared/formatting/countThings.ts'
import { formatCount, formatGiven, formatNumber } from '../../../shared/formatting/formatNumber.ts'
import type { CellValue } from '../../../shared/map/cellStatistics.ts'
import type { MapComparison, NamedRuns } from '../../../shared/map/mapComparison.ts'
import { printable, printableJson } from '../../../shared/printable.ts'
import { machineFields, type Provenance, type RunSummary } from '../../../shared/run.ts'
import { fieldsOf, planeOf } from '../../../shared/sweep/sweepSchema.ts'
import { openNodeCaller } from '../../services/nodeLaboratory.ts'
import { openSweepFolder, type SweepFolder } from '../../sweep/sweepFolder.ts'
import { readSweepRuns } from '../../sweep/sweepRuns.ts'
import { drawnFormatOf, drawnPanels, panelTable } from '../drawnPanels.ts'
import { refuseIdleForce } from '../options.ts'
import { table } from '../text.ts'
import { checkOutput, writeOutput } from '../writeOutput.ts'
import { planeOptions, type PlaneArguments } from './sweepMap.ts'

interface CompareArguments extends PlaneArguments {
  out?: string
  json?: boolean
}

/**
 * `grokscope sweep compare DIR OTHER`: two sweeps over one plane or along one axis, cell by cell and run by run, as far as their runs have
 * ended.
 */
export async function compareCommand(path: string, otherPath: string, given: CompareArguments): Promise<void> {
  const { out, force, json } = given
  refuseIdleForce(given)
  const format = out === undefined ? undefined : drawnFormatOf(out)
  const target = { force, protect: [], json }
  if (out !== undefined) await checkOutput(out, target)
  const sweeps = [openSweepFolder(path), openSweepFolder(otherPath)] as const
  if (realpathSync(path) === realpathSync(otherPath)) {
    throw new LabError('USAGE', `${path} and ${otherPath} are the same folder; a sweep is compared with another`)
  }
  const names = namesOf(path, otherPath)
  const [first, second] = [readComputed(sweeps[0]), readComputed(sweeps[1])]
  const sides: [NamedRuns, NamedRuns] = [
    { name: names[0], runs: first.runs },
    { name: names[1], runs: second.runs },
  ]
  const caller = openNodeCaller()
  try {
    const question = { plane: planeOf(sweeps[0].spec), sides, options: planeOptions(given) }
    const { panels, ...found } = await caller.call('map.compare', question)
    const machines = differingMachines([first.machines, second.machines]).filter(
      ({ field }) => !found.settings.some((setting) => setting.field === field),
    )
    if (out !== undefined) {
      const [difference] = panels.slice(-1)
      const content =
        format === 'csv' ? [panelTable(difference!, 0)] : await drawnPanels(format!, panels, names.join(' and '))
      await writeOutput(out, content, target)
    }
    if (json)
      print(printableJson({ type: 'comparison', names, ...found, paired: withInfinite(found.paired), machines }))
    else {
      for (const line of describe(names, { ...found, machines })) print(printable(line))
      if (found.values.length > 0) print(`\n${valueTable(names, fieldsOf(sweeps[0].spec.axes[0]!)[0]!, found)}`)
    }
  } finally {
    await caller.close()
  }
}

/** In JSON an infinite number is null, like one that is not known: those that are infinite are named. */
function withInfinite(paired: MapComparison['paired']): object {
  const infinite = (['median', 'low', 'high'] as const).filter((name) => paired[name] === Infinity)
  return { ...paired, infinite }
}

/** Of folders with the same name, the paths that were given. */
function namesOf(path: string, other: string): [string, string] {
  const names: [string, string] = [basename(resolve(path)), basename(resolve(other))]
  return names[0] === names[1] ? [path, other] : names
}

type Machines = Record<(typeof machineFields)[number], string[]>

/** The runs of a sweep, and all that computed them. */
function readComputed(sweep: SweepFolder): { runs: RunSummary[]; machines: Machines } {
  const provenances: Provenance[] = []
  const runs = readSweepRuns(sweep, (events) => {
    for (const event of events) if (event.type === 'started') provenances.push(event.provenance)
  })
  const values = machineFields.map((field) => [
    field,
    [...new Set(provenances.flatMap((provenance) => provenance[field] ?? []))].sort(),
  ])
  return { runs, machines: Object.fromEntries(values) as Machines }
}

type MachineDifference = { field: string; first: string[]; second: string[] }

/** None where nothing of one of both was computed yet. */
function differingMachines([first, second]: readonly [Machines, Machines]): MachineDifference[] {
  if ([first, second].some(({ backend }) => backend.length === 0)) return []
  return machineFields
    .map((field) => ({ field, first: first[field], second: second[field] }))
    .filter((each) => each.first.join('\n') !== each.second.join('\n'))
}

const mostChanged = 12

function describe(
  [first, second]: readonly [string, string],
  {
    quantity,
    paired,
    unpaired,
    phases,
    settings,
    machines,
  }: Omit<MapComparison, 'panels' | 'values'> & { machines: MachineDifference[] },
): string[] {
  const lines = describePairs(quantity, paired, [first, second])
  if (unpaired[0] > 0 || unpaired[1] > 0) {
    lines.push(
      `without a counterpart: ${formatCount(unpaired[0])} of ${first}, ${formatCount(unpaired[1])} of ${second}`,
    )
  }
  const undecided =
    phases.undecided > 0 ? `; no majority in one or both in ${countThings(phases.undecided, 'cell')} more` : ''
  lines.push(
    `phase of most seeds: the same in ${formatCount(phases.cells - phases.changed.length)} of ${countThings(phases.cells, 'cell')}${undecided}`,
  )
  for (const { at, first: from, second: to } of phases.changed.slice(0, mostChanged)) {
    const place = Object.entries(at).map(([field, value]) => `${field} = ${value}`)
    lines.push(`  ${place.join(', ')}: ${from} → ${to}`)
  }
  if (phases.changed.length > mostChanged) {
    lines.push(`  and ${formatCount(phases.changed.length - mostChanged)} more; --out FILE.csv has all`)
  }
  const differences = [
    ...settings.map(({ field, first: from, second: to }) => `${field} ${from ?? '–'} → ${to ?? '–'}`),
    ...machines.map(({ field, first: from, second: to }) => `${field} ${list(from)} → ${list(to)}`),
  ]
  lines.push(`what differs besides: ${differences.join('; ') || 'nothing'}`)
  return lines
}

const mostValues = 40

/** A line for each value of the only axis. */
function valueTable(
  [first, second]: readonly [string, string],
  field: string,
  { quantity, paired, values }: Pick<MapComparison, 'quantity' | 'paired' | 'values'>,
): string {
  const isRatio = paired.effect === 'ratio'
  const head = [field, `${quantity.id} of ${first}`, `of ${second}`, paired.effect, 'phase of most seeds']
  const rows = values
    .slice(0, mostValues)
    .map(({ at, effect, phases: [from, to], ...medians }) => [
      typeof at === 'number' ? formatGiven(at) : at,
      middle(medians.first),
      middle(medians.second),
      effect.state === 'value' ? amount(isRatio ? 2 ** effect.value : effect.value) : '–',
      from === to ? (from ?? '–') : `${from ?? '–'} → ${to ?? '–'}`,
    ])
  const more = values.length - rows.length
  return `${table([head, ...rows])}${more > 0 ? `\nand ${formatCount(more)} more; --out FILE.csv has all` : ''}`
}

/** A median in words. */
function middle({ state, value, above }: CellValue): string {
  switch (state) {
    case 'value':
      return amount(value)
    case 'censored':
      return Number.isFinite(above) ? `> ${amount(above)}` : 'not in time'
    case 'failed':
      return 'failed'
    case 'undecided':
    case 'missing':
      return '–'
  }
}

function describePairs(
  { id, isTime }: MapComparison['quantity'],
  { pairs, equal, came, decided, cameProbability, effect, median, low, high }: MapComparison['paired'],
  [first, second]: readonly [string, string],
): string[] {
  if (pairs === 0) return ['no two runs with the same values and the same seed have ended']
  const lines = [
    `${countThings(pairs, 'pair')} of runs with the same values and the same seed ${pairs === 1 ? 'has' : 'have'} ended in both`,
  ]
  if (isTime) {
    const alone = `in ${first} alone ${formatCount(came.first)}, in ${second} alone ${formatCount(came.second)}`
    const isAll = decided === came.first + came.second
    const of = isAll ? '' : ` of the ${formatCount(decided)} whose other run was given as long`
    const test = decided > 0 ? ` (sign test${of}: p = ${formatNumber(cameProbability)})` : ''
    lines.push(`${id} came in both ${formatCount(came.both)}, ${alone}, in neither ${formatCount(came.neither)}${test}`)
  }
  if (Number.isNaN(median)) return lines
  const against = effect === 'ratio' ? 'over that of' : 'less that of'
  const interval = Number.isNaN(low) ? '' : `, 95 % within ${amount(low)} … ${amount(high)}`
  const same = `the same in ${formatCount(equal)} of ${countThings(pairs, 'pair')}`
  return [...lines, `${id} of ${second} ${against} ${first}: median ${amount(median)}${interval}; ${same}`]
}

function amount(value: number): string {
  return Number.isFinite(value) ? formatNumber(value) : value > 0 ? '∞' : value < 0 ? '−∞' : '–'
}

function list(values: readonly string[]): string {
  return values.join(' and ') || '–'
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
