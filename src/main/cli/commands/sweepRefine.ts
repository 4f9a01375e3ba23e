import { formatDuration } from '../../../shared/formatting/formatTime.ts'
import { printable } from '../../../shared/printable.ts'
import { openNodeCaller } from '../../services/nodeLaboratory.ts'
import { planRound } from '../../services/sweeps/planRound.ts'
import { addRound, openSweepFolder, sweepRunCommand } from '../../sweep/sweepFolder.ts'
import { readSweepRuns } from '../../sweep/sweepRuns.ts'
import { definedOnly } from '../definedOnly.ts'
import { countThings } from '../../../shared/formatting/countThings.ts'

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
  const caller = openNodeCaller()
  try {
    const options = { ...definedOnly({ x, y }), thresholds: definedOnly({ delay, within }) }
    const { round, cells, seeds, seconds, gpu } = await planRound(sweep, readSweepRuns(sweep), options, caller)
    if (cells.length === 0) return print(`${path}: all neighbors agree; nothing to refine`)
    if (!dryRun) await addRound(sweep, cells)
    const words = `${countThings(cells.length, 'cell')} × ${countThings(seeds, 'seed')} = ${countThings(cells.length * seeds, 'run')}, estimated ${formatDuration(seconds)} on ${gpu === null ? 'one core' : 'its GPU'}`
    print(`${path}: ${dryRun ? 'would add' : `round ${round} adds`} ${words}`)
    if (!dryRun) print(`\`${sweepRunCommand({ path, gpu: sweep.gpu })}\` computes them`)
  } finally {
    await caller.close()
  }
}

function print(line: string): void {
  process.stdout.write(`${printable(line)}\n`)
}
