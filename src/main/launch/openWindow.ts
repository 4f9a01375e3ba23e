import { runProcess } from './runProcess.ts'

/** A window that opened was there for longer than this. */
const shortestMilliseconds = 10_000

/** Runs Electron to its end; where it fails at once (a missing library, no right to a sandbox) that is the reason. */
export async function openWindow(
  electron: string,
  args: readonly string[],
): Promise<{ code: number } | { reason: string }> {
  const startedAt = performance.now()
  const { code } = await runProcess(electron, args)
  const failedAtOnce = code !== 0 && performance.now() - startedAt < shortestMilliseconds
  return failedAtOnce ? { reason: `Electron ended at once with code ${code}` } : { code }
}
