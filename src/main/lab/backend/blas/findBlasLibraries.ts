import { existsSync, realpathSync, statSync } from 'node:fs'
import { release } from 'node:os'
import { join } from 'node:path'
import type { Remedy } from '../../../../shared/machine.ts'
import { linkerFolders } from '../linkerFolders.ts'

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
  return [...linkerFolders(environment.LD_LIBRARY_PATH), ...ownFolders]
    .flatMap((folder) => linuxNames.map((name) => join(folder, name)))
    .filter((path) => {
      if (!existsSync(path)) return false
      const file = realpathSync(path)
      return !seen.has(file) && seen.add(file)
    })
    .map((path) => ({ path, version: versionOf(path) }))
}

/** What brings a BLAS: Debian's package where there is apt, unless a named file is the only one that is tried. */
export function blasRemedy(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  hasApt: boolean = existsSync('/usr/bin/apt'),
): Remedy {
  if (environment.GROKSCOPE_BLAS) return { advice: 'name another file in GROKSCOPE_BLAS, or unset it' }
  const named = 'the file of a BLAS library in GROKSCOPE_BLAS'
  if (platform !== 'linux') return { advice: `name ${named}` }
  if (!hasApt) return { advice: `install OpenBLAS, or name ${named}` }
  return { install: 'sudo apt install libopenblas0-pthread', advice: `or name ${named}` }
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

const ownFolders = ['/opt/OpenBLAS/lib', '/opt/intel/oneapi/mkl/latest/lib', '/opt/intel/oneapi/mkl/latest/lib/intel64']

function versionOf(path: string): string {
  const file = statSync(path, { throwIfNoEntry: false })
  return file ? `${file.size} ${file.mtimeMs}` : 'missing'
}
