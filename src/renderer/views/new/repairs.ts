import { limits, parseExperiment } from '../../../shared/experiment.ts'
import type { SpecificationProblem } from '../../../shared/parseInput.ts'
import { LabError } from '../../../shared/errors.ts'
import { usualValues, type UsualPath } from '../../../shared/usualValues.ts'
import { changed, valueAt, type Change, type SpecDraft } from './specPaths.ts'

export interface Repair {
  label: string
  changes: Change[]
}

/** Changes that do away with a problem; each has been tried, and none is offered that does not. */
export function repairsOf(problem: SpecificationProblem, draft: SpecDraft): Repair[] {
  const seen = new Set<string>()
  return candidates(problem, draft).filter(({ label, changes }) => {
    if (seen.has(label)) return false
    seen.add(label)
    return !problemsOf(changed(draft, changes)).some(({ path }) => path === problem.path)
  })
}

/** Everything wrong with a draft, by the engine's own schema. */
export function problemsOf(draft: unknown): SpecificationProblem[] {
  try {
    parseExperiment(draft)
    return []
  } catch (error) {
    if (error instanceof LabError && error.code === 'INVALID_SPECIFICATION')
      return error.detail as SpecificationProblem[]
    throw error
  }
}

function candidates({ path, value, message }: SpecificationProblem, draft: SpecDraft): Repair[] {
  const set = (to: unknown, label = `Set ${String(to)}`): Repair => ({ label, changes: [{ path, value: to }] })
  const without = { label: 'Leave it out', changes: [{ path, value: undefined }] }
  switch (path) {
    case 'network.hidden': {
      const needed = Number(/at least (\d+)/.exec(message)?.[1])
      const repairs = withinLimits(path, value).map((to) => set(to))
      const ridge: Repair = { label: 'Use a ridge, λ = 0.01', changes: [{ path: 'dynamics.ridge', value: 0.01 }] }
      const next = 2 ** Math.ceil(Math.log2(needed))
      const isIsolated = valueAt(draft, 'dynamics.kind') === 'isolated'
      const fitting = needed > 1 ? [set(next), set(needed)] : []
      return [...repairs, ...fitting, ...(isIsolated && needed > 1 ? [ridge] : []), set(256)]
    }
    case 'task.trainFraction':
      return [set(0.7), set(0.9)]
    case 'task.start': {
      const start = [-1, 1, 0.5].slice(0, Number(/has the (\d) parameters/.exec(message)?.[1] ?? 2))
      return [set(start, `Set ${start.join(', ')}`)]
    }
    case 'dynamics.weightDecay':
      return [...usually(path, draft).map((to) => set(to)), set(0)]
    case 'dynamics.learningRate':
      return usually(path, draft).flatMap((to) => [set(to), set(to / 2)])
    case 'dynamics.integrator.stepSize':
    case 'dynamics.integrator.tolerance':
      return usually(path, draft).map((to) => set(to))
    case 'dynamics.ridge':
      return [set(0), set(0.01)]
    case 'precision':
      return [set('float64', 'Use float64')]
    case 'dynamics.lossPrecision':
      return [
        set('float64', 'Use float64'),
        { label: 'Compute all in float32', changes: [{ path: 'precision', value: 'float32' }] },
      ]
    case 'record.geometry':
      return [{ label: 'Do not measure it', changes: [{ path, value: undefined }] }]
    case 'record.geometry.lag':
      return [set(valueAt(draft, 'record.geometry.every')), set(10)]
    case 'seeds':
      return [set(distinct(value), 'Keep each once'), set([0], 'Set 0')]
    default:
      return [...withinLimits(path, value).map((to) => set(to)), without]
  }
}

function usually(path: UsualPath, draft: SpecDraft): number[] {
  const value = usualValues(draft)[path]
  return value === undefined ? [] : [value]
}

/** The ends of what a bounded field allows, the nearer first, and the whole number next to a broken one. */
function withinLimits(path: string, value: unknown): number[] {
  const name = path.split('.').at(-1)!
  const bounds = name in limits ? limits[name as keyof typeof limits] : null
  if (!bounds || typeof value !== 'number') return []
  const rounded = Math.round(value)
  return [Math.min(bounds.most, Math.max(bounds.least, rounded))]
}

function distinct(value: unknown): unknown {
  return Array.isArray(value) ? [...new Set(value as unknown[])] : value
}
