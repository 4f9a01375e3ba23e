import { LabError } from '../../../shared/errors.ts'
import { statistics, type Statistic } from '../../../shared/map/cellStatistics.ts'
import { colorOfMap, type LineOptions, type MapOptions, type SliceValue } from '../../../shared/map/mapOptions.ts'
import { planeOf } from '../../../shared/sweep/sweepSchema.ts'
import type { Panel } from '../../../shared/panel.ts'
import { printableLines } from '../../../shared/printable.ts'
import { quote } from '../../../shared/quote.ts'
import { openNodeCaller } from '../../services/nodeLaboratory.ts'
import { openSweepFolder, type SweepFolder } from '../../sweep/sweepFolder.ts'
import { readSweepRuns } from '../../sweep/sweepRuns.ts'
import { definedOnly } from '../definedOnly.ts'
import { drawnFormatOf, drawnPanels, panelTable } from '../drawnPanels.ts'
import { checkOutput, writeOutput } from '../writeOutput.ts'

interface LineArguments {
  x?: string
  color?: string
  at: readonly string[]
  out: string
  force?: boolean
}

/** Which plane is looked at, and how. */
export interface PlaneArguments extends Omit<LineArguments, 'out'> {
  y?: string
  phaseDelay?: number
  phaseWithin?: number
}

interface MapArguments extends PlaneArguments {
  out: string
  of: Statistic | 'exponent'
  boundary?: 'x' | 'y'
}

/** `grokscope sweep map DIR --out FILE`: the plane of a sweep as a figure or a table, as far as its runs have ended. */
export async function mapCommand(path: string, given: MapArguments): Promise<void> {
  const { of: statistic, boundary } = given
  const options: MapOptions = { ...planeOptions(given), ...definedOnly({ boundary }), statistic }
  await draw(path, given, async ({ spec }, runs, caller) => {
    const plane = planeOf(spec)
    refuseIdleOptions(colorOfMap(plane, options), given)
    return { panels: await caller.call('map.draw', { plane, runs, options }) }
  })
}

/** Phases have thresholds, and quantities statistics. */
function refuseIdleOptions(color: string, { of, phaseDelay, phaseWithin }: MapArguments): void {
  if (color === 'phase') {
    if (of === statistics[0]) return
    throw new LabError(
      'USAGE',
      `--of: is not for --color phase: a cell shows the phase of most of its seeds; leave it out`,
    )
  }
  for (const [flag, value] of Object.entries({ '--phase-delay': phaseDelay, '--phase-within': phaseWithin })) {
    if (value !== undefined) throw new LabError('USAGE', `${flag}: is for --color phase; add that, or leave it out`)
  }
}

/** `grokscope sweep line DIR --out FILE`: a number of runs along one axis, with the power laws that it follows. */
export async function lineCommand(path: string, given: LineArguments): Promise<void> {
  const options = lineOptions(given)
  await draw(path, given, async ({ spec }, runs, caller) => {
    const { panel, laws } = await caller.call('map.lines', { spec, runs, options })
    return { panels: [panel], laws }
  })
}

async function draw(
  path: string,
  { out, force }: LineArguments,
  panelsOf: (
    sweep: SweepFolder,
    runs: ReturnType<typeof readSweepRuns>,
    caller: ReturnType<typeof openNodeCaller>,
  ) => Promise<{ panels: Panel[]; laws?: string[] }>,
): Promise<void> {
  const format = drawnFormatOf(out)
  const target = { force, protect: [] }
  await checkOutput(out, target)
  const sweep = openSweepFolder(path)
  const caller = openNodeCaller()
  try {
    const { panels, laws = [] } = await panelsOf(sweep, readSweepRuns(sweep), caller)
    const tables = () => panels.map(panelTable)
    await writeOutput(out, format === 'csv' ? tables() : await drawnPanels(format, panels, sweep.spec.name), target)
    for (const law of laws) process.stderr.write(`${printableLines(law)}\n`)
  } finally {
    await caller.close()
  }
}

function lineOptions({ x, color, at }: Pick<LineArguments, 'x' | 'color' | 'at'>): LineOptions {
  return { ...definedOnly({ x, color }), at: at.map(readSlice) }
}

export function planeOptions({ y, phaseDelay: delay, phaseWithin: within, ...line }: PlaneArguments): MapOptions {
  return { ...lineOptions(line), ...definedOnly({ y }), thresholds: definedOnly({ delay, within }) }
}

function readSlice(text: string): SliceValue {
  const [, field, value] = /^([^=]+)=(.+)$/.exec(text) ?? []
  if (field !== undefined && value !== undefined) return { field, value }
  throw new LabError('USAGE', `--at ${quote(text)}: expected field=value`)
}
