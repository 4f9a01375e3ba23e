import { createHash } from 'node:crypto'
import { tryStep } from '../../shared/tryStep.ts'
import type { RunSpec } from '../../shared/experiment.ts'
import { canonicalSpecification } from '../../shared/specification/canonicalSpecification.ts'
import { canonicalJson } from './canonicalJson.ts'
import { storedRunSpec } from './storedDocuments.ts'

/**
 * SHA-256 of a run's specification in its canonical form, seed included: the same however it is written and whatever the run
 * is called, in this and in every later version. `test/support/reference/specificationHashes.json` holds it to that.
 */
export function specificationHash({ seed, ...shared }: RunSpec): string {
  const canonical = canonicalSpecification({ ...shared, seeds: [seed] })
  return createHash('sha256').update(canonicalJson(canonical)).digest('hex')
}

/** The same of a specification as it is stored; `null` where this version does not know what it says. */
export function specificationHashOf(json: string): string | null {
  const spec = tryStep(
    () => storedRunSpec(json, 'a run'),
    () => undefined,
  )
  return spec ? specificationHash(spec) : null
}
