import { describeSpec } from '../../curves/describeRun.ts'
import { stepsOf, type ExperimentSpec } from '../../experiment.ts'
import { canonicalSpecification } from '../../specification/canonicalSpecification.ts'
import type { RunDetail } from '../../run.ts'
import { countThings } from '../../formatting/countThings.ts'

/**
 * How runs were made, in sentences for a section on methods; marked for `setSymbols`. What runs of one name have in common is told
 * once, and of what they differ in each value: those of a sweep are one sentence.
 */
export function describeRuns(runs: readonly RunDetail[]): string {
  if (runs.length === 0) return ''
  const described = runs.map((run) => ({ run, parts: partsOf(run) }))
  const alike = Map.groupBy(described, ({ run, parts }) => `${run.experiment} ${parts.map(({ term }) => term).join()}`)
  const sentences = [...alike.values()].map((members) => {
    const { run, parts } = members[0]!
    const words = parts.map(({ term }, place) => {
      const texts = members.map((member) => member.parts[place]!.text)
      return [term, mergeTexts(texts)].filter(Boolean).join(' ')
    })
    const settings = Map.groupBy(members, ({ run, parts }) => settingOf(run, parts))
    const seeds = [...settings.values()].map((own) => describeSeeds(own.map((member) => member.run.seed)))
    const every = new Set(seeds).size === 1 ? `${seeds[0]!} each` : `${members.length} runs`
    const number = settings.size > 1 ? `${settings.size} settings, ${every}` : seeds[0]!
    const unfinished = members.filter((member) => member.run.status !== 'finished').length
    const short = unfinished > 0 ? [`${countThings(unfinished, 'run')} of ${members.length} not to the end`] : []
    return `${run.experiment}: ${[...words, number, ...short].join('; ')}.`
  })
  return [...sentences, describeProgram(runs)].join(' ')
}

interface Part {
  term: string
  text: string
}

function partsOf(run: RunDetail): Part[] {
  const lines = describeSpec(run).filter(({ term }) => term !== 'Record')
  const parts = lines.map(({ term, text }) => ({ term: term.toLowerCase(), text }))
  // The places of a study are a field of its own, among those lines.
  if ('study' in run.spec) return parts
  const steps = countThings(stepsOf(run.spec), 'step')
  return [...parts, { term: '', text: run.spec.stop ? `at most ${steps}` : steps }]
}

/** What is the same of the seeds of a setting: all that is asked of them, also what no words tell, but for what they keep. */
function settingOf({ spec: { seed, ...shared } }: RunDetail, parts: Part[]): string {
  const { record: _, seeds: __, ...asked } = canonicalSpecification({ ...shared, seeds: [seed] } as ExperimentSpec)
  return JSON.stringify([asked, parts.map(({ text }) => text)])
}

/** "$n$ = 14, 17 or 20" of texts that differ in a value; texts that differ otherwise one after the other. */
function mergeTexts(texts: readonly string[]): string {
  const pieces = [...new Set(texts)].map((text) => text.split(', '))
  const count = pieces[0]!.length
  if (pieces.some((each) => each.length !== count)) return listed(pieces.map((each) => each.join(', ')))
  return Array.from({ length: count }, (_, place) => {
    const values = [...new Set(pieces.map((each) => each[place]!))]
    const start = values[0]!.slice(0, values[0]!.lastIndexOf(' ') + 1)
    if (
      values.length === 1 ||
      start === '' ||
      values.some((value) => value.lastIndexOf(' ') + 1 !== start.length || !value.startsWith(start))
    )
      return listed(values)
    return `${start}${listed(values.map((value) => value.slice(start.length)))}`
  }).join(', ')
}

function listed(values: readonly string[]): string {
  return values.length === 1 ? values[0]! : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`
}

function describeSeeds(given: readonly number[]): string {
  const seeds = [...new Set(given)].toSorted((a, b) => a - b)
  if (seeds.length === 1) return `seed ${seeds[0]}`
  const isRange = seeds.at(-1)! - seeds[0]! === seeds.length - 1
  const list = isRange ? `${seeds[0]}–${seeds.at(-1)}` : seeds.join(', ')
  return `seeds ${list} (N = ${seeds.length})`
}

/** Versions, backends and precisions, and the hashes by which the specifications are found again. */
function describeProgram(runs: readonly RunDetail[]): string {
  const provenances = runs.flatMap(({ provenance }) => provenance ?? [])
  const distinct = (values: readonly string[]) => [...new Set(values)].join(', ')
  const versions = distinct(provenances.map(({ grokscope }) => grokscope))
  const how = distinct(
    provenances.map(({ backend, precision, lossPrecision }) => {
      // In float32 it follows from the backend, and from what was asked for.
      const isTold = lossPrecision !== undefined && [precision, lossPrecision].includes('float32')
      return `${backend}, ${precision}${isTold ? ` with the softmax in ${lossPrecision}` : ''}`
    }),
  )
  const all = [...new Set(runs.flatMap(({ specificationHash }) => specificationHash?.slice(0, hashLength) ?? []))]
  const program = versions === '' ? 'Not computed yet' : `Computed with Grokscope ${versions} (${how})`
  const others = all.length > maxHashes ? ` and ${all.length - maxHashes} more` : ''
  return `${program}${all.length === 0 ? '' : `; specifications ${all.slice(0, maxHashes).join(', ')}${others}`}.`
}

/** Digits of a hash that tell specifications apart: of 10⁶ of them, two agree with a chance of 2⁻⁹. */
const hashLength = 12
/** Hashes that are named; those of a whole sweep are in its archive. */
const maxHashes = 12
