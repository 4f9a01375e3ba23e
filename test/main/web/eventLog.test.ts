import { describe, expect, it } from 'vitest'
import { createEventLog, type LoggedEvent } from '../../../src/main/web/eventLog.ts'
import { decodeServerMessage } from '../../../src/shared/wire.ts'

const sequenceOf = ({ bytes }: LoggedEvent) => (decodeServerMessage(bytes) as { sequence: number }).sequence

describe('eventLog', () => {
  it('gives what came after a number, exactly once and in order, or nothing where some of it is gone', () => {
    const log = createEventLog(600)
    for (let added = 1; added <= 60; added++) {
      const runIds = ['x'.repeat((added * 7) % 40)]
      expect(sequenceOf(log.add('run.removed', { runIds }))).toBe(added)
      for (let last = 0; last <= added; last++) {
        const missed = log.since({ host: log.host, sequence: last })
        if (missed) expect(missed.map(sequenceOf)).toEqual(Array.from({ length: added - last }, (_, i) => last + 1 + i))
        else expect(last).toBeLessThan(added)
      }
    }
  })

  it('holds no more bytes than its limit', () => {
    const log = createEventLog(1000)
    for (let i = 0; i < 200; i++) log.add('run.removed', { runIds: ['x'.repeat(i)] })
    let held = 0
    for (let last = log.sequence; last >= 0; last--) {
      const missed = log.since({ host: log.host, sequence: last })
      if (missed) held = missed.reduce((sum, event) => sum + event.bytes.byteLength, 0)
    }
    expect(held).toBeGreaterThan(0)
    expect(held).toBeLessThanOrEqual(1000)
  })

  it('does not take the numbers of another start, or of the future, for its own', () => {
    const log = createEventLog(1000)
    log.add('run.removed', { runIds: [] })
    expect(log.since({ host: createEventLog(1).host, sequence: 1 })).toBeNull()
    expect(log.since({ host: log.host, sequence: 2 })).toBeNull()
  })
})
