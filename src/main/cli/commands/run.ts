import { dirname, resolve } from 'node:path'
import { errorAdvice, LabError } from '../../../shared/errors.ts'
import { stepsOf, type ExperimentSpec } from '../../../shared/experiment.ts'
import type { BackendKind } from '../../../shared/machine.ts'
import { printable } from '../../../shared/printable.ts'
import { quote } from '../../../shared/quote.ts'
import type { RunSummary } from '../../../shared/run.ts'
import { branchOriginOf, specificationOfRun } from '../../../shared/specification/specificationOfRun.ts'
import { usualValueCautions } from '../../../shared/usualValues.ts'
import { estimateExperiment } from '../../services/experiments.ts'
import { completeEach } from '../../services/interchange/completeEach.ts'
import { createDatasetReader, saidDataset } from '../../services/interchange/datasetFile.ts'
import { readEach } from '../../services/interchange/readEach.ts'
import { readInitialState } from '../../services/interchange/initialStateFile.ts'
import { openNodeMachine } from '../../services/nodeLaboratory.ts'
import { isArchiveThere, readArchive } from '../../services/readArchive.ts'
import { requireMemory, runsAtOnce } from '../../services/requireMemory.ts'
import { applySettings, withNamedFiles } from '../applySettings.ts'
import { ask } from '../ask.ts'
import { backendOf, namedBackend, openJobHost, type LaboratoryArguments } from '../jobHost.ts'
import { adviseResume } from '../resumeCommand.ts'
import { nameOfInput, readJson } from '../readJson.ts'
import { watchRuns } from '../watchRuns.ts'
import { formatBytes, formatFixed } from '../../../shared/formatting/formatNumber.ts'
import { countThings } from '../../../shared/formatting/countThings.ts'
import { formatDuration } from '../../../shared/formatting/formatTime.ts'

interface RunArguments extends LaboratoryArguments {
  set: string[]
  yes?: boolean
  json?: boolean
}

/**
 * `grokscope run SPEC.json`: one specification, or a list of them; `-` is standard input. Nothing is written before all are
 * accepted.
 */
export async function run(path: string, options: RunArguments): Promise<void> {
  const folder = dirname(resolve(path))
  const specs: ExperimentSpec[] = []
  const given = (await readSpecifications(path)).map((each) => withNamedFiles(repeated(each), options.set))
  const kept = await keptDatasets(given, options.archive)
  const completed = await completeEach(
    given,
    folder,
    createDatasetReader((hash) => kept.has(hash)),
  )
  const warn = (place: number, warning: string) =>
    process.stderr.write(`${printable(`${called(given, place)}${warning}`)}\n`)
  for (const [place, { input, warnings }] of completed.entries()) {
    for (const warning of warnings) warn(place, warning)
    specs.push(accepted(input, options.set, called(given, place)))
  }
  const { backend: asked, ...own } = options
  const backend = namedBackend(asked)
  await accept(specs, own, backend)
  const starts = await readEach(specs, async (spec) => (await readInitialState(spec, folder))?.warnings ?? [])
  for (const [place, spec] of specs.entries()) {
    for (const warning of starts[place]!) warn(place, warning)
    for (const { path: field, message } of usualValueCautions(spec)) warn(place, `${field}: ${message}`)
  }
  const host = await openJobHost(own)
  const watch = watchRuns(host, options.json)
  try {
    const ended = await watch.untilEnded(await host.submit(specs, folder, backend))
    report(ended, options.json)
    adviseResume(ended, options)
  } finally {
    watch.end()
    await host.close()
  }
}

/** Before what is said of one of several specifications, which it is: `experiment 2, "wide": `. */
function called(given: readonly unknown[], place: number): string {
  if (given.length === 1) return ''
  const { name } = (given[place] ?? {}) as { name?: unknown }
  return `experiment ${place + 1}${typeof name === 'string' ? `, ${quote(name)}` : ''}: `
}

/** Throws what `applySettings` throws, of the specification that is called so. */
function accepted(input: unknown, settings: readonly string[], of: string): ExperimentSpec {
  try {
    return applySettings(input, settings)
  } catch (error) {
    if (of === '' || !(error instanceof LabError) || error.code !== 'INVALID_SPECIFICATION') throw error
    throw new LabError(error.code, of + error.message.replaceAll('\n', `\n${of}`), error.detail)
  }
}

