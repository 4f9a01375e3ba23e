import { describe, expect, it } from 'vitest'
import { LabError, longestMessage, toErrorRecord } from '../../src/shared/errors.ts'

describe('an error that crosses processes', () => {
  it('keeps the code of an expected failure, and its detail', () => {
    expect(toErrorRecord(new LabError('CONFLICT', 'x', { at: 1 }))).toEqual({
      code: 'CONFLICT',
      message: 'x',
      detail: { at: 1 },
    })
  })

  it('tells memory that the system refuses from a defect', () => {
    const refused = [
      () => new ArrayBuffer(2 ** 52),
      () => {
        throw new DOMException('Data cannot be cloned, out of memory.', 'DataCloneError')
      },
      () => {
        throw new RangeError('WebAssembly.Memory(): could not allocate memory')
      },
      () => {
        throw Object.assign(new Error('spawn ENOMEM'), { code: 'ENOMEM' })
      },
    ]
    for (const allocate of refused) {
      let caught: unknown
      try {
        allocate()
      } catch (error) {
        caught = error
      }
      const { code, message } = toErrorRecord(caught)
      expect([code, message]).toEqual(['OUT_OF_MEMORY', expect.stringMatching(/^this machine has no memory left: ./)])
    }
  })

  it('says of a full disk why it takes no more', () => {
    expect(toErrorRecord(Object.assign(new Error('write'), { code: 'EDQUOT' }))).toEqual({
      code: 'DISK_FULL',
      message: 'the quota of this user is used up: write',
    })
  })

  it('calls all else a defect, in its own words and not too many', () => {
    expect(toErrorRecord(new RangeError('Invalid array length')).code).toBe('INTERNAL')
    expect(toErrorRecord(null)).toEqual({ code: 'INTERNAL', message: 'null' })
    expect(toErrorRecord(new Error('x'.repeat(2 * longestMessage))).message).toBe(`${'x'.repeat(longestMessage)}…`)
  })
})
