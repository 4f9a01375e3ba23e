import { branchProblems } from '../../shared/branchProblems.ts'
import type { Estimation, Submission } from '../../shared/contract/experiments.ts'
import type { Responses } from '../../shared/contract.ts'
import { LabError, toErrorRecord } from '../../shared/errors.ts'
import { estimateCost, type CostEstimate } from '../../shared/estimate.ts'
import { requireComposed, toRunSpec, type ExperimentSpec } from '../../shared/experiment.ts'
import { fitLines } from '../../shared/fitLines.ts'
import { whyNotComputed, type BackendKind } from '../../shared/machine.ts'
import { parseExperiment } from '../../shared/parseExperiment.ts'
import type { Dataset } from '../../shared/tasks/dataset.ts'
import { valueAt, type SpecDraft } from '../../shared/specification/paths.ts'
import { branchOriginOf } from '../../shared/specification/specificationOfRun.ts'
import type { SpecificationProblem } from '../../shared/parseInput.ts'
import type { FigureId } from '../../shared/papers/papers.ts'
import type { InitialState, RunDetail, Snapshot } from '../../shared/run.ts'
import type { Archive } from '../store/archive.ts'
import { parameterShapes } from '../store/matrixShape.ts'
import { completeSweep, type CompletedSweep } from './interchange/completeSweep.ts'
import { createDatasetReader } from './interchange/datasetFile.ts'
import { readInitialState } from './interchange/initialStateFile.ts'
import { completeEach } from './interchange/completeEach.ts'
import { readEach } from './interchange/readEach.ts'
import type { BackendRequest } from '../engine/messages.ts'
import { runsAtOnce } from './requireMemory.ts'
import { requireOneByOne, type RunService } from './runs.ts'
import type { SpeedService } from './speed.ts'

export interface SubmitOptions {
  tags?: readonly string[]
  figure?: FigureId
  /** What computes the runs; without it, what the host chooses. */
  backend?: BackendKind | undefined
  /** Where relative paths of the specification begin. */
  folder?: string
  /** What all the runs start from, instead of the files that the specifications name. */
  start?: InitialState | undefined
  /** The data that all the runs are set before, where the archive may lose it meanwhile. */
  dataset?: Dataset | undefined
}

export interface ExperimentService {
  /** `together`: how many runs start with it, its own among them. */
  estimate(input: unknown, backend?: BackendKind, together?: number): Promise<Estimation>
  /** What a file of data holds. Throws INVALID_FILE. */
  describeDataset(path: string): Promise<Responses['dataset.describe']>
  /** A sweep with what its files hold, of data only unless the archive has it. Throws INVALID_SPECIFICATION. */
  completeSweep(input: unknown): Promise<CompletedSweep>
  submit(input: unknown, options?: SubmitOptions): Promise<Submission>
  /** Several experiments, all of them or none. */
  submitAll(inputs: readonly unknown[], options?: SubmitOptions): Promise<Submission[]>
  /**
   * A new experiment that starts from a snapshot of a run, on that run's training set, under another specification. Throws
   * INVALID_SPECIFICATION where that has other data, another split or other shapes.
   */
  branch(
    runId: string,
    step: number,
    input: unknown,
    extra?: Pick<SubmitOptions, 'tags' | 'backend'>,
  ): Promise<Submission>
  /** The same specification and seed once more, from the same start: of a branch a branch of the same parent. */
  rerun(runIds: readonly string[]): Submission
}

export interface ExperimentServiceOptions {
  archive: Archive
  runs: RunService
  slots: number
  /** What computes runs for which none is asked for. */
  backend: BackendRequest
  speed: SpeedService
}

