import { spawn } from 'node:child_process'
import { stopSignals } from '../../shared/stopSignals.ts'

/** Runs a program on this terminal to its end; a wish to end is passed on to it. */
export function runProcess(
  program: string,
  args: readonly string[],
  platform: NodeJS.Platform = process.platform,
): Promise<{ code: number }> {
  const child = spawn(program, args, { stdio: 'inherit' })
  // A key typed on the terminal reaches the program too, so that here it only must not end this process first.
  const ignore = () => undefined
  const forward = () => child.kill('SIGTERM')
  const reachesBoth = (signal: NodeJS.Signals) => signal === 'SIGINT' || signal === 'SIGBREAK' || platform === 'win32'
  const listenerFor = (signal: NodeJS.Signals) => (reachesBoth(signal) ? ignore : forward)
  for (const signal of stopSignals) process.on(signal, listenerFor(signal))
  return new Promise((resolve) => {
    const end = (code: number) => {
      for (const signal of stopSignals) process.off(signal, listenerFor(signal))
      resolve({ code })
    }
    child.on('error', () => end(127))
    child.on('close', (code, signal) => end(code ?? (stopSignals.some((name) => name === signal) ? 0 : 1)))
  })
}
