import { join } from 'node:path'
import { LabError } from '../../../shared/errors.ts'
import { drawFigure, type FigureDrawing } from '../../../shared/figures/drawFigure.ts'
import { createSheet } from '../../../shared/figures/sheet.ts'
import { isAsDeclared, type FigureOptions, type FigureResult } from '../../../shared/papers/figure.ts'
import { figureIds, figuresNamed, nameOfFigure, papers, type FigureId } from '../../../shared/papers/papers.ts'
import { plainText } from '../../../shared/formatting/setSymbols.ts'
import { printable } from '../../../shared/printable.ts'
import { quote } from '../../../shared/quote.ts'
import type { FileContent } from '../../files/writeWhole.ts'
import { panelCsv } from '../../../shared/panelCsv.ts'
import { describeMissingLetters } from '../../../shared/figures/missingLetters.ts'
import { figurePdf } from '../../services/figures/figurePdf.ts'
import { panelArrays } from '../../services/figures/panelArrays.ts'
import { encodeNpz } from '../../services/interchange/encodeNpz.ts'
import { writeClaims } from '../claimReport.ts'
import { describeFigures } from '../../services/nodeLaboratory.ts'
import { openOutputFolder, type OutputFolder } from '../outputFolder.ts'
import { stopSignal } from '../stopSignal.ts'
import { watchRuns } from '../watchRuns.ts'
import { namedBackend, openJobHost, type JobHost, type LaboratoryArguments } from '../jobHost.ts'
import { refuseIdleForce } from '../options.ts'
import { report } from './run.ts'
import { countThings } from '../../../shared/formatting/countThings.ts'

interface ReproduceArguments extends LaboratoryArguments {
  out?: string
  force?: boolean
  integrator?: FigureOptions['integrator']
  again?: boolean
  json?: boolean
}

/**
 * `grokscope reproduce musat2025/fig6`, or a whole paper: the runs, the verdicts, the pictures and their data. The exit code is 1 where a verdict is
 * not the one that the figure declares, for want of a run too.
 */
export async function reproduce(name: string, options: ReproduceArguments): Promise<void> {
  refuseIdleForce(options)
  const needed = figuresNamed(name)
  if (needed.length === 0) {
    const allowed = [...papers.map(({ id }) => id), ...figureIds, 'all']
    throw new LabError('USAGE', `figure: ${quote(name)} is not allowed; one of ${allowed.join(', ')}`)
  }
  if (options.integrator) await refuseIdleIntegrator(needed, options.integrator)
  const host = await openJobHost(options)
  const done = new Map<FigureId, string[]>()
  try {
    // Before anything is computed: what may not be written is told at once.
    const folders = new Map<FigureId, OutputFolder>()
    if (options.out !== undefined) {
      const protect = await host.archiveFiles()
      for (const figure of needed) {
        folders.set(figure, await openOutputFolder(join(options.out, figure), { force: options.force, protect }))
      }
    }
    for (const figure of needed) await reproduceFigure(host, figure, options, done, folders.get(figure))
  } finally {
    await host.close()
  }
}

/** Of several figures it is for those that take one. */
async function refuseIdleIntegrator(needed: readonly FigureId[], integrator: string): Promise<void> {
  const taking = (await describeFigures()).filter(({ takesIntegrator }) => takesIntegrator).map(({ id }) => id)
  if (taking.some((id) => needed.includes(id))) return
  throw new LabError(
    'USAGE',
    `--integrator ${integrator}: ${needed.join(', ')} is integrated as the paper does; ${taking.join(', ')} takes one`,
  )
}

async function reproduceFigure(
  host: JobHost,
  figure: FigureId,
  options: ReproduceArguments,
  done: Map<FigureId, string[]>,
  folder: OutputFolder | undefined,
): Promise<void> {
  const figureOptions: FigureOptions = options.integrator ? { integrator: options.integrator } : {}
  const description = await host.describeFigure(figure)
  if (!options.json)
    process.stdout.write(plainText(`\n${description.number}  ${description.title}\n${description.summary}\n`))
  const runIds = done.get(description.usesRunsOf ?? figure) ?? (await runAll(host, figure, options))
  done.set(description.usesRunsOf ?? figure, runIds)
  const result = await host.evaluateFigure(figure, runIds, figureOptions)
  if (!result.claims.every(isAsDeclared)) process.exitCode = 1
  writeClaims(result, options)
  if (stopSignal().aborted)
    throw new LabError('CANCELLED', `${figure} was stopped; its runs are kept as far as they came`)
  if (folder) await writeFigure(folder, result, options.json ?? false)
}

async function runAll(
  host: JobHost,
  figure: FigureId,
  { again = false, integrator, backend, ...options }: ReproduceArguments,
): Promise<string[]> {
  const watch = watchRuns(host, options.json)
  try {
    const { finished, begun } = await host.runFigure(figure, {
      missingOnly: !again,
      backend: namedBackend(backend),
      ...(integrator ? { integrator } : {}),
    })
    if (finished.length > 0) reportFinished(finished, options)
    report(await watch.untilEnded(begun), options.json)
    return [...finished, ...begun]
  } finally {
    watch.end()
  }
}

function reportFinished(runIds: readonly string[], { json }: ReproduceArguments): void {
  const verb = runIds.length === 1 ? 'is' : 'are'
  const text = `${countThings(runIds.length, 'run')} of it ${verb} finished in this archive; --again recomputes ${runIds.length === 1 ? 'it' : 'them'}\n`
  process.stdout.write(json ? `${JSON.stringify({ type: 'finishedBefore', runIds })}\n` : text)
}

async function writeFigure(folder: OutputFolder, result: FigureResult, json: boolean): Promise<void> {
  const { runs, claims, panels, figure } = result
  const missing = new Set<string>()
  const pictures = async (name: string, drawing: FigureDrawing): Promise<[string, FileContent][]> => {
    const pdf = await figurePdf(drawing, name)
    pdf.missing.forEach((letter) => missing.add(letter))
    return [
      [`${name}.svg`, [drawing.markup]],
      [`${name}.pdf`, [pdf.bytes]],
    ]
  }
  const files: [string, FileContent][] = []
  for (const panel of panels) {
    files.push(...(await pictures(panel.id, drawFigure(createSheet(1), [panel], { titled: true }))))
    files.push(
      [`${panel.id}.csv`, [panelCsv(panel)]],
      [`${panel.id}.npz`, encodeNpz(Object.entries(panelArrays(panel)))],
    )
  }
  files.push(...(await pictures(nameOfFigure(figure), drawFigure(createSheet(2), panels))))
  await folder.write({
    ...Object.fromEntries(files),
    'claims.json': [`${JSON.stringify({ figure, runs, claims }, null, 2)}\n`],
  })
  if (missing.size > 0) process.stderr.write(`${describeMissingLetters([...missing])}\n`)
  if (!json)
    process.stdout.write(
      `${panels.length === 1 ? '1 panel' : `${panels.length} panels`} as SVG, PDF, CSV and NPZ, the figure as SVG and PDF, and the claims, in ${printable(folder.path)}\n`,
    )
}
