import { LabError } from '../../../shared/errors.ts'
import { formatDuration } from '../../../shared/formatting/formatTime.ts'
import { hasEnded } from '../../../shared/map/mapCells.ts'
import { printable } from '../../../shared/printable.ts'
import { seedsOf } from '../../../shared/sweep/sweepSchema.ts'
import { openNodeCaller } from '../../services/nodeLaboratory.ts'
import { addRound, openSweepFolder } from '../../sweep/sweepFolder.ts'
import { readSweepRuns } from '../../sweep/sweepRuns.ts'
import { definedOnly } from '../definedOnly.ts'

interface RefineArguments {
  x?: string
  y?: string
  phaseDelay?: number
  phaseWithin?: number
  dryRun?: boolean
}

/** `grokscope sweep refine DIR`: adds cells where phases or seeds disagree, as the next round; `sweep run DIR` computes them. */
export async function refineCommand(path: string, given: RefineArguments): Promise<void> {
  const { x, y, phaseDelay: delay, phaseWithin: within, dryRun } = given
  const sweep = openSweepFolder(path)
  const runs = readSweepRuns(sweep)
  const open = runs.filter((run) => !hasEnded(run)).length
  if (open > 0) {
    throw new LabError(
      'USAGE',
      `${open} runs of ${path} have not ended, and a round goes by all; \`grokscope sweep run ${path}\` goes on`,
    )
  }
  const caller = openNodeCaller()
  try {
    const options = { ...definedOnly({ x, y }), thresholds: definedOnly({ delay, within }) }
    const found = await caller.call('map.refine', { spec: sweep.spec, runs, options })
    const seeds = seedsOf(sweep.spec).length
    const places = new Map(runs.map(({ id }, place) => [id, place]))
    const cells = found.map(({ like, field, value }) => {
      const cell = sweep.cells[Math.floor(places.get(like)! / seeds)]!
      return cell.map((change) => (change.path === field ? { path: field, value } : change))
    })
    if (cells.length === 0) return print(`${path}: all neighbors agree; nothing to refine`)
    const foreseen = (runs.reduce((sum, { seconds }) => sum + seconds, 0) / runs.length) * cells.length * seeds
    if (!dryRun) await addRound(sweep, cells)
    const words = `${cells.length} cells × ${seeds} seeds = ${cells.length * seeds} runs, about ${formatDuration(foreseen)} on one core`
    print(`${path}: ${dryRun ? 'would add' : `round ${sweep.rounds + 1} adds`} ${words}`)
    if (!dryRun) print(`\`grokscope sweep run ${path}\` computes them`)
  } finally {
    await caller.close()
  }
}

function print(line: string): void {
  process.stdout.write(`${printable(line)}\n`)
}
