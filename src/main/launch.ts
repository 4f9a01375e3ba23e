import { join } from 'node:path'
import { buildIfOutdated } from './launch/buildIfOutdated.ts'
import { findElectron } from './launch/findElectron.ts'
import { runProcess } from './launch/runProcess.ts'

/** `npm start`: the laboratory in a window, or in a browser where a window cannot be had. */

/** A window that opened was there for longer than this. */
const shortestMilliseconds = 10_000

const root = join(import.meta.dirname, '../..')
const given = process.argv.slice(2)

if (buildIfOutdated(root)) process.exitCode = await open()
else process.exitCode = 1

async function open(): Promise<number> {
  const electron = await findElectron(root)
  const ended = 'path' in electron ? await openWindow(electron.path, [root, ...given]) : electron
  if ('code' in ended) return ended.code
  process.stdout.write(`No window: ${ended.reason}. The laboratory is served to a browser instead.\n`)
  return (await runProcess(process.execPath, [join(root, 'out/main/cli.js'), 'serve', ...given])).code
}

/** Runs Electron to its end; where it fails at once (a missing library, no right to a sandbox) that is the reason. */
async function openWindow(electron: string, args: readonly string[]): Promise<{ code: number } | { reason: string }> {
  const startedAt = performance.now()
  const { code } = await runProcess(electron, args)
  const failedAtOnce = code !== 0 && performance.now() - startedAt < shortestMilliseconds
  return failedAtOnce ? { reason: `Electron ended at once with code ${code}` } : { code }
}
