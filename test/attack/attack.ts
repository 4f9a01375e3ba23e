import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { buildIfOutdated } from '../../src/main/launch/buildIfOutdated.ts'
import { attackArchives } from './archives/attackArchives.ts'
import { findPlantedFault } from './archives/plantedFault.ts'
import { makeBaseArchive } from './baseArchive.ts'
import type { CaseResult } from './finding.ts'
import { attackInputs } from './inputs/attackInputs.ts'
import { attackKills } from './kills/attackKills.ts'
import { Report } from './report.ts'

/**
 * Attacks the program: `npm run attack -- [--seed N] [--only archives|inputs|kills] [--count N]`, or one case alone with
 * `--case N` and, of an archive, `--base FILE`. Ends with 1 where anything was found.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string' },
    count: { type: 'string' },
    case: { type: 'string' },
    base: { type: 'string' },
  },
})

type Attack = (numbers: readonly number[], onResult: (result: CaseResult) => void) => Promise<void>

const seed = wholeNumber('seed')!
const folder = mkdtempSync(join(tmpdir(), `grokscope-attack-${seed}-`))
const report = new Report(folder)
const start = performance.now()

if (!buildIfOutdated(join(import.meta.dirname, '../..'))) process.exit(1)
tell(`seed ${seed}`)
const base = values.base === undefined ? await makeBaseArchive(makeFolder('base')) : resolve(values.base)
tell(await findPlantedFault({ base, folder: makeFolder('planted') }))

const parts: Record<string, { count: number; attack: Attack }> = {
  archives: {
    count: 2000,
    attack: (numbers, onResult) => attackArchives({ seed, base, folder: makeFolder('archives') }, numbers, onResult),
  },
  inputs: {
    count: 5000,
    attack: (numbers, onResult) => attackInputs({ seed, base, folder: makeFolder('inputs') }, numbers, onResult),
  },
  kills: {
    count: 200,
    attack: (numbers, onResult) => attackKills({ seed, folder: makeFolder('kills') }, numbers, onResult),
  },
}

if (values.only !== undefined && !Object.hasOwn(parts, values.only)) {
  throw new Error(`--only ${values.only}: one of ${Object.keys(parts).join(', ')}`)
}
for (const [name, { count, attack }] of Object.entries(parts)) {
  if (values.only !== undefined && values.only !== name) continue
  const alone = wholeNumber('case')
  const numbers = alone === undefined ? Array.from({ length: wholeNumber('count') ?? count }, (_, i) => i) : [alone]
  const began = performance.now()
  let done = 0
  await attack(numbers, (result) => {
    report.add(name, result)
    if (++done % 250 === 0) tell(`${name}: ${done} of ${numbers.length}`)
  })
  tell(`${name}: ${numbers.length} in ${((performance.now() - began) / 1000).toFixed(0)} s`)
}

tell(`\n${report.text()}\n`)
for (const name of [...Object.keys(parts), 'planted']) rmSync(join(folder, name), { recursive: true, force: true })
if (report.findings > 0) {
  tell(`findings in ${report.findings} cases; the files of the first ones, and findings.jsonl, are in ${folder}`)
  tell(`one alone: npm run attack -- --seed ${seed} --only PART --case N --base ${base}`)
  process.exitCode = 1
} else {
  rmSync(folder, { recursive: true, force: true })
  tell(`nothing found in ${((performance.now() - start) / 60_000).toFixed(1)} minutes, seed ${seed}`)
}

function makeFolder(name: string): string {
  const path = join(folder, name)
  mkdirSync(path, { recursive: true })
  return path
}

function wholeNumber(name: 'seed' | 'count' | 'case'): number | undefined {
  const given = values[name]
  if (given === undefined) return undefined
  const number = Number(given)
  if (!Number.isInteger(number) || number < 0) throw new Error(`--${name} ${given}: a whole number is allowed`)
  return number
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`)
}
