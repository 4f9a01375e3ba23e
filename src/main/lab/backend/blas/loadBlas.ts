import { existsSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import type { LibraryHandle } from 'koffi'
import { LabError } from '../../../../shared/errors.ts'
import type { Precision } from '../../../../shared/specification/limits.ts'
import { blasEnvironment } from './blasEnvironment.ts'

/** Functions of a BLAS library in one precision; pointers are addresses as numbers. */
export interface Blas {
  /** The library's own words for its version and kernels, where it has any. */
  readonly version: string | undefined
  /** The address of the memory behind a view, in this process. */
  addressOf(view: ArrayBufferView): number
  gemm(
    order: number,
    transposeA: number,
    transposeB: number,
    rows: number,
    columns: number,
    inner: number,
    alpha: number,
    a: number,
    aStride: number,
    b: number,
    bStride: number,
    beta: number,
    c: number,
    cStride: number,
  ): void
  syrk(
    order: number,
    triangle: number,
    transpose: number,
    size: number,
    inner: number,
    alpha: number,
    a: number,
    aStride: number,
    beta: number,
    c: number,
    cStride: number,
  ): void
  trsm(
    order: number,
    side: number,
    triangle: number,
    transpose: number,
    diagonal: number,
    rows: number,
    columns: number,
    alpha: number,
    a: number,
    aStride: number,
    b: number,
    bStride: number,
  ): void
  /** LAPACK's Fortran routine: every argument an address, and the length of the text. Missing in a mere BLAS. */
  readonly potrf:
    ((triangle: number, size: number, a: number, aStride: number, info: number, length: number) => void) | undefined
}

/**
 * Loads a BLAS library into this process and sets its number of threads. Throws BACKEND_UNAVAILABLE, with the library's
 * name and the reason, where it is missing, of another architecture or without a symbol.
 */
export async function loadBlas(library: string, precision: Precision, threads: number): Promise<Blas> {
  if (isAbsolute(library) && !library.startsWith('/System/') && !existsSync(library))
    throw unusable(library, 'no such file')
  const koffi = await import('koffi').then(
    (module) => module.default,
    (error: unknown) => {
      throw unusable(library, `native functions cannot be called here: ${reasonOf(error)}`)
    },
  )
  try {
    const handle = withEnvironment(blasEnvironment(threads), () => koffi.load(library))
    setThreads(handle, threads)
    const real = precision === 'float64' ? 'double' : 'float'
    const letter = precision === 'float64' ? 'd' : 's'
    return {
      version: versionOf(handle),
      addressOf: (view) => Number(koffi.address(view)),
      gemm: handle.func(`cblas_${letter}gemm`, 'void', [
        ...['int', 'int', 'int', 'int', 'int', 'int', real, 'uintptr_t', 'int', 'uintptr_t', 'int', real],
        ...['uintptr_t', 'int'],
      ]),
      syrk: handle.func(`cblas_${letter}syrk`, 'void', [
        ...['int', 'int', 'int', 'int', 'int', real, 'uintptr_t', 'int', real, 'uintptr_t', 'int'],
      ]),
      trsm: handle.func(`cblas_${letter}trsm`, 'void', [
        ...['int', 'int', 'int', 'int', 'int', 'int', 'int', real, 'uintptr_t', 'int', 'uintptr_t', 'int'],
      ]),
      potrf: optionalFunction(handle, `${letter}potrf_`, 'void', [
        ...['uintptr_t', 'uintptr_t', 'uintptr_t', 'uintptr_t', 'uintptr_t', 'size_t'],
      ]),
    }
  } catch (error) {
    throw unusable(library, reasonOf(error))
  }
}

/** Adds variables that are not set for as long as the library is loaded: it reads them then. */
function withEnvironment<T>(variables: Record<string, string>, load: () => T): T {
  Object.assign(process.env, variables)
  try {
    return load()
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name]
  }
}

/** For a library that was loaded before, or that reads its environment in a way of its own. */
function setThreads(handle: LibraryHandle, threads: number): void {
  for (const name of ['openblas_set_num_threads', 'MKL_Set_Num_Threads']) {
    optionalFunction(handle, name, 'void', ['int'])?.(threads)
  }
  optionalFunction(handle, 'bli_thread_set_num_threads', 'void', ['intptr_t'])?.(threads)
}

function versionOf(handle: LibraryHandle): string | undefined {
  const openblas: unknown = optionalFunction(handle, 'openblas_get_config', 'str', [])?.()
  const core: unknown = optionalFunction(handle, 'openblas_get_corename', 'str', [])?.()
  if (typeof openblas === 'string') {
    const name = openblas.split(' ').slice(0, 2).join(' ')
    return typeof core === 'string' ? `${name}, ${core}` : name
  }
  const blis: unknown = optionalFunction(handle, 'bli_info_get_version_str', 'str', [])?.()
  return typeof blis === 'string' ? `BLIS ${blis}` : undefined
}

function optionalFunction(handle: LibraryHandle, name: string, result: string, parameters: string[]) {
  try {
    return handle.func(name, result, parameters)
  } catch {
    return undefined
  }
}

function unusable(library: string, reason: string): LabError {
  return new LabError('BACKEND_UNAVAILABLE', `BLAS library '${library}' cannot be used: ${reason}`)
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
