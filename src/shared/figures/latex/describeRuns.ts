import { describeSpec } from '../../curves/describeRun.ts'
import { formatCount } from '../../formatting/formatNumber.ts'
import { stepsOf } from '../../experiment.ts'
import type { RunDetail } from '../../run.ts'

/** How runs were made, in sentences for a section on methods; marked for `setSymbols`. Runs that differ in their seed alone are told together. */
export function describeRuns(runs: readonly RunDetail[]): string {
  if (runs.length === 0) return ''
  const groups = Map.groupBy(runs, (run) => `${run.experiment} ${describeOne(run)}`)
  const sentences = [...groups.values()].map((members) => {
    const [first] = members
    const seeds = [...new Set(members.map(({ seed }) => seed))].toSorted((a, b) => a - b)
    return `${first!.experiment}: ${describeOne(first!)}; ${describeSeeds(seeds)}.`
  })
  return [...sentences, describeProgram(runs)].join(' ')
}

function describeOne(run: RunDetail): string {
  const lines = describeSpec(run).filter(({ term }) => term !== 'Record')
  const words = lines.map(({ term, text }) => `${term.toLowerCase()} ${text}`)
  return [...words, `${formatCount(stepsOf(run.spec))} steps`].join('; ')
}

function describeSeeds(seeds: readonly number[]): string {
  if (seeds.length === 1) return `seed ${seeds[0]}`
  const isRange = seeds.at(-1)! - seeds[0]! === seeds.length - 1
  const list = isRange ? `${seeds[0]}–${seeds.at(-1)}` : seeds.join(', ')
  return `seeds ${list} (N = ${seeds.length})`
}

/** Versions, backends and precisions, and the hashes by which the specifications are found again. */
function describeProgram(runs: readonly RunDetail[]): string {
  const provenances = runs.flatMap(({ provenance }) => provenance ?? [])
  const listed = (values: readonly string[]) => [...new Set(values)].join(', ')
  const versions = listed(provenances.map(({ grokscope }) => grokscope))
  const how = listed(provenances.map(({ backend, precision }) => `${backend}, ${precision}`))
  const hashes = listed(runs.flatMap(({ specificationHash }) => specificationHash?.slice(0, hashLength) ?? []))
  const program = versions === '' ? 'Not computed yet' : `Computed with Grokscope ${versions} (${how})`
  return `${program}${hashes === '' ? '' : `; specifications ${hashes}`}.`
}

/** Digits of a hash that tell specifications apart: of 10⁶ of them, two agree with a chance of 2⁻⁹. */
const hashLength = 12
