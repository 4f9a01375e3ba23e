import { describe, expect, it } from 'vitest'
import { runProcess } from '../../../src/main/launch/runProcess.ts'

/** What becomes of a program, when the one that started it hears at once that its terminal is gone. */
async function codeOf(platform: NodeJS.Platform): Promise<number> {
  const ended = runProcess(process.execPath, ['-e', 'process.exit(7)'], platform)
  ;(process.listeners('SIGHUP').at(-1) as NodeJS.SignalsListener)('SIGHUP')
  return (await ended).code
}

describe('a terminal that is gone', () => {
  it('ends the program that was started on it', async () => {
    expect(await codeOf('linux')).toBe(0)
  })

  it('lets it end by itself under Windows, where it is told too', async () => {
    expect(await codeOf('win32')).toBe(7)
  })
})
