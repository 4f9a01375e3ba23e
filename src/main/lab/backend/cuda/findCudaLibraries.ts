import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import type { Remedy } from '../../../../shared/machine.ts'
import { linkerFolders } from '../linkerFolders.ts'

/** NVIDIA's libraries of one release of CUDA, by their paths. */
export interface CudaLibraries {
  /** The major version of CUDA. */
  readonly release: number
  readonly cublas: string
  readonly cusolver: string
  /** What those open in turn, in the order in which to open it; what is not here the dynamic linker may find. */
  readonly needed: readonly string[]
}

/** What was found, or the first library that is missing, and what brings it. */
export type FoundLibraries = CudaLibraries | ({ readonly missing: string } & Remedy)

/** The names under which each release has its libraries. */
const releases = [
  { release: 13, cublas: 'libcublas.so.13', cusolver: 'libcusolver.so.12' },
  { release: 12, cublas: 'libcublas.so.12', cusolver: 'libcusolver.so.11' },
] as const

/**
 * Looks for cuBLAS and cuSOLVER of the newest release of CUDA that a driver allows, both of one release: in the folders
 * that GROKSCOPE_CUDA names alone if it is set, else in the Python environment in use, LD_LIBRARY_PATH, CUDA's toolkits, the folders
 * of pip and of the dynamic linker. A folder may be a Python environment, a toolkit, or hold the libraries. Nothing is loaded.
 */
export function findCudaLibraries(
  driverRelease: number,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): FoundLibraries {
  const folders = libraryFolders(environment)
  const find = (name: string, among = folders) =>
    among.map((folder) => join(folder, name)).find((path) => existsSync(path))
  const usable = releases.filter(({ release }) => release <= driverRelease)
  const partial: ({ missing: string } & Remedy)[] = []
  for (const { release, cublas, cusolver } of usable) {
    const found = { cublas: find(cublas), cusolver: find(cusolver) }
    if (found.cublas && found.cusolver) {
      // A library of one release must not open one of another that lies elsewhere under the same name.
      const near = [...beside(dirname(found.cusolver)), ...folders]
      const needed = [`libnvJitLink.so.${release}`, `libcublasLt.so.${release}`, 'libcusparse.so.12']
      return {
        release,
        cublas: found.cublas,
        cusolver: found.cusolver,
        needed: needed.flatMap((name) => find(name, near) ?? []),
      }
    }
    if (found.cublas) {
      partial.push({ missing: `${cusolver} was not found beside ${found.cublas}`, ...installation(release) })
    }
  }
  const remedy = installation(usable[0]?.release ?? releases.at(-1)!.release)
  const [first] = partial
  if (first) return first
  const others = folders.flatMap((folder) => filesIn(folder).filter((file) => /^libcublas\.so\.\d+$/.test(file)))
  const names = usable.map(({ cublas }) => cublas).join(' and ')
  const wrong = [...new Set(others)].join(', ')
  return {
    missing: wrong ? `${names} was not found, only ${wrong}, of another version of CUDA` : `${names} was not found`,
    ...remedy,
  }
}

/** The wheel of CUDA 12 brings cuBLAS with cuSOLVER. */
function installation(release: number): Remedy {
  const wheels = release === 12 ? 'nvidia-cusolver-cu12' : 'nvidia-cusolver nvidia-cublas'
  return { install: `pip install ${wheels}`, advice: 'or name the folder of these libraries in GROKSCOPE_CUDA' }
}

/** The folders that exist, in the order in which they are looked at, each once. */
export function libraryFolders(environment: Readonly<Record<string, string | undefined>>): string[] {
  const given = environment.GROKSCOPE_CUDA?.split(':').filter(isAbsolute)
  const roots = given ?? [
    ...[environment.VIRTUAL_ENV, environment.CONDA_PREFIX, environment.CUDA_HOME, environment.CUDA_PATH].filter(
      (folder) => folder !== undefined,
    ),
    ...matching('/usr/local', /^cuda/).toReversed(),
    join(homedir(), '.local'),
    '/usr/local',
    ...linkerFolders(environment.LD_LIBRARY_PATH),
  ]
  return [...new Set(roots.flatMap(withLibraries))].filter((folder) => existsSync(folder))
}

/** A folder, and those below it in which a toolkit or a Python environment keeps libraries. */
function withLibraries(root: string): string[] {
  const packages = [root, ...pythons(root)]
  return [
    root,
    join(root, 'lib64'),
    ...matching(join(root, 'targets'), /linux$/).map((target) => join(target, 'lib')),
    ...packages.flatMap((folder) => matching(join(folder, 'nvidia'), /^\w+$/)).map((folder) => join(folder, 'lib')),
    join(root, 'lib'),
  ]
}

function pythons(root: string): string[] {
  return matching(join(root, 'lib'), /^python3/).flatMap((python) =>
    ['site-packages', 'dist-packages'].map((folder) => join(python, folder)),
  )
}

/** The library folders of wheels beside one, and it itself. */
function beside(folder: string): string[] {
  return [folder, ...matching(dirname(dirname(folder)), /^\w+$/).map((other) => join(other, 'lib'))]
}

function matching(folder: string, name: RegExp): string[] {
  return filesIn(folder)
    .filter((file) => name.test(file))
    .sort()
    .map((file) => join(folder, file))
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
