import { basename, extname } from 'node:path'
import { checkFigure } from '../../../shared/figures/checkFigure.ts'
import { compositionSchema, createComposition, newId, type Composition } from '../../../shared/figures/composition.ts'
import { drawFigure, letterOf, type FigureDrawing } from '../../../shared/figures/drawFigure.ts'
import { lookProblems } from '../../../shared/figures/dressPanels.ts'
import { figureTexts } from '../../../shared/figures/figureTexts.ts'
import { actingLetter } from '../../../shared/figures/latex/actingLetter.ts'
import { figureEnvironment } from '../../../shared/figures/latex/figureEnvironment.ts'
import { describeMissingLetters } from '../../../shared/figures/missingLetters.ts'
import { problemOfWidth } from '../../../shared/figures/sheet.ts'
import type { PanelSource } from '../../../shared/figures/sources/sources.ts'
import { loadPanel } from '../../../shared/figures/sources/sources.ts'
import { toSvgText } from '../../../shared/figures/svgFile.ts'
import { findVenue } from '../../../shared/figures/venues.ts'
import type { HostRequest } from '../../../shared/contract.ts'
import { LabError } from '../../../shared/errors.ts'
import type { Panel, Series } from '../../../shared/panel.ts'
import { panelData, rowCount } from '../../../shared/panelData.ts'
import { parseInput } from '../../../shared/parseInput.ts'
import { quote } from '../../../shared/quote.ts'
import { createArchiveReader } from '../../services/archiveReader.ts'
import type { PrintedFigure } from '../../services/figures/drawing.ts'
import { scriptFiles } from '../../services/figures/scriptFiles.ts'
import { figurePdf } from '../../services/figures/figurePdf.ts'
import { figurePng } from '../../services/figures/figurePng.ts'
import { outlinedSvg } from '../../services/figures/figureSvg.ts'
import { readArchives } from '../../services/readArchive.ts'
import type { FileContent } from '../../files/writeWhole.ts'
import { checkOutput, writeOutput } from '../writeOutput.ts'
import { choosePanels, refuseLook, type PanelArguments } from '../choosePanels.ts'
import { readJson } from '../readJson.ts'
import { chooseRuns } from '../../services/chooseRuns.ts'

interface FigureArguments extends PanelArguments {
  archive?: string
  out: string
  force?: boolean
  figure?: string
  venue?: string
  width?: string
  columns?: number
  aspect?: number
  caption?: string
  titled?: boolean
  outlined?: boolean
  latex?: boolean
  dpi?: number
}

/** A figure with its data, ready to be written. */
interface Drawn {
  figure: Composition
  drawing: FigureDrawing
  options: FigureArguments
}

interface Written {
  content: FileContent
  missing?: readonly string[]
  /** What belongs to it, by the endings of files of the same name. */
  beside?: Readonly<Record<string, FileContent>>
}

/** What is written, by the ending of the file. */
const formats: Readonly<Record<string, (drawn: Drawn) => Promise<Written> | Written>> = {
  '.pdf': async ({ drawing, figure }) => ofBytes(await figurePdf(drawing, figure.name)),
  '.svg': ({ drawing, options }) =>
    options.outlined ? ofBytes(outlinedSvg(drawing)) : { content: [toSvgText(drawing.markup)] },
  '.png': async ({ drawing, options }) => ofBytes(await figurePng(drawing, options.dpi ?? usualResolution)),
  '.py': ({ drawing, figure }) => {
    const { script, data } = scriptFiles(drawing, figure.name)
    return { content: [script], beside: { '.npz': data } }
  },
  '.json': ({ figure }) => ({ content: [`${JSON.stringify(figure, null, 2)}\n`] }),
}
/** Those that LaTeX includes. */
const included = ['.pdf', '.png']

function ofBytes({ bytes, missing }: PrintedFigure): Written {
  return { content: [bytes], missing }
}

const usualResolution = 300

