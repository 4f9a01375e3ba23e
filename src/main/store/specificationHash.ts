import { createHash } from 'node:crypto'
import { tryStep } from '../../shared/tryStep.ts'
import type { ExperimentSpec, RunSpec } from '../../shared/experiment.ts'
import { canonicalSpecification } from '../../shared/specification/canonicalSpecification.ts'
import { canonicalJson } from './canonicalJson.ts'
import { storedRunSpec } from './storedDocuments.ts'

/**
 * SHA-256 of a run's specification in its canonical form, seed included: the same however it is written and whatever the run
 * is called, in this and in every later version. `test/support/reference/specificationHashes.json` holds it to that.
 */
export function specificationHash({ seed, ...shared }: RunSpec): string {
  return sha256(canonicalText(shared)(seed))
}

/** The same of the run of each seed of an experiment. */
export function specificationHashes({ seeds, ...shared }: ExperimentSpec): string[] {
  const textOf = canonicalText(shared)
  return seeds.map((seed) => sha256(textOf(seed)))
}

type Shared = Omit<ExperimentSpec, 'seeds'> | Omit<RunSpec, 'seed'>

/** The last one asked for: of many runs in a row, all but their seeds is most often the same. */
let latest: { said: string; textOf: (seed: number) => string } | undefined

/** The canonical form of the run of a seed, as text. */
function canonicalText(shared: Shared): (seed: number) => string {
  const said = JSON.stringify(shared)
  if (latest?.said !== said) latest = { said, textOf: textsOf(shared) }
  return latest.textOf
}

function textsOf(shared: Shared): (seed: number) => string {
  const formOf = (seed: number) => canonicalSpecification({ ...shared, seeds: [seed] } as ExperimentSpec)
  const [before, after] = canonicalJson({ ...formOf(usualSeed + 1), seeds: null }).split('"seeds":null') as [
    string,
    string,
  ]
  let usual: string | undefined
  return (seed) => (seed === usualSeed ? (usual ??= canonicalJson(formOf(seed))) : `${before}"seeds":[${seed}]${after}`)
}

/** The seed that holds where none is said, and is not said in the canonical form. */
const usualSeed = 0

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** The same of a specification as it is stored; `null` where this version does not know what it says. */
export function specificationHashOf(json: string): string | null {
  const spec = tryStep(
    () => storedRunSpec(json, 'a run'),
    () => undefined,
  )
  return spec ? specificationHash(spec) : null
}
