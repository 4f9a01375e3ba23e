import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'

const suffix = process.arch === 'arm64' ? '-arm64' : ''
const places: Partial<Record<NodeJS.Platform, { executable: string; asar: string }>> = {
  linux: { executable: `linux${suffix}-unpacked/grokscope-window`, asar: `linux${suffix}-unpacked/resources/app.asar` },
  darwin: {
    executable: `mac${suffix}/Grokscope.app/Contents/MacOS/Grokscope`,
    asar: `mac${suffix}/Grokscope.app/Contents/Resources/app.asar`,
  },
  win32: { executable: `win${suffix}-unpacked/Grokscope.exe`, asar: `win${suffix}-unpacked/resources/app.asar` },
}

/** The application that `npm run package` has left below a clone, or why it cannot be tried. */
export function findPackedExecutable(root: string, platform = process.platform): { path: string } | { reason: string } {
  const place = places[platform]
  if (!place) return { reason: `there are no packages for ${platform}` }
  const { executable, asar } = {
    executable: join(root, 'dist', place.executable),
    asar: join(root, 'dist', place.asar),
  }
  if (!existsSync(executable)) return { reason: `npm run package has not been run: there is no ${executable}` }
  if (statSync(asar).mtimeMs < statSync(join(root, 'out/main/index.js')).mtimeMs)
    return { reason: `it is older than the build: ${asar}` }
  const hasDisplay = platform !== 'linux' || process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']
  return hasDisplay ? { path: executable } : { reason: 'neither DISPLAY nor WAYLAND_DISPLAY names a display' }
}