/** `grokscope figure RUN… --panel NAME… --venue NAME --out FILE`. */
export async function figure(references: string[], options: FigureArguments): Promise<void> {
  const ending = extname(options.out).toLowerCase()
  requireFitting(ending, options)
  const given = options.figure === undefined ? null : await readFigure(options.figure)
  if (given && references.length > 0) throw usage('--figure', 'a file names its runs itself; leave RUN out')
  if (given && options.panel) throw usage('--panel', 'a figure file has its own panels; omit --panel or --figure')
  if (given) refuseLook(options, 'a file says how its curves are drawn')
  await readArchives(options.archive, archivesOf(given), async (archive, others) => {
    const output = { force: options.force, protect: [archive, ...others.values()].flatMap(({ files }) => files) }
    const beside = ending === '.py' ? ['.npz'] : options.latex ? ['.tex', '.bib'] : []
    for (const path of [options.out, ...beside.map((end) => besideOut(options.out, end))])
      await checkOutput(path, output)
    const reader = createArchiveReader(archive, others)
    try {
      const figure = arrange(
        given ?? (await compose(chooseRuns(archive, references), options, reader.request)),
        options,
      )
      const panels = await loadAll(figure, reader.request)
      const looks = figure.panels.map(({ look }) => look)
      const drawing = drawFigure(figure, panels, { titled: options.titled, looks })
      const { content, missing = [], beside: own = {} } = await formats[ending]!({ figure, drawing, options })
      const texts = options.latex ? await latexFiles(figure, options.out, reader.request) : {}
      await writeOutput(options.out, content, output)
      for (const [end, more] of Object.entries({ ...own, ...texts })) {
        await writeOutput(besideOut(options.out, end), more, output)
      }
      if (missing.length > 0) process.stderr.write(`${describeMissingLetters(missing)}\n`)
      for (const words of unfollowedLooks(figure, panels)) process.stderr.write(`${words}\n`)
      for (const words of emptyPanels(figure, panels)) process.stderr.write(`${words}\n`)
      for (const words of failedChecks(figure, drawing)) process.stderr.write(`${words}\n`)
    } finally {
      await reader.close()
    }
  })
}

/** The files of other archives that panels are of. */
function archivesOf(figure: Composition | null): string[] {
  const paths = figure?.panels.map(({ source }) => ('archive' in source ? source.archive : undefined)) ?? []
  return [...new Set(paths)].filter((path) => path !== undefined)
}

/** What a figure's file asks of how its panels look, and they do not follow. */
function unfollowedLooks(figure: Composition, panels: readonly Panel[]): string[] {
  return panels.flatMap((panel, place) =>
    lookProblems(panel, figure.panels[place]!.look ?? {}).map((problem) => `panel ${letterOf(place)}: ${problem}`),
  )
}

/** Panels of a paper's figure whose runs are not in the archive, or have measured nothing yet: what it expects is drawn alone. */
function emptyPanels(figure: Composition, panels: readonly Panel[]): string[] {
  return panels.flatMap((panel, place) =>
    isEmpty(panel, figure.panels[place]!.source)
      ? [`panel ${letterOf(place)} is empty: no run in the archive has what it shows`]
      : [],
  )
}

function isEmpty(panel: Panel, source: PanelSource): boolean {
  if (panel.kind !== 'lines') return rowCount(panelData(panel)) === 0
  // In a paper's figure muted points are of other runs; elsewhere of these, such as those that did not generalize.
  const isForeign = ({ role }: Series) => source.kind === 'paper' && role === 'start'
  return panel.series.every((series) => isForeign(series) || series.x.length === 0)
}

/** What its venue or a reader asks of it and it has not; a width of one's own is no failing. */
function failedChecks(figure: Composition, drawing: FigureDrawing): string[] {
  return checkFigure(figure, drawing)
    .filter(({ id, holds }) => !holds && id !== 'width')
    .map(({ label, reading }) => `Not passed for ${findVenue(figure.venue).label}: ${label}: ${reading}`)
}

