import { existsSync, readFileSync } from 'node:fs'
import { LabError } from '../../../shared/errors.ts'
import { parseInput } from '../../../shared/parseInput.ts'
import { tilingTableSchema, type TilingTable, type Tilings } from '../../../shared/tilingTable.ts'
import type { Snapshot } from '../../../shared/run.ts'
import type { StepShape } from './stepShape.ts'
import { tilingsOfScalars } from './tilings.ts'
import { kernelChoice, stepShape, type PlannedTraining } from './trainingPlan.ts'

/**
 * The tilings of the steps of a run where they do not follow from its sizes alone: of one that goes on, those that it began with; of another, those
 * that were found fastest on this card, by the table that tuning wrote. Throws INVALID_FILE where that is not as it was written.
 */
export function tilingsFor(
  card: string,
  { shape, dynamics }: PlannedTraining,
  resumeFrom: Pick<Snapshot, 'scalars'> | undefined,
): Tilings | undefined {
  const ofStep = stepShape(shape, dynamics)
  if (kernelChoice(ofStep).fused) return undefined
  if (resumeFrom) return tilingsOfScalars(resumeFrom.scalars)
  return readTilingTable().entries.find((entry) => entry.card === card && isOfShape(entry, ofStep))?.tilings
}

/** Where the table lies; undefined where a system knows no folder for settings. */
export function tilingTablePath(): string | undefined {
  return process.env['GROKSCOPE_TILINGS']
}

/** What tuning wrote; nothing where it has not. Throws INVALID_FILE. */
export function readTilingTable(): TilingTable {
  const path = tilingTablePath()
  if (path === undefined || !existsSync(path)) return { version: 1, entries: [] }
  let given: unknown
  try {
    given = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new LabError('INVALID_FILE', `${path} cannot be read: ${(error as Error).message}; correct it or remove it`)
  }
  return parseInput(tilingTableSchema, given, { code: 'INVALID_FILE', whole: path, prefix: `${path}: ` })
}

/** Whether an entry is about products of these sizes. */
export function isOfShape(entry: TilingTable['entries'][number], shape: StepShape): boolean {
  const names = ['samples', 'inputs', 'hidden', 'outputs'] as const
  return names.every((name) => entry[name] === shape[name]) && entry.isTokens === (shape.perRow !== undefined)
}
