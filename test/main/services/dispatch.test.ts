import { describe, expect, it, vi } from 'vitest'
import { dispatch } from '../../../src/main/services/dispatch.ts'
import { requests, type Handlers, type RequestName } from '../../../src/shared/contract.ts'
import { LabError } from '../../../src/shared/errors.ts'

const runId = '7f3a1c52-93f1-4b7e-8f2c-0d6a5b1e9c44'

/** Handlers that answer every request with what it received, but for those given. */
function handlersWith(given: Partial<Record<RequestName, (data: never) => unknown>> = {}): Handlers {
  const echo = Object.fromEntries(Object.keys(requests).map((name) => [name, (data: unknown) => data]))
  return { ...echo, ...given } as unknown as Handlers
}

async function failure(name: unknown, input: unknown, handlers = handlersWith()) {
  const result = await dispatch(handlers, name, input, () => undefined)
  if (result.ok) throw new Error(`expected a failure, got ${JSON.stringify(result.data)}`)
  return result.error
}

describe('dispatch', () => {
  it('hands the checked input, defaults filled in, to the handler of that name', async () => {
    const result = await dispatch(handlersWith(), 'run.tag', { changes: [{ runIds: [runId, runId], add: [' seed '] }] })
    expect(result).toEqual({ ok: true, data: { changes: [{ runIds: [runId], add: ['seed'], remove: [] }] } })
  })

  it('counts each run, measurement and tag once, however often it is named', async () => {
    const runIds = Array<string>(20_000).fill(runId)
    const change = { runIds, add: ['a', 'a ', 'b'], remove: ['c', 'c'] }
    expect(await dispatch(handlersWith(), 'run.tag', { changes: [change] })).toEqual({
      ok: true,
      data: { changes: [{ runIds: [runId], add: ['a', 'b'], remove: ['c'] }] },
    })
    expect(
      await dispatch(handlersWith(), 'run.curves', { runIds, measurements: ['trainLoss', 'testMse', 'trainLoss'] }),
    ).toEqual({ ok: true, data: { runIds: [runId], measurements: ['trainLoss', 'testMse'] } })
  })

  it.each(['no.such', 'constructor', '__proto__', 'toString', '', 7, null, undefined, {}, ['run.list']])(
    'refuses the name %o and lists those there are',
    async (name) => {
      const { code, message } = await failure(name, {})
      expect(code).toBe('INVALID_REQUEST')
      expect(message).toContain('run.list')
    },
  )

  it('names the field, the value and what is allowed, for each field that does not fit', async () => {
    const { code, message, detail } = await failure('run.matrix', { runId, step: -1, matrix: 7, extra: 1 })
    expect(code).toBe('INVALID_REQUEST')
    expect(message).toMatch(/matrix.*7.*a text/)
    expect(message).toMatch(/step.*-1.*at least 0/)
    expect(message).toMatch(/extra.*unknown field/)
    expect(detail).toHaveLength(3)
  })

  it.each([undefined, null, 7, 'text', [], new Float64Array(1), () => 1, Symbol('s')])(
    'refuses the input %o',
    async (input) => {
      expect(await failure('run.show', input)).toMatchObject({ code: 'INVALID_REQUEST' })
    },
  )

  it('keeps code, message and detail of a LabError, thrown or rejected', async () => {
    const error = new LabError('NOT_FOUND', `run: "${runId}" is not in the archive`, { runId })
    const record = { code: 'NOT_FOUND', message: error.message, detail: { runId } }
    const throwing = handlersWith({
      'run.show': () => {
        throw error
      },
    })
    expect(await failure('run.show', { runId }, throwing)).toEqual(record)
    const rejecting = handlersWith({ 'run.show': () => Promise.reject(error) })
    expect(await failure('run.show', { runId }, rejecting)).toEqual(record)
  })

  it.each([new TypeError('x is undefined'), 'text', undefined, null, 0, Object.create(null), Symbol('s')])(
    'never rejects: a handler that throws %o is a defect, in the log and not beyond',
    async (thrown) => {
      const log = vi.fn<(line: string) => void>()
      const handlers = handlersWith({ 'run.list': () => Promise.reject(thrown) })
      const result = await dispatch(handlers, 'run.list', {}, log)
      expect(result).toMatchObject({ ok: false, error: { code: 'INTERNAL' } })
      expect(log).toHaveBeenCalledOnce()
      if (thrown instanceof Error) expect(log.mock.calls[0]![0]).toContain(thrown.stack)
    },
  )

  it('logs what lies behind an error that a user can meet', async () => {
    const log = vi.fn<(line: string) => void>()
    const cause = new TypeError('x is undefined')
    const error = new LabError('ARCHIVE_UNREADABLE', 'a.grokscope is damaged', undefined, { cause })
    const result = await dispatch(handlersWith({ 'run.list': () => Promise.reject(error) }), 'run.list', {}, log)
    expect(result).toEqual({ ok: false, error: { code: 'ARCHIVE_UNREADABLE', message: error.message } })
    expect(log.mock.calls[0]![0]).toContain('[cause]: TypeError: x is undefined')
  })

  it('does not log what a user can meet', async () => {
    const log = vi.fn<(line: string) => void>()
    await dispatch(handlersWith(), 'run.show', {}, log)
    expect(log).not.toHaveBeenCalled()
  })
})