/** The path of a file of the same name with another ending. */
function besideOut(out: string, ending: string): string {
  return `${out.slice(0, out.length - extname(out).length)}${ending}`
}

/** The figure's environment with its caption and how its runs were made, and what it rests on. */
async function latexFiles(
  figure: Composition,
  out: string,
  request: HostRequest,
): Promise<Record<string, FileContent>> {
  const { methods, bibtex } = await figureTexts(figure, request)
  return { '.tex': [figureEnvironment(figure, { file: basename(out), methods })], '.bib': [bibtex] }
}

/** Refuses an ending that nothing is written for, and options that another format takes. */
function requireFitting(ending: string, { out, titled, outlined, dpi, latex, caption }: FigureArguments): void {
  const endings = Object.keys(formats)
  if (!endings.includes(ending)) {
    throw usage('--out', `${quote(out)} is not allowed; a file whose name ends in ${endings.join(', ')}`)
  }
  if (titled && ending === '.json')
    throw usage('--titled', '.json has no titles of its own; the figure drawn from it has')
  if (outlined && ending !== '.svg') throw usage('--outlined', `${ending} cannot have outlined text; use .svg`)
  if (latex && !included.includes(ending))
    throw usage('--latex', `LaTeX does not include ${ending}; it does ${included.join(' and ')}`)
  const acting = latex && actingLetter(basename(out))
  if (acting) {
    const reason = `LaTeX includes no file whose name has ${quote(acting)}`
    throw usage('--out', `${quote(out)} is not allowed with --latex; ${reason}`)
  }
  if (caption !== undefined && !latex && ending !== '.json') {
    throw usage('--caption', `${ending} has no caption; the .tex of --latex has, and .json`)
  }
  if (dpi !== undefined && ending !== '.png') throw usage('--dpi', `${ending} has no pixels; .png has`)
}

function usage(option: string, problem: string): LabError {
  return new LabError('USAGE', `${option}: ${problem}`)
}

/** A figure that the window saved as a file, of the archive that is read. */
async function readFigure(path: string): Promise<Composition> {
  const value = await readJson(path)
  return parseInput(compositionSchema, value, { code: 'INVALID_FILE', whole: 'figure', prefix: `${path}: ` })
}

async function compose(runIds: string[], options: FigureArguments, request: HostRequest): Promise<Composition> {
  const sources = await choosePanels(runIds, options, request)
  const name = basename(options.out, extname(options.out))
  return {
    ...createComposition(name),
    columns: Math.min(2, sources.length),
    panels: sources.map((source) => ({ id: newId(), source })),
  }
}

/** The figure on the sheet that the options ask for. */
function arrange(figure: Composition, { venue, width, columns, aspect, caption }: FigureArguments): Composition {
  const sheet = { venue: venue ?? figure.venue, width: width ?? figure.width }
  if (width === undefined && venue !== undefined) sheet.width = findVenue(venue).widths[0]!.id
  const problem = problemOfWidth(sheet)
  if (problem) throw usage('--width', `${quote(sheet.width)} is not allowed; ${problem}`)
  return {
    ...figure,
    ...sheet,
    columns: columns ?? figure.columns,
    aspect: aspect ?? figure.aspect,
    caption: caption ?? figure.caption,
  }
}

/** All panels, or an error that says for each what is missing. */
async function loadAll({ panels }: Composition, request: HostRequest): Promise<Panel[]> {
  const answers = await Promise.allSettled(panels.map(({ source }) => loadPanel(source, request)))
  const failed = answers.flatMap((answer, place) =>
    answer.status === 'rejected' ? [{ place, error: answer.reason as unknown }] : [],
  )
  const [first] = failed
  if (!first) return answers.map((answer) => (answer as PromiseFulfilledResult<Panel>).value)
  if (!(first.error instanceof LabError)) throw first.error
  const lines = failed.map(({ place, error }) => `panel ${letterOf(place)}: ${(error as Error).message}`)
  throw new LabError(first.error.code, lines.join('\n'))
}
