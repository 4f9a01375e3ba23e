import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const downloadMinutes = 5
const electronPackage = 'node_modules/electron'
const executables: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  linux: 'electron',
  win32: 'electron.exe',
}

type Found = { path: string } | { reason: string }

/** Electron's binary, which its package downloads on first use; else why there is none. */
export async function findElectron(
  root: string,
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): Promise<Found> {
  const place = placeOfElectron(root, environment, platform)
  if ('reason' in place || existsSync(place.path)) return place
  const failure = await download(join(root, electronPackage))
  return failure === undefined ? place : { reason: `Electron's binary cannot be downloaded: ${failure}` }
}

/** Where the binary is, or would be: in the folder that ELECTRON_OVERRIDE_DIST_PATH names, or in its package. */
export function placeOfElectron(
  root: string,
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): Found {
  const executable = executables[platform]
  if (!executable) return { reason: `Electron is not made for ${platform}` }
  if (platform === 'linux' && !environment['DISPLAY'] && !environment['WAYLAND_DISPLAY']) {
    return { reason: 'neither DISPLAY nor WAYLAND_DISPLAY names a display' }
  }
  const override = environment['ELECTRON_OVERRIDE_DIST_PATH']
  if (!override) return { path: join(root, electronPackage, 'dist', executable) }
  const path = join(override, executable)
  return existsSync(path)
    ? { path }
    : { reason: `ELECTRON_OVERRIDE_DIST_PATH names ${override}, which holds no ${executable}` }
}

/** Runs the package's own installer; answers with what went wrong, in one line. */
function download(folder: string): Promise<string | undefined> {
  const installer = join(folder, 'install.js')
  if (!existsSync(installer)) return Promise.resolve('its package is not installed')
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }
  process.stdout.write(`Downloading Electron ${version}, this once…\n`)
  const timeout = downloadMinutes * 60_000
  const child = spawn(process.execPath, [installer], { stdio: ['ignore', 'ignore', 'pipe'], timeout })
  let errors = ''
  child.stderr.on('data', (chunk) => (errors += String(chunk)))
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message))
    child.on('close', (code, signal) => {
      if (code === 0) resolve(undefined)
      else if (signal) resolve(`not done after ${downloadMinutes} minutes`)
      else resolve(errors.trim().split('\n', 1)[0] || `its installer ended with code ${code}`)
    })
  })
}
