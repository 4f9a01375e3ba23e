import { findDynamics } from '../dynamics/dynamics.ts'
import { integrators } from '../dynamics/integrators.ts'
import { optimizers } from '../dynamics/optimizers.ts'
import { studyOfFacets } from '../studies/studies.ts'
import type { Facets } from '../specification/facets.ts'

/** "isolated, Euler", "training, AdamW", "flow on Z, Heun"; of a study what it is. */
export function describeDynamics(facets: Facets): string {
  const study = studyOfFacets(facets)
  if (study) return study.label
  const dynamics = facets['dynamics.kind'] ?? ''
  const method = facets['dynamics.integrator.kind'] ?? facets['dynamics.optimizer.kind']
  const ridge = facets['dynamics.ridge']
  const kind = dynamics === 'isolated' && ridge ? 'isolated, ridge' : (findDynamics(dynamics)?.label ?? dynamics)
  return method ? `${kind}, ${methodNames.get(method) ?? method}` : kind
}

const methodNames = new Map<string, string>([
  ...Object.entries(integrators).map(([kind, { label }]) => [kind, label] as const),
  ...Object.entries(optimizers).map(([kind, { short }]) => [kind, short] as const),
])
