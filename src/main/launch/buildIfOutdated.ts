import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const sources = ['src', 'electron.vite.config.ts', 'package.json']
/** The last file that a build writes. */
const lastBuilt = 'out/renderer/index.html'

/** Builds where a source is newer than the last build; tells whether there is a build. */
export function buildIfOutdated(root: string): boolean {
  if (!isOutdated(root)) return true
  process.stdout.write('Building…\n')
  const builder = join(root, 'node_modules/electron-vite/bin/electron-vite.js')
  const { status, stdout, stderr } = spawnSync(process.execPath, [builder, 'build'], { cwd: root, encoding: 'utf8' })
  if (status !== 0) process.stderr.write(`${stdout}${stderr}`)
  return status === 0
}

export function isOutdated(root: string): boolean {
  const builtAt = changedAt(join(root, lastBuilt))
  return sources.some((source) => newest(join(root, source)) > builtAt)
}

/** The latest change below a path. Folders count too: a file that was removed changes its folder. */
function newest(path: string): number {
  const entries = statSync(path).isDirectory() ? readdirSync(path, { recursive: true, encoding: 'utf8' }) : []
  return entries.reduce((latest, entry) => Math.max(latest, changedAt(join(path, entry))), changedAt(path))
}

function changedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}
