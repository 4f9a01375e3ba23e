import type { RunEvent } from '../../shared/run.ts'

type Fields = Record<string, unknown>

const isNumber = (value: unknown) => typeof value === 'number'
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && !Array.isArray(value)
const areNumbers = (value: unknown) => isFields(value) && Object.values(value).every(isNumber)

const checks: Record<RunEvent['type'], (event: Fields) => boolean> = {
  started: ({ step, provenance, train }) => isNumber(step) && isFields(provenance) && train instanceof Int32Array,
  progress: ({ step }) => isNumber(step),
  measured: ({ step, tau, seconds, values }) => [step, tau, seconds].every(isNumber) && areNumbers(values),
  snapshot: ({ snapshot }) =>
    isFields(snapshot) &&
    isNumber(snapshot['step']) &&
    isNumber(snapshot['tau']) &&
    areNumbers(snapshot['scalars']) &&
    isFields(snapshot['matrices']) &&
    Object.values(snapshot['matrices']).every(isMatrix),
  event: ({ name, step, tau, value }) => typeof name === 'string' && [step, tau, value].every(isNumber),
  settled: ({ status, step, tau, seconds }) =>
    ['finished', 'failed', 'cancelled'].includes(status as string) && [step, tau, seconds].every(isNumber),
}

function isMatrix(value: unknown): boolean {
  if (!isFields(value)) return false
  const { rows, columns, data } = value
  if (!(data instanceof Float64Array || data instanceof Float32Array)) return false
  return isNumber(rows) && isNumber(columns) && data.length === Number(rows) * Number(columns)
}

/** Whether a value, whatever wrote it, is what a run tells. */
export function isRunEvent(value: unknown): value is RunEvent {
  if (!isFields(value)) return false
  const type = value['type'] as RunEvent['type']
  return Object.hasOwn(checks, type) && checks[type](value)
}
