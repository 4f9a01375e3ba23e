import { join } from 'node:path'
import { LabError } from '../../../shared/errors.ts'
import { drawFigure } from '../../../shared/figures/drawFigure.ts'
import { createSheet } from '../../../shared/figures/sheet.ts'
import { figureIds, type Claim, type FigureId, type FigureOptions, type FigureResult } from '../../../shared/paper.ts'
import { panelArrays, panelCsv } from '../../services/figures/panelData.ts'
import { encodeNpz } from '../../services/interchange/npz.ts'
import type { Laboratory } from '../../services/laboratory.ts'
import { table } from '../text.ts'
import { watchRuns } from '../watchRuns.ts'
import { writeWhole } from '../writeFile.ts'
import { openFrom, report, type LaboratoryArguments } from './run.ts'

interface ReproduceArguments extends LaboratoryArguments {
  out?: string
  integrator?: FigureOptions['integrator']
  json?: boolean
}

/** `grokscope reproduce fig6`: the runs, the verdicts, the pictures and their data. */
export async function reproduce(name: string, options: ReproduceArguments): Promise<void> {
  const wanted = name === 'all' ? [...figureIds] : figureIds.filter((id) => id === name)
  if (wanted.length === 0) {
    throw new LabError('USAGE', `figure: ${JSON.stringify(name)} is not allowed; one of ${figureIds.join(', ')}, all`)
  }
  const laboratory = openFrom(options)
  const done = new Map<FigureId, string[]>()
  try {
    for (const figure of wanted) await reproduceFigure(laboratory, figure, options, done)
  } finally {
    await laboratory.close()
  }
}

async function reproduceFigure(
  laboratory: Laboratory,
  figure: FigureId,
  options: ReproduceArguments,
  done: Map<FigureId, string[]>,
): Promise<void> {
  const figureOptions: FigureOptions = options.integrator ? { integrator: options.integrator } : {}
  const description = await laboratory.paper.describe(figure, figureOptions)
  if (!options.json) process.stdout.write(`\n${description.number}  ${description.title}\n${description.summary}\n`)
  const runIds = done.get(description.usesRunsOf ?? figure) ?? (await runAll(laboratory, figure, options))
  done.set(description.usesRunsOf ?? figure, runIds)
  const result = await laboratory.paper.evaluate(figure, runIds, figureOptions)
  if (options.json) process.stdout.write(`${JSON.stringify({ type: 'verdict', figure, claims: result.claims })}\n`)
  else process.stdout.write(`\n${claimTable(result.claims)}\n`)
  if (options.out) writeFigure(join(options.out, figure), result, options.json ?? false)
}

async function runAll(laboratory: Laboratory, figure: FigureId, options: ReproduceArguments): Promise<string[]> {
  const watch = watchRuns(laboratory, options.json)
  try {
    const submissions = await laboratory.paper.run(figure, options.integrator ? { integrator: options.integrator } : {})
    const runIds = submissions.flatMap((submission) => submission.runIds)
    report(await watch.untilEnded(runIds), options.json)
    return runIds
  } finally {
    watch.end()
  }
}

const marks = { holds: '✓ holds', outside: '! outside', pending: '· pending' } as const

function claimTable(claims: readonly Claim[]): string {
  const rows = claims.map(({ text, measured, expected, verdict }) => [marks[verdict], text, measured, expected])
  const held = claims.filter(({ verdict }) => verdict === 'holds').length
  return `${table([['verdict', 'claim', 'measured', 'expected'], ...rows])}\n${held} of ${claims.length} claims hold`
}

function writeFigure(folder: string, { claims, panels, figure }: FigureResult, json: boolean): void {
  for (const panel of panels) {
    writeWhole(join(folder, `${panel.id}.svg`), drawFigure(createSheet(1), [panel], { titled: true }).markup)
    writeWhole(join(folder, `${panel.id}.csv`), panelCsv(panel))
    writeWhole(join(folder, `${panel.id}.npz`), encodeNpz(panelArrays(panel)))
  }
  writeWhole(join(folder, `${figure}.svg`), drawFigure(createSheet(2), panels).markup)
  writeWhole(join(folder, 'claims.json'), `${JSON.stringify({ figure, claims }, null, 2)}\n`)
  if (!json)
    process.stdout.write(
      `${panels.length} panels as SVG, CSV and NPZ, the figure as SVG, and the claims, in ${folder}\n`,
    )
}
