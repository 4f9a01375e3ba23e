import { valueAt, type SpecDraft } from '../specification/paths.ts'
import { tryStep } from '../tryStep.ts'
import { parseSweep, stepsOfAxis } from './planSweep.ts'

/** A file that cells of a sweep start from. */
export interface StartField {
  /** Where the sweep names it: `base.initialization.path`, or an axis. */
  field: string
  path: string
  /** What the sweep says there itself of what it holds. */
  hash: string | undefined
}

/** The files that the cells of a sweep start from, as they are written, by whatever names them; of what is no sweep none. */
export function startFields(input: unknown): StartField[] {
  const sweep = tryStep(
    () => parseSweep(input),
    () => undefined,
  )
  if (!sweep) return []
  const ofAxes = sweep.axes.flatMap((axis, place) =>
    stepsOfAxis(axis)
      .flat()
      .filter(({ path }) => path === pathField || path === container)
      .map(({ path, value }) => ({
        field: `axes.${place}`,
        start: path === pathField ? { kind: 'file', path: value } : value,
      })),
  )
  // What an axis sets in every cell, the base says in vain.
  const ofBase = ofAxes.length > 0 ? [] : [{ field: `base.${pathField}`, start: valueAt(sweep.base, container) }]
  return [...ofBase, ...ofAxes].flatMap(({ field, start }) => {
    const { kind, path, hash } = (start ?? {}) as SpecDraft
    if (kind !== 'file' || typeof path !== 'string' || path === '') return []
    return [{ field, path, hash: typeof hash === 'string' ? hash : undefined }]
  })
}

const container = 'initialization'
const pathField = 'initialization.path'
