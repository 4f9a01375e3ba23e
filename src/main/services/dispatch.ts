import { inspect } from 'node:util'
import { requests, type Handlers, type RequestName } from '../../shared/contract.ts'
import { LabError, toErrorRecord, type ErrorRecord, type Result } from '../../shared/errors.ts'
import { parseInput } from '../../shared/parseInput.ts'
import { quote } from '../../shared/quote.ts'
import { logToStandardError, type Log } from './logToStandardError.ts'

/**
 * Answers one request from outside, whatever was sent: unknown names and inputs that do not fit the contract are
 * errors like any other. Never rejects; a defect leaves its stack in the log, and so does what lies behind an error.
 */
export async function dispatch(
  handlers: Partial<Handlers>,
  name: unknown,
  input: unknown,
  log: Log = logToStandardError,
): Promise<Result<unknown>> {
  try {
    return { ok: true, data: await handle(handlers, name, input) }
  } catch (error) {
    const record = describeFailure(error)
    const isOfNote = record.code === 'INTERNAL' || (error instanceof LabError && error.cause !== undefined)
    if (isOfNote) log(`${inspect(name)}: ${inspect(error)}`)
    return { ok: false, error: record }
  }
}

async function handle(handlers: Partial<Handlers>, name: unknown, input: unknown): Promise<unknown> {
  if (!isRequestName(name) || !handlers[name]) {
    const known = Object.keys(handlers).join(', ')
    throw new LabError('INVALID_REQUEST', `request: ${quote(name)} is not known; one of ${known}`)
  }
  const data = parseInput(requests[name], input, { code: 'INVALID_REQUEST', whole: 'input', prefix: `${name}: ` })
  const handler = handlers[name] as (data: unknown) => unknown
  return handler(data)
}

function isRequestName(name: unknown): name is RequestName {
  return typeof name === 'string' && Object.hasOwn(requests, name)
}

/** Anything may be thrown, also what has no text of its own. */
function describeFailure(error: unknown): ErrorRecord {
  return error instanceof Error ? toErrorRecord(error) : { code: 'INTERNAL', message: inspect(error) }
}
