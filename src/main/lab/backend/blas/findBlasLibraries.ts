import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { release } from 'node:os'
import { isAbsolute, join } from 'node:path'

/** A library to try: its path, and what changes when it is replaced by another version. */
export interface BlasCandidate {
  readonly path: string
  readonly version: string
}

/**
 * Where a system BLAS may be: the file named by GROKSCOPE_BLAS alone if it is set, else Accelerate on macOS, and on Linux
 * the usual names of OpenBLAS, BLIS and MKL in the folders of the dynamic linker, each file once. Nothing is loaded.
 */
export function findBlasLibraries(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): BlasCandidate[] {
  const named = environment.GROKSCOPE_BLAS
  if (named) return [{ path: named, version: versionOf(named) }]
  if (platform === 'darwin') return [{ path: accelerate, version: release() }]
  if (platform !== 'linux') return []
  const seen = new Set<string>()
  return linkerFolders(environment.LD_LIBRARY_PATH)
    .flatMap((folder) => linuxNames.map((name) => join(folder, name)))
    .filter((path) => {
      if (!existsSync(path)) return false
      const file = realpathSync(path)
      return !seen.has(file) && seen.add(file)
    })
    .map((path) => ({ path, version: versionOf(path) }))
}

/** It lies in the linker's cache, not in a file. */
const accelerate = '/System/Library/Frameworks/Accelerate.framework/Accelerate'

const linuxNames = [
  // Fedora's threaded build; its libopenblas.so.0 has one thread.
  'libopenblasp.so.0',
  'libopenblas.so.0',
  'libopenblas.so',
  'libblis.so.4',
  'libblis.so.3',
  'libblis.so',
  'libmkl_rt.so.2',
  'libmkl_rt.so.1',
  'libmkl_rt.so',
]

const usualFolders = [
  '/usr/local/lib',
  '/usr/lib64',
  '/lib64',
  '/usr/lib',
  '/lib',
  '/opt/OpenBLAS/lib',
  '/opt/intel/oneapi/mkl/latest/lib',
  '/opt/intel/oneapi/mkl/latest/lib/intel64',
]

function linkerFolders(libraryPath = ''): string[] {
  return [...new Set([...libraryPath.split(':').filter(isAbsolute), ...configuredFolders(), ...usualFolders])]
}

/** The folders that the system's linker configuration adds, Debian's /usr/lib/x86_64-linux-gnu among them. */
function configuredFolders(): string[] {
  const folder = '/etc/ld.so.conf.d'
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith('.conf'))
      .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'))
      .map((line) => line.trim())
      .filter(isAbsolute)
  } catch {
    return []
  }
}

function versionOf(path: string): string {
  const file = statSync(path, { throwIfNoEntry: false })
  return file ? `${file.size} ${file.mtimeMs}` : 'missing'
}
