import { join } from 'node:path'
import { buildIfOutdated } from './launch/buildIfOutdated.ts'
import { findElectron } from './launch/findElectron.ts'
import { openWindow } from './launch/openWindow.ts'
import { runProcess } from './launch/runProcess.ts'

/** `npm start`: the laboratory in a window, or in a browser where a window cannot be had. */

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
