import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'

const source = pathToFileURL(join(import.meta.dirname, '../../../src/main/services/leaveInOrder.ts')).href

/** A program that does this as its work, told to end by it: what it says, and how it ends. */
async function endedIn(work: string): Promise<{ said: string[]; signal: unknown }> {
  const program = `
    import { leaveInOrder } from ${JSON.stringify(source)}
    const told = () => process.kill(process.pid, 'SIGTERM')
    const turn = () => new Promise((resolve) => setImmediate(resolve))
    await leaveInOrder(() => console.log('left'), async () => { ${work} }).catch(() => console.log('failed'))
    console.log('went on')`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [said, [, signal]] = await Promise.all([text(child.stdout), once(child, 'close')])
  return { said: said.trimEnd().split('\n'), signal }
}

describe.skipIf(process.platform === 'win32')('a program that is told to end', () => {
  it.each([
    ['lets nothing else happen', 'told()'],
    ['lets nothing else happen, after it has', 'await turn(); told()'],
    ['fails', 'told(); throw new Error()'],
    ['goes on for long', 'told(); for (;;) await turn()'],
  ])('leaves in order, and does nothing more, while its work %s', async (_, work) => {
    expect(await endedIn(work)).toEqual({ said: ['left'], signal: 'SIGTERM' })
  })

  it('goes on where nobody tells it to end', async () => {
    expect(await endedIn('await turn()')).toEqual({ said: ['went on'], signal: null })
  })
})
