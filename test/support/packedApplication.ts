import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import manifest from '../../node_modules/electron/package.json' with { type: 'json' }
import { temporaryFolder } from './folders.ts'

const root = join(import.meta.dirname, '../..')

export interface PackedApplication {
  /** What is installed: on Linux the folder that becomes /opt/Grokscope. */
  readonly folder: string
  readonly launcher: string
  /** Electron's binary; the stand-in prints its arguments, one a line. */
  readonly window: string
  readonly asar: string
  /** The command line beside its Node. */
  readonly terminal: string
}

/** Packs what was built as `npm run package` does, around a stand-in for Electron's binary: that cannot be had everywhere. */
export async function packApplication(): Promise<PackedApplication> {
  const output = temporaryFolder()
  await build('dir', `-c.electronDist=${standIn()}`, `-c.directories.output=${output}`)
  const folder = join(output, 'linux-unpacked')
  return {
    folder,
    launcher: join(folder, 'grokscope'),
    window: join(folder, 'grokscope-window'),
    asar: join(folder, 'resources/app.asar'),
    terminal: join(folder, 'resources/terminal'),
  }
}

/** The deb of a packed application; electron-builder takes the fpm that CUSTOM_FPM_PATH or USE_SYSTEM_FPM names. */
export async function packDeb({ folder }: PackedApplication): Promise<string> {
  const output = temporaryFolder()
  await build('deb', '--prepackaged', folder, `-c.directories.output=${output}`)
  const name = readdirSync(output).find((path) => path.endsWith('.deb'))
  return join(output, name!)
}

/** What a fuse is before anyone has set it, as in Electron's own binaries. */
const unsetFuses = '10110101'
const fuseSentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'

/** A folder in the shape of Electron's, with a shell script in the place of the binary: it carries the fuses, too. */
function standIn(): string {
  const folder = temporaryFolder()
  const script = `#!/bin/sh\nfor argument; do echo "$argument"; done\nexit 0\n${fuseSentinel}\u0001\u0008${unsetFuses}`
  writeFileSync(join(folder, 'electron'), script, { mode: 0o755 })
  writeFileSync(join(folder, 'version'), manifest.version)
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'chrome-sandbox']) writeFileSync(join(folder, name), '')
  for (const name of ['resources', 'locales']) mkdirSync(join(folder, name))
  return folder
}

function build(...options: readonly string[]): Promise<void> {
  const builder = join(root, 'node_modules/electron-builder/cli.js')
  const child = spawn(process.execPath, [builder, '--linux', ...options], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let told = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (told += String(text)))
  return new Promise((resolve, reject) =>
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`electron-builder ended with ${code}: ${told}`)),
    ),
  )
}
