import { LabError } from '../../../shared/errors.ts'
import { isAsDeclared } from '../../../shared/papers/figure.ts'
import { printableJson, printableLines } from '../../../shared/printable.ts'
import { quote } from '../../../shared/quote.ts'
import { changesOfCells } from '../../../shared/sweep/planSweep.ts'
import { sweepPresets } from '../../../shared/sweep/presets.ts'
import { seedsOf } from '../../../shared/sweep/sweepSchema.ts'
import { openNodeCaller } from '../../services/nodeLaboratory.ts'
import { openSweepFolder } from '../../sweep/sweepFolder.ts'
import { planSweep } from '../../sweep/sweepPlan.ts'
import { readSweepRuns } from '../../sweep/sweepRuns.ts'
import { claimReport } from '../claimReport.ts'
import { table } from '../text.ts'
import { countThings } from '../../../shared/formatting/countThings.ts'

/** `grokscope sweep presets`: the sweeps to begin with. */
export function presetsCommand(): void {
  const rows = sweepPresets.map(({ name, title, spec }) => [
    name,
    title,
    countThings(planSweep(spec).keys.length, 'run'),
  ])
  const about = sweepPresets.map(({ name, about, source }) => `\n${name}: ${about}\n  ${source}`)
  print(`${table([['name', 'plane', 'size'], ...rows])}\n${about.join('\n')}`)
}

/** `grokscope sweep preset NAME`: its specification, for `sweep plan` and `sweep run`. */
export function presetCommand(name: string): void {
  const preset = sweepPresets.find((each) => each.name === name)
  if (!preset) {
    throw new LabError('USAGE', `there is no sweep ${quote(name)}; one of ${names()}`)
  }
  print(JSON.stringify(preset.spec, null, 2))
}

/** `grokscope sweep claims DIR`: the claims of a sweep to begin with, with verdicts. */
export async function claimsCommand(path: string, { json }: { json?: boolean }): Promise<void> {
  const sweep = openSweepFolder(path)
  // A claim is about the very runs that it was made for; what rounds added is left out.
  const preset = sweepPresets.find(({ spec }) => planSweep(spec).key === sweep.key)?.name
  if (preset === undefined) {
    throw new LabError('USAGE', `${path} is not one of the sweeps with claims (${names()}), or was changed`)
  }
  const caller = openNodeCaller()
  try {
    const runs = readSweepRuns({
      ...sweep,
      keys: sweep.keys.slice(0, changesOfCells(sweep.spec).length * seedsOf(sweep.spec).length),
    })
    const claims = await caller.call('preset.claims', { preset, runs })
    if (json) print(printableJson({ type: 'verdict', sweep: sweep.key, claims }))
    else print(printableLines(claimReport({ claims, runs: [] })))
    if (!claims.every(isAsDeclared)) process.exitCode = 1
  } finally {
    await caller.close()
  }
}

function names(): string {
  return sweepPresets.map(({ name }) => name).join(', ')
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
