import { extname } from 'node:path'
import { LabError } from '../../../shared/errors.ts'
import { drawFigure } from '../../../shared/figures/drawFigure.ts'
import { describeMissingLetters } from '../../../shared/figures/missingLetters.ts'
import { createSheet } from '../../../shared/figures/sheet.ts'
import type { Statistic } from '../../../shared/map/cellStatistics.ts'
import type { MapPanel } from '../../../shared/panel.ts'
import { panelCsv } from '../../../shared/panelCsv.ts'
import { quote } from '../../../shared/quote.ts'
import { figurePdf } from '../../services/figures/figurePdf.ts'
import { openSweepFolder } from '../../sweep/sweepFolder.ts'
import { sweepMaps } from '../../sweep/sweepMap.ts'
import { readSweepRuns } from '../../sweep/sweepRuns.ts'
import { usualThresholds } from '../../sweep/sweepMap.ts'
import { checkOutput, writeOutput } from '../writeOutput.ts'

interface MapArguments {
  x?: string
  y?: string
  color?: string
  of: Statistic | 'exponent'
  boundary?: 'x' | 'y'
  phaseDelay?: number
  phaseWithin?: number
  at: readonly string[]
  out: string
  force?: boolean
}

/** `grokscope sweep map DIR --out FILE`: the plane of a sweep as a figure or a table, as far as its runs have ended. */
export async function mapCommand(path: string, options: MapArguments): Promise<void> {
  const { x, y, color, of: statistic, boundary, out, force } = options
  const kind = formatOf(out)
  const at = options.at.map(readSlice)
  const target = { force, protect: [] }
  await checkOutput(out, target)
  const sweep = openSweepFolder(path)
  const thresholds = {
    delay: options.phaseDelay ?? usualThresholds.delay,
    ...(options.phaseWithin === undefined ? {} : { within: options.phaseWithin }),
  }
  const asked = {
    ...(x === undefined ? {} : { x }),
    ...(y === undefined ? {} : { y }),
    ...(color === undefined ? {} : { color }),
    ...(boundary === undefined ? {} : { boundary }),
  }
  const panels = sweepMaps(sweep.spec, readSweepRuns(sweep), { ...asked, statistic, thresholds, at })
  await writeOutput(out, await contentOf(kind, panels, sweep.spec.name), target)
}

const formats = ['svg', 'pdf', 'csv'] as const
type Format = (typeof formats)[number]

function formatOf(out: string): Format {
  const format = formats.find((each) => extname(out).toLowerCase() === `.${each}`)
  if (format) return format
  throw new LabError('USAGE', `--out: ${quote(out)} is no picture or table; it ends with .${formats.join(', .')}`)
}

function readSlice(text: string): { field: string; value: string } {
  const [, field, value] = /^([^=]+)=(.+)$/.exec(text) ?? []
  if (field !== undefined && value !== undefined) return { field, value }
  throw new LabError('USAGE', `--at ${quote(text)}: expected field=value`)
}

const mostColumns = 3

async function contentOf(format: Format, panels: readonly MapPanel[], name: string): Promise<(string | Buffer)[]> {
  // One table of all maps: their columns are the same.
  if (format === 'csv')
    return panels.map((panel, place) => panelCsv(panel).replace(/^.*\n/, (head) => (place === 0 ? head : '')))
  const drawing = drawFigure(createSheet(Math.min(mostColumns, panels.length)), panels, { titled: panels.length > 1 })
  if (format === 'svg') return [drawing.markup]
  const { bytes, missing } = await figurePdf(drawing, name)
  if (missing.length > 0) process.stderr.write(`${describeMissingLetters(missing)}\n`)
  return [bytes]
}
