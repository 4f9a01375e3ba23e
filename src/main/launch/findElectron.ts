import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const downloadMinutes = 5
const executables: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  linux: 'electron',
  win32: 'electron.exe',
}

/**
 * Electron's binary: in the folder that ELECTRON_OVERRIDE_DIST_PATH names, or in its package, where it is downloaded on
 * first use; else why there is none.
 */
export async function findElectron(
  root: string,
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): Promise<{ path: string } | { reason: string }> {
  const executable = executables[platform]
  if (!executable) return { reason: `Electron is not made for ${platform}` }
  if (platform === 'linux' && !environment['DISPLAY'] && !environment['WAYLAND_DISPLAY']) {
    return { reason: 'neither DISPLAY nor WAYLAND_DISPLAY names a display' }
  }
  const override = environment['ELECTRON_OVERRIDE_DIST_PATH']
  if (override) {
    const path = join(override, executable)
    return existsSync(path)
      ? { path }
      : { reason: `ELECTRON_OVERRIDE_DIST_PATH names ${override}, which holds no ${executable}` }
  }
  const electronPackage = join(root, 'node_modules/electron')
  const path = join(electronPackage, 'dist', executable)
  if (existsSync(path)) return { path }
  const failure = await download(electronPackage)
  return failure === undefined ? { path } : { reason: `Electron's binary cannot be downloaded: ${failure}` }
}

/** Runs the package's own installer; answers with what went wrong, in one line. */
function download(electronPackage: string): Promise<string | undefined> {
  const installer = join(electronPackage, 'install.js')
  if (!existsSync(installer)) return Promise.resolve('its package is not installed')
  const { version } = JSON.parse(readFileSync(join(electronPackage, 'package.json'), 'utf8')) as { version: string }
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
