import { spawn } from 'node:child_process'

/** Runs a program on this terminal to its end; a wish to end is passed on to it. */
export function runProcess(program: string, args: readonly string[]): Promise<{ code: number }> {
  const child = spawn(program, args, { stdio: 'inherit' })
  // A key typed on the terminal reaches the program too, so that here it only must not end this process first.
  const ignore = () => undefined
  const forward = () => child.kill('SIGTERM')
  process.on('SIGINT', ignore)
  process.on('SIGTERM', forward)
  return new Promise((resolve) => {
    const end = (code: number) => {
      process.off('SIGINT', ignore)
      process.off('SIGTERM', forward)
      resolve({ code })
    }
    child.on('error', () => end(127))
    child.on('close', (code, signal) => end(code ?? (signal === 'SIGTERM' || signal === 'SIGINT' ? 0 : 1)))
  })
}
