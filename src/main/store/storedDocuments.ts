import { z } from 'zod'
import { LabError } from '../../shared/errors.ts'
import { toRunSpec, type ExperimentSpec, type RunSpec } from '../../shared/experiment.ts'
import { precisions } from '../../shared/specification/limits.ts'
import { parseExperiment } from '../../shared/parseExperiment.ts'
import { findUnacceptable } from '../../shared/findUnacceptable.ts'
import { backendKinds } from '../../shared/machine.ts'
import { parseInput } from '../../shared/parseInput.ts'
import { printable } from '../../shared/printable.ts'
import type { IntegrationReport, Provenance } from '../../shared/run.ts'

const count = z.int().min(0)

const provenance = z.object({
  grokscope: z.string(),
  runtime: z.string(),
  platform: z.string(),
  processor: z.string(),
  backend: z.enum(backendKinds),
  device: z.string(),
  precision: z.enum(precisions),
  lossPrecision: z.enum(precisions).exactOptional(),
  threads: z.int().min(1),
  choice: z.string(),
  steps: z.string().exactOptional(),
  tilings: z.string().exactOptional(),
  testSeconds: z.number().min(0).exactOptional(),
  compileSeconds: z.number().min(0).exactOptional(),
  splitHash: z.string(),
  before: z.string().exactOptional(),
} satisfies Record<keyof Provenance, z.ZodType>) satisfies z.ZodType<Provenance>

const report = z.object({
  accepted: count,
  rejected: count,
  fieldEvaluations: count,
  largestLocalError: z.number(),
}) satisfies z.ZodType<IntegrationReport>

/** As `exactJson` writes numbers. */
const scalars = z.record(z.string(), z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity', '-0'])]))

/** A stored specification, checked again and with the defaults of this version where an older one lacks a field. */
export function storedExperiment(json: string | undefined, what: string): ExperimentSpec {
  return parseStored(storedJson(requireStored(json, what), what), what)
}

export function storedRunSpec(json: string | undefined, what: string): RunSpec {
  const { seed, ...shared } = storedObject(json, what)
  return toRunSpec(parseStored({ ...shared, seeds: [seed] }, what), seed as number)
}

export function storedProvenance(json: string | null, what: string): Provenance | null {
  return json === null ? null : parsed(provenance, json, what)
}

export function storedReport(json: string | null, what: string): IntegrationReport | null {
  return json === null ? null : parsed(report, json, what)
}

export function storedScalars(json: string, what: string): Record<string, number> {
  const entries = Object.entries(parsed(scalars, json, what))
  return Object.fromEntries(entries.map(([name, value]) => [name, Number(value)]))
}

/** What must be there, as it belongs to what was found. A damaged index leads to none, which a look through its table finds. */
export function requireStored<Found>(found: Found | undefined, what: string): Found {
  if (found === undefined) throw damaged(what, 'it is missing')
  return found
}

/** A stored object as it stands. */
export function storedObject(json: string | undefined, what: string): Record<string, unknown> {
  const stored = requireStored(json, what)
  const value = storedJson(stored, what)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw damaged(what, `${quoted(stored)} is not an object`)
}

/** Indices as little-endian int32. */
export function indicesToBytes(indices: Int32Array): Uint8Array {
  return new Uint8Array(indices.buffer, indices.byteOffset, indices.byteLength)
}

/** Throws unless each is below `size`. */
export function bytesToIndices(bytes: Uint8Array, size: number, what: string): Int32Array {
  if (bytes.length % 4 !== 0) throw damaged(what, `its ${bytes.length} bytes are not whole numbers of 4`)
  const indices = new Int32Array(Uint8Array.from(bytes).buffer)
  const wrong = indices.find((index) => index < 0 || index >= size)
  if (wrong === undefined) return indices
  throw damaged(what, `it holds ${wrong}, and there are ${size} pairs`)
}

function parseStored(stored: unknown, what: string): ExperimentSpec {
  try {
    return parseExperiment(withPrintableName(stored))
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    const message = `the specification of ${what} is not valid: ${error.message}`
    throw new LabError('ARCHIVE_UNREADABLE', message, error.detail)
  }
}

/** Names that an older version stored may hold what is refused today. */
function withPrintableName(stored: unknown): unknown {
  const { name } = (stored ?? {}) as { name?: unknown }
  return typeof name === 'string' ? { ...(stored as object), name: printable(name) } : stored
}

function parsed<Schema extends z.ZodType>(schema: Schema, json: string, what: string): z.output<Schema> {
  const door = { code: 'ARCHIVE_UNREADABLE', whole: 'it', prefix: `${what} is damaged: ` } as const
  return parseInput(schema, storedJson(json, what), door)
}

function storedJson(json: string, what: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    throw damaged(what, `${quoted(json)} is not JSON`)
  }
  const unacceptable = findUnacceptable(value)
  if (unacceptable) throw damaged(what, `${quoted(json)} ${unacceptable.message}`)
  return value
}

function quoted(json: string): string {
  return JSON.stringify(json.slice(0, 40))
}

function damaged(what: string, how: string): LabError {
  return new LabError('ARCHIVE_UNREADABLE', `${what} is damaged: ${how}`)
}
