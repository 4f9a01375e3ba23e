import { LabError } from '../../shared/errors.ts'
import { parseExperiment, toRunSpec, type ExperimentSpec, type RunSpec } from '../../shared/experiment.ts'
import { printable } from '../../shared/printable.ts'

/** A stored specification, checked again and with the defaults of this version where an older one lacks a field. */
export function storedExperiment(json: string, what: string): ExperimentSpec {
  const stored = storedJson(json, what)
  try {
    return parseExperiment(withPrintableName(stored))
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    throw new LabError(
      'ARCHIVE_UNREADABLE',
      `the specification of ${what} is not valid: ${error.message}`,
      error.detail,
    )
  }
}

/** Names that an older version stored may hold what is refused today. */
function withPrintableName(stored: unknown): unknown {
  const { name } = (stored ?? {}) as { name?: unknown }
  return typeof name === 'string' ? { ...(stored as object), name: printable(name) } : stored
}

export function storedRunSpec(json: string, what: string): RunSpec {
  const { seed, ...shared } = storedJson(json, what) as RunSpec
  return toRunSpec(storedExperiment(JSON.stringify({ ...shared, seeds: [seed] }), what), seed)
}

export function storedJson(json: string, what: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw new LabError('ARCHIVE_UNREADABLE', `${what} is damaged: ${JSON.stringify(json.slice(0, 40))} is not JSON`)
  }
}

/** Indices as little-endian int32. */
export function indicesToBytes(indices: Int32Array): Uint8Array {
  return new Uint8Array(indices.buffer, indices.byteOffset, indices.byteLength)
}

export function bytesToIndices(bytes: Uint8Array): Int32Array {
  return new Int32Array(Uint8Array.from(bytes.subarray(0, bytes.length - (bytes.length % 4))).buffer)
}
