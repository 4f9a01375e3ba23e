import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { LabError } from '../../shared/errors.ts'
import type { RunSpec } from '../../shared/experiment.ts'
import type { GivenArrays } from '../../shared/givenArrays.ts'
import { joinErrors } from '../../shared/joinErrors.ts'
import type { InitialState } from '../../shared/run.ts'
import { describeSeedless, isSeedless } from '../../shared/seedlessRuns.ts'
import { shareWarnings, startFromArrays } from '../../shared/startFromArrays.ts'
import { quote } from '../../shared/quote.ts'
import { changed, valueAt, type Change } from '../../shared/specification/paths.ts'
import { refuseCell, type SweepCell } from '../../shared/sweep/planSweep.ts'
import { seedsOf, type SweepSpec } from '../../shared/sweep/sweepSchema.ts'
import { isNetworkTask, taskSizes } from '../../shared/tasks/tasks.ts'
import { encodeValue } from '../../shared/wire.ts'
import { makeFolder } from '../files/makeFolder.ts'
import { startHash } from '../store/startHash.ts'
import { putFile } from './putFile.ts'
import { readPlanned } from './readPlanned.ts'

/** What the files of starts hold that the cells of a sweep name, by the hash of it. */
export type SweepStarts = ReadonlyMap<string, GivenArrays>

/** The folder within a sweep's with the starts of its runs, where they are from files; each is called by its hash. */
export const startsFolder = 'starts'

const stored = z.record(
  z.string(),
  z.object({
    shape: z.array(z.int().min(0)),
    data: z.union([
      z.instanceof(Float64Array),
      z.instanceof(Float32Array),
      z.instanceof(Int32Array),
      z.instanceof(Uint8Array),
    ]),
  }),
)

/** Puts the starts into the folder, so that every task has them wherever it runs. */
export async function writeSweepStarts(path: string, starts: SweepStarts): Promise<void> {
  if (starts.size > 0) makeFolder(join(path, startsFolder))
  for (const [hash, arrays] of starts) {
    await putFile(join(path, startsFolder, hash), encodeValue(arrays))
  }
}

/** Whether cells begin from files, as their sweep says that was planned. */
export function hasStarts({ starts }: SweepSpec): boolean {
  return starts !== undefined && Object.keys(starts).length > 0
}

export interface StartCheck {
  /** What is asked of one cell, where no cell before it asked the same. */
  look(cell: SweepCell): void
  /** Throws INVALID_SPECIFICATION with each thing that did not fit: file, shapes and the first cell. */
  require(): void
  /** What a person should know of starts that fit. */
  warnings(): string[]
}

/** Tells of the cells of a sweep whether their starts fit them, `arraysOf` being what a hash stands for. */
export function startCheck(sweep: SweepSpec, arraysOf: (hash: string) => GivenArrays): StartCheck {
  const seen = new Set<string>()
  const refused = new Map<string, LabError>()
  const warnings = new Set<string>()
  return {
    look({ spec, changes }) {
      if ('study' in spec || spec.initialization.kind !== 'file') return
      const { task, network, dynamics, initialization } = spec
      const { path, hash = '', scale } = initialization
      const drawsBatches = dynamics.kind === 'training' && dynamics.batch !== undefined
      const key = JSON.stringify([
        task,
        network,
        dynamics.kind === 'isolated' && dynamics.ridge,
        scale,
        hash,
        drawsBatches,
      ])
      if (seen.has(key)) return
      seen.add(key)
      const refuse = (field: string, value: unknown, message: string) => {
        if (!refused.has(message)) refused.set(message, refuseCell(sweep, changes, { path: field, value, message }))
      }
      try {
        const start = startFromArrays(spec, arraysOf(hash), { path })
        if (start && isNetworkTask(task)) {
          for (const warning of shareWarnings(path, start, taskSizes(task))) warnings.add(warning)
        }
        const varied = start?.train && variedShare(sweep, changes)
        if (varied) {
          const message = `${quote(varied.value)} has no effect: the training set is train of ${path}; remove the axis or train`
          refuse(varied.path, varied.value, message)
        }
        const seeds = seedsOf(sweep)
        if (start && seeds.length > 1 && isSeedless(spec, start)) {
          refuse(
            'seeds',
            seeds,
            `${seeds.length} seeds are not allowed with the start ${path}: ${describeSeedless(seeds.length)}`,
          )
        }
      } catch (error) {
        if (!(error instanceof LabError)) throw error
        refuse('initialization.path', path, error.message)
      }
    },
    require() {
      const [first, ...others] = refused.values()
      if (first) throw joinErrors([first, ...others])
    },
    warnings: () => [...warnings],
  }
}

/** What a cell says of how samples are split, where that is not what the base says, whether its axis sets the field or the task. */
function variedShare({ base }: SweepSpec, changes: readonly Change[]): Change | undefined {
  const cell = changed(base, changes)
  return ['task.trainFraction', 'task.split']
    .map((path) => ({ path, value: valueAt(cell, path) }))
    .find(({ path, value }) => value !== undefined && !isDeepStrictEqual(value, valueAt(base, path)))
}

/**
 * Tells of the runs of a sweep what they start from, where that is a file. Throws INVALID_FILE where it is not what was planned.
 */
export function readSweepStarts({ path }: { path: string }): (spec: RunSpec) => InitialState | undefined {
  let latest: { hash: string; arrays: GivenArrays } | undefined
  return (spec) => {
    if ('study' in spec || spec.initialization.kind !== 'file') return undefined
    const { hash = '' } = spec.initialization
    if (latest?.hash !== hash) latest = { hash, arrays: readStoredStart(path, hash) }
    return startFromArrays(spec, latest.arrays, { path: join(path, startsFolder, hash) })
  }
}

/** What the folder of a sweep holds under a hash. Throws INVALID_FILE. */
export function readStoredStart(path: string, hash: string): GivenArrays {
  return readPlanned(join(path, startsFolder, hash), { stored, hash, hashOf: startHash })
}