export function createExperimentService(options: ExperimentServiceOptions): ExperimentService {
  const { archive, runs } = options

  const { complete, describe } = createDatasetReader((hash) => archive.datasets.has(hash))

  async function submitAll(inputs: readonly unknown[], extra: SubmitOptions = {}): Promise<Submission[]> {
    const { folder = process.cwd(), backend, start } = extra
    const completed = await completeEach(inputs, folder, { complete })
    const specs = completed.map(({ input }) => parseExperiment(input))
    for (const spec of specs) requireComputable(spec, backend)
    runs.requireMemory(specs, backend)
    const starts = start ? [] : await readEach(specs, (spec) => readInitialState(spec, folder))
    const planned = specs.map((spec, i) => {
      const given = { initial: start ?? starts[i]?.state, dataset: completed[i]!.dataset ?? extra.dataset }
      return newExperiment(withStartHash(spec, starts[i]?.hash), given, extra)
    })
    const created = archive.together(() => planned.map((experiment) => archive.runs.createExperiment(experiment)))
    runs.start(
      created.flatMap(({ runIds }) => runIds),
      planned.flatMap((experiment) => experiment.runs),
    )
    return created.map((submission, i) => ({
      ...submission,
      warnings: [...completed[i]!.warnings, ...(starts[i]?.warnings ?? [])],
    }))
  }

  /** A file that cannot be taken is a problem of the field that names it: of data, unless it says another. */
  async function toldAtField<Output>(path: 'task.path' | 'base.task.path', input: unknown, completed: Promise<Output>) {
    try {
      return await completed
    } catch (error) {
      const { code, message, detail } = toErrorRecord(error)
      if (code !== 'INVALID_FILE') throw error
      if (detail) throw new LabError('INVALID_SPECIFICATION', message, detail)
      const problem: SpecificationProblem = {
        path,
        value: valueAt(input as SpecDraft, path),
        message: `${path}: ${message}`,
      }
      throw new LabError('INVALID_SPECIFICATION', problem.message, [problem])
    }
  }

  /** A device that cannot compute it is not there for it. */
  async function speedOf(spec: ExperimentSpec, backend?: BackendKind, together?: number): Promise<number | null> {
    if (backend && whyNotComputed(spec, backend) !== null) return null
    return options.speed.measure(spec, backend, together)
  }

  return {
    async estimate(input, backend, together) {
      try {
        const completed = await toldAtField('task.path', input, complete(input, process.cwd()))
        const spec = parseExperiment(completed.input)
        const atOnce = runsAtOnce(options.slots, { ...options.backend, ...(backend && { kind: backend }) })
        return { problems: [], spec, ...estimateExperiment(spec, atOnce, await speedOf(spec, backend, together)) }
      } catch (error) {
        if (toErrorRecord(error).code !== 'INVALID_SPECIFICATION') throw error
        const problems = (error as LabError).detail as SpecificationProblem[]
        return { problems, spec: null, estimate: null, wallSeconds: null }
      }
    },
    async describeDataset(path) {
      const { content, warnings } = await describe(path, process.cwd())
      return { content, warnings }
    },
    completeSweep: (input) => toldAtField('base.task.path', input, completeSweep(input, process.cwd(), { complete })),
    submitAll,
    async submit(input, extra) {
      const [submission] = await submitAll([input], extra)
      return submission!
    },
    async branch(runId, step, input, { tags, backend } = {}) {
      archive.integrity.require(runId)
      const parent = archive.runs.run(runId)
      const parentSpec = requireComposed(parent.spec)
      const { matrices } = archive.snapshots.readSnapshot(runId, step)
      const { input: completed, dataset, warnings } = await complete(input, process.cwd())
      const spec = requireComposed(parseExperiment(completed))
      const problems = branchProblems(spec, parentSpec)
      if (problems.length > 0) {
        const lines = problems.map(({ message }) => message)
        throw new LabError('INVALID_SPECIFICATION', fitLines(lines), problems)
      }
      const parameters = parametersAt(parent, step, matrices)
      requireComputable(spec, backend)
      runs.requireMemory([spec], backend)
      const initial: InitialState = { parameters, ...(parent.train ? { train: parent.train } : {}) }
      const planned = spec.seeds.map((seed) => ({
        spec: toRunSpec(spec, seed),
        initial: () => initial,
        parent: { runId, step },
        ...(backend && { backend }),
      }))
      const submission = archive.runs.createExperiment({
        spec,
        runs: planned,
        ...(dataset && { dataset }),
        ...(tags && { tags }),
      })
      runs.start(submission.runIds, planned)
      return { ...submission, warnings }
    },
    rerun(runIds) {
      for (const runId of runIds) archive.integrity.require(runId)
      const originals = runIds.map((runId) => archive.runs.run(runId))
      for (const original of originals) requireOneByOne(original, 'repeated')
      const [first] = originals
      if (!first) throw new LabError('NOT_FOUND', 'no run to repeat')
      const { spec } = archive.runs.experiment(first.experimentId)
      const planned = originals.map((original) => {
        const parent = branchOriginOf(original)
        const backend = archive.runs.backendAskedFor(original.id)
        const { provenance } = original
        return {
          spec: original.spec,
          // Another sums in another order.
          ...(provenance && { like: provenance }),
          ...(parent && { parent }),
          ...(archive.runs.isGivenStart(original.id) && { initial: () => archive.runs.initialState(original.id)! }),
          ...(backend && { backend }),
        }
      })
      runs.requireMemory(originals.map((original) => original.spec))
      const submission = archive.runs.createExperiment({ spec, runs: planned })
      runs.start(submission.runIds, planned)
      return submission
    },
  }
}

function newExperiment(
  spec: ExperimentSpec,
  { initial, dataset }: { initial: InitialState | undefined; dataset: Dataset | undefined },
  { figure, tags, backend }: SubmitOptions,
) {
  const runs = spec.seeds.map((seed) => ({
    spec: toRunSpec(spec, seed),
    ...(initial && { initial: () => initial }),
    ...(backend && { backend }),
  }))
  return { spec, runs, ...(dataset && { dataset }), ...(figure && { figure }), ...(tags && { tags }) }
}

/** The specification with what its start is, where that was read from a file. */
function withStartHash(spec: ExperimentSpec, hash: string | undefined): ExperimentSpec {
  if ('study' in spec || spec.initialization.kind !== 'file' || hash === undefined) return spec
  return { ...spec, initialization: { ...spec.initialization, hash } }
}

/** Refuses a specification that the backend asked for does not compute. */
function requireComputable(spec: ExperimentSpec, backend: BackendKind | undefined): void {
  const why = backend ? whyNotComputed(spec, backend) : null
  if (why !== null) throw new LabError('INVALID_SPECIFICATION', why)
}

/** What one run is foreseen to cost, and how long all of them take of which so many are computed at once (`runsAtOnce`). */
export function estimateExperiment(
  spec: ExperimentSpec,
  atOnce: number,
  multiplyAddsPerSecond: number | null,
): { estimate: CostEstimate; wallSeconds: number | null } {
  const estimate = estimateCost(spec, multiplyAddsPerSecond)
  const { seconds } = estimate
  return { estimate, wallSeconds: seconds === null ? null : Math.ceil(spec.seeds.length / atOnce) * seconds }
}

/** The parameters in a snapshot of a run, without what a dynamics keeps beside them. */
function parametersAt({ id, spec }: RunDetail, step: number, matrices: Snapshot['matrices']): Snapshot['matrices'] {
  return Object.fromEntries(
    parameterShapes(spec).map(({ name }) => {
      const matrix = matrices[name]
      if (!matrix) throw new LabError('NOT_FOUND', `run ${id} has no matrix ${name} at step ${step}`)
      return [name, matrix]
    }),
  )
}
