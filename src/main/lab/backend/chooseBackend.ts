import { availableParallelism, cpus } from 'node:os'
import { LabError } from '../../../shared/errors.ts'
import type { Precision } from '../../../shared/specification/limits.ts'
import { devices, isDeviceKind, maxThreads as mostThreads } from '../../../shared/machine.ts'
import { version } from '../../../shared/version.ts'
import { findBlasLibraries, type BlasCandidate } from './blas/findBlasLibraries.ts'
import { backendChoices, type BackendChoice } from './choiceMemory.ts'
import type { BackendSelection } from './openBackend.ts'
import { probeBackends } from './probeBackends.ts'
import type { ProbeReport, ProbeRequest, RunProbe } from './probe.ts'
import { programPlace } from './programPlace.ts'
import { timedSizes, type ProblemSizes } from './timeStep.ts'
import { formatNumber } from '../../../shared/formatting/formatNumber.ts'

export interface BackendWish {
  readonly sizes: ProblemSizes
  readonly precision: Precision
  /** Only this backend; without it, the fastest that passes its test. */
  readonly backend?: BackendSelection['kind'] | undefined
  /** The description of the one that has computed a run that goes on: it is taken again where it is found here. */
  readonly device?: string | undefined
  /** Exactly so many threads; without it, whatever number up to `maxThreads` is fastest. */
  readonly threads?: number | undefined
  readonly maxThreads: number
  /** Where measurements are remembered from one start of the program to the next; without it they are not. */
  readonly cacheFolder?: string | undefined
  /** How a process that tries a backend is started; without it, as Node starts one. */
  readonly runProbe?: RunProbe | undefined
}

/**
 * Chooses the backend of a run: tests and times each, in processes of their own, at the run's own sizes, takes the
 * fastest, and remembers it for this machine, this program, these libraries and sizes like these. What failed may work
 * the next time, so a choice that was made without it is not remembered. The WebAssembly backend, whose bits
 * are the same everywhere, and fewer threads are preferred unless more than 5 % slower. Where nothing can be timed, the
 * plain backend. A device is taken only where it is asked for, and is not timed. What computed a run so far is taken again, however
 * fast others are, and where it is not found the reason says so. Throws BACKEND_UNAVAILABLE where the backend that was asked for
 * cannot be used.
 */
export async function chooseBackend(wish: BackendWish): Promise<BackendChoice> {
  if (wish.backend === 'plain') return plainChoice(wish.precision, 'asked for', [])
  if (wish.backend && isDeviceKind(wish.backend)) {
    const { backend: kind, precision, threads = 1 } = wish
    return { kind, threads, precision, description: devices[kind], reason: 'asked for', timings: [] }
  }
  const libraries = findBlasLibraries()
  const requests = requestsFor(wish, libraries)
  if (requests.length === 0) {
    throw new LabError('BACKEND_UNAVAILABLE', 'no BLAS library was found; name one in GROKSCOPE_BLAS')
  }
  const key = keyOf(requests, libraries)
  const choices = backendChoices(wish.cacheFolder)
  const remembered = choices.recall(key)
  if (remembered) return asBegun(wish, remembered)
  const timings = await probeBackends(requests, undefined, wish.runProbe)
  const choice = fastest(wish, timings)
  const isWhole = timings.every(({ failure }) => failure === undefined)
  if (isWhole) await choices.remember(key, choice)
  return asBegun(wish, choice)
}

/** What a run that goes on was begun by, as far as it is among what was tried. */
function asBegun({ device }: BackendWish, choice: BackendChoice): BackendChoice {
  if (device === undefined) return choice
  const { timings } = choice
  const begun = timings.find(({ description, seconds }) => description === device && seconds !== undefined)
  if (begun) return chosen(begun, 'as the run began', timings)
  return { ...choice, reason: `what the run began by, ${device}, was not found; ${choice.reason}` }
}

/** In the order of preference. */
function requestsFor(wish: BackendWish, libraries: BlasCandidate[]): ProbeRequest[] {
  const { sizes, precision, backend, threads, maxThreads } = wish
  const most = Math.min(maxThreads, mostThreads)
  const counts = threads === undefined ? [...new Set([1, Math.ceil(most / 2), most])] : [threads]
  const selections: Pick<ProbeRequest, 'kind' | 'library'>[] = [
    ...(backend === 'blas' ? [] : [{ kind: 'wasm' as const }]),
    ...(backend === 'wasm' ? [] : libraries.map(({ path }) => ({ kind: 'blas' as const, library: path }))),
  ]
  return selections.flatMap((selection) => counts.map((count) => ({ ...selection, threads: count, precision, sizes })))
}

function fastest(wish: BackendWish, timings: readonly ProbeReport[]): BackendChoice {
  let best: ProbeReport | undefined
  for (const timing of timings) {
    if (timing.seconds === undefined) continue
    if (!best || timing.seconds < 0.95 * best.seconds!) best = timing
  }
  const failures = [...new Set(timings.flatMap(({ failure }) => failure ?? []))]
  if (!best) {
    if (wish.backend) throw new LabError('BACKEND_UNAVAILABLE', failures.join('\n'), timings)
    return plainChoice(wish.precision, failures.join('; '), timings)
  }
  const { samples, hidden, outputs } = timedSizes(wish.sizes)
  const others = timings.filter((timing) => timing !== best && timing.seconds !== undefined)
  const reason = [
    `${nameOf(best)} takes ${milliseconds(best)} for a step of n = ${samples}, d_h = ${hidden}, p = ${outputs}`,
    ...(others.length > 0 ? [others.map((timing) => `${nameOf(timing)} ${milliseconds(timing)}`).join(', ')] : []),
    ...failures,
  ].join('; ')
  return chosen(best, reason, timings)
}

function chosen(timing: ProbeReport, reason: string, timings: readonly ProbeReport[]): BackendChoice {
  const { kind, library, threads, precision, description } = timing
  return { kind, ...(library && { library }), threads, precision, description: description!, reason, timings }
}

function plainChoice(precision: Precision, reason: string, timings: readonly ProbeReport[]): BackendChoice {
  return { kind: 'plain', threads: 1, precision, description: 'plain TypeScript', reason, timings }
}

function nameOf({ kind, description, threads }: ProbeReport): string {
  return `${description ?? kind} on ${threads} ${threads === 1 ? 'thread' : 'threads'}`
}

function milliseconds({ seconds }: ProbeReport): string {
  return `${formatNumber(seconds! * 1000, 3)} ms`
}

/** Everything that a measurement depends on; sizes to the nearest half power of two. */
function keyOf(requests: readonly ProbeRequest[], libraries: readonly BlasCandidate[]): string {
  const bucket = (size: number) => Math.round(2 * Math.log2(size))
  const { sizes, precision } = requests[0]!
  return JSON.stringify({
    processor: cpus()[0]?.model,
    cores: availableParallelism(),
    runtime: process.versions.v8,
    program: [version, programPlace(import.meta.dirname)],
    libraries,
    precision,
    sizes: [sizes.samples, sizes.hidden, sizes.outputs].map(bucket),
    tried: requests.map(({ kind, library, threads }) => [kind, library, threads]),
  })
}
