import { expect, it } from 'vitest'
import { readOnlyHandlers } from '../../../src/main/services/readOnlyHandlers.ts'
import { repeatable } from '../../../src/renderer/transport/webSocketTransport.ts'
import { requests, type SharedHandlers } from '../../../src/shared/contract.ts'

/** Commands that leave the archive as it is. */
const harmless = ['archive.choose', 'archive.close', 'archive.open', 'run.watch', 'sweep.choose']
/** What changes it, though not a second time. */
const idempotent = ['figure.write', 'figure.remove']

it('refuses what is read only every request but those that ask, and those that leave it as it is', () => {
  const names = Object.keys(requests) as (keyof SharedHandlers)[]
  const answering = Object.fromEntries(names.map((name) => [name, () => 'answered'])) as unknown as SharedHandlers
  const handlers = readOnlyHandlers(answering, 'a.grokscope') as unknown as Record<string, () => unknown>
  for (const name of names) {
    const leavesIt = (repeatable.test(name) && !idempotent.includes(name)) || harmless.includes(name)
    if (leavesIt) expect(handlers[name]!()).toBe('answered')
    else expect(handlers[name]!, name).toThrow('a.grokscope is open to be read only')
  }
})
