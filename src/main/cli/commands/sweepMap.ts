import { extname } from 'node:path'
import { LabError } from '../../../shared/errors.ts'
import { drawFigure } from '../../../shared/figures/drawFigure.ts'
import { describeMissingLetters } from '../../../shared/figures/missingLetters.ts'
import { createSheet } from '../../../shared/figures/sheet.ts'
import type { Statistic } from '../../../shared/map/cellStatistics.ts'
import type { LineOptions, MapOptions, SliceValue } from '../../../shared/map/mapOptions.ts'
import { planeOf } from '../../../shared/sweep/sweepSchema.ts'
import type { Panel } from '../../../shared/panel.ts'
import { panelCsv } from '../../../shared/panelCsv.ts'
import { printableLines } from '../../../shared/printable.ts'
import { quote } from '../../../shared/quote.ts'
import { figurePdf } from '../../services/figures/figurePdf.ts'
import { openNodeCaller } from '../../services/nodeLaboratory.ts'
import { openSweepFolder, type SweepFolder } from '../../sweep/sweepFolder.ts'
import { readSweepRuns } from '../../sweep/sweepRuns.ts'
import { definedOnly } from '../definedOnly.ts'
import { checkOutput, writeOutput } from '../writeOutput.ts'

interface LineArguments {
  x?: string
  color?: string
  at: readonly string[]
  out: string
  force?: boolean
}

interface MapArguments extends LineArguments {
  y?: string
  of: Statistic | 'exponent'
  boundary?: 'x' | 'y'
  phaseDelay?: number
  phaseWithin?: number
}

/** `grokscope sweep map DIR --out FILE`: the plane of a sweep as a figure or a table, as far as its runs have ended. */
export async function mapCommand(path: string, given: MapArguments): Promise<void> {
  const { y, of: statistic, boundary, phaseDelay: delay, phaseWithin: within } = given
  const options: MapOptions = {
    ...lineOptions(given),
    ...definedOnly({ y, boundary }),
    statistic,
    thresholds: definedOnly({ delay, within }),
  }
  await draw(path, given, async ({ spec }, runs, caller) => ({
    panels: await caller.call('map.draw', { plane: planeOf(spec), runs, options }),
  }))
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
  const format = formatOf(out)
  const target = { force, protect: [] }
  await checkOutput(out, target)
  const sweep = openSweepFolder(path)
  const caller = openNodeCaller()
  try {
    const { panels, laws = [] } = await panelsOf(sweep, readSweepRuns(sweep), caller)
    await writeOutput(out, await contentOf(format, panels, sweep.spec.name), target)
    for (const law of laws) process.stderr.write(`${printableLines(law)}\n`)
  } finally {
    await caller.close()
  }
}

function lineOptions({ x, color, at }: LineArguments): LineOptions {
  return { ...definedOnly({ x, color }), at: at.map(readSlice) }
}

const formats = ['svg', 'pdf', 'csv'] as const
type Format = (typeof formats)[number]

function formatOf(out: string): Format {
  const format = formats.find((each) => extname(out).toLowerCase() === `.${each}`)
  if (format) return format
  throw new LabError('USAGE', `--out: ${quote(out)} is no picture or table; it ends with .${formats.join(', .')}`)
}

function readSlice(text: string): SliceValue {
  const [, field, value] = /^([^=]+)=(.+)$/.exec(text) ?? []
  if (field !== undefined && value !== undefined) return { field, value }
  throw new LabError('USAGE', `--at ${quote(text)}: expected field=value`)
}

const mostColumns = 3

async function contentOf(format: Format, panels: readonly Panel[], name: string): Promise<(string | Uint8Array)[]> {
  if (format === 'csv') {
    // One table of all maps: their columns are the same.
    return panels.map((panel, place) => panelCsv(panel).replace(/^.*\n/, (head) => (place === 0 ? head : '')))
  }
  const drawing = drawFigure(createSheet(Math.min(mostColumns, panels.length)), panels, { titled: panels.length > 1 })
  if (format === 'svg') return [drawing.markup]
  const { bytes, missing } = await figurePdf(drawing, name)
  if (missing.length > 0) process.stderr.write(`${describeMissingLetters(missing)}\n`)
  return [bytes]
}