/** Of the data that specifications say they are of, what the archive has: their files may be gone. */
async function keptDatasets(given: readonly unknown[], path: string | undefined): Promise<Set<string>> {
  const kept = new Set<string>()
  const said = given.flatMap((each) => saidDataset(each) ?? [])
  if (said.length === 0 || !isArchiveThere(path)) return kept
  await readArchive(path, ({ datasets }) => said.filter((hash) => datasets.has(hash)).forEach((hash) => kept.add(hash)))
  return kept
}

/** What is to be computed: of a run that was exported its specification, with its seed. */
function repeated(given: unknown): unknown {
  const spec = specificationOfRun(given)
  if (!spec) return given
  const origin = branchOriginOf(given)
  if (origin) {
    const words = `the run is a branch of run ${origin.runId} at step ${origin.step}; this one begins anew, as its specification says`
    process.stderr.write(`${printable(words)}\n`)
  }
  return spec
}

/** Says how each run ended and what to do about it, and sets the exit code where one failed. */
export function report(summaries: readonly RunSummary[], json: boolean | undefined): void {
  if (summaries.some(({ status }) => status !== 'finished')) process.exitCode = 1
  if (json) return
  for (const { id, name, status, step, seconds, latest, events, message } of summaries) {
    const accuracy = latest.testAccuracy === undefined ? '' : `, test accuracy ${formatFixed(latest.testAccuracy, 3)}`
    const stall = events.stalled ? `, stalled at step ${events.stalled.step}` : ''
    const reason = message ? `: ${message}` : ''
    const course = `${status} at step ${step} in ${formatDuration(seconds)}${accuracy}${stall}${reason}`
    process.stdout.write(`${printable(`${id}  ${name}: ${course}`)}\n`)
  }
  for (const code of new Set(summaries.map((run) => run.code))) {
    if (code !== null) process.stderr.write(`${errorAdvice[code]}\n`)
  }
}

const longSeconds = 12 * 3600
const largeBytes = 20 * 2 ** 30
/** Slower than any machine that was measured: by this it is decided whether measuring is worth while, and nothing else. */
const minMultiplyAddsPerSecond = 2e9

/** Refuses what this machine cannot hold, shows what long or large experiments are foreseen to cost, and asks. */
async function accept(
  specs: readonly ExperimentSpec[],
  { yes = false, archive, ...own }: RunArguments,
  backend: BackendKind | undefined,
): Promise<void> {
  const arithmetic = backendOf({ ...own, ...(backend && { backend }) })
  const machine = openNodeMachine(archive, { backend: arithmetic, slots: own.slots })
  const atOnce = runsAtOnce(machine.slots, arithmetic)
  const costly = (rateOf: (spec: ExperimentSpec) => number | null) =>
    specs
      .map((spec) => ({ spec, ...estimateExperiment(spec, atOnce, rateOf(spec)) }))
      .map((foreseen) => ({ ...foreseen, diskBytes: foreseen.estimate.diskBytes * foreseen.spec.seeds.length }))
      .filter(({ wallSeconds, diskBytes }) => (wallSeconds ?? Infinity) > longSeconds || diskBytes > largeBytes)
  try {
    requireMemory(specs, { atOnce })
    const doubtful = costly(() => minMultiplyAddsPerSecond)
    if (yes || doubtful.length === 0) return
    for (const { spec } of doubtful) await machine.speed.measure(spec)
    for (const { spec, wallSeconds, estimate, diskBytes } of costly(machine.speed.known)) {
      await ask(
        `"${spec.name}": ${spec.seeds.length} × ${countThings(stepsOf(spec), 'step')}, ` +
          `${wallSeconds === null ? 'time not measured' : `expected to take ${formatDuration(wallSeconds)}`}, ` +
          `${formatBytes(estimate.memoryBytes)} of memory a run, ${formatBytes(diskBytes)} on disk`,
      )
    }
  } finally {
    machine.close()
  }
}

/** The specifications in a file of JSON, one or a list of them, not looked at yet. Throws INVALID_FILE. */
export async function readSpecifications(path: string): Promise<unknown[]> {
  const value = await readJson(path)
  const specs: unknown[] = Array.isArray(value) ? value : [value]
  if (specs.length === 0)
    throw new LabError('INVALID_FILE', `${nameOfInput(path)} holds an empty list; at least one specification`)
  return specs
}
