import { readFileSync } from 'node:fs'

/**
 * The environment variables under which a BLAS library must be loaded to run on `threads` threads with the kernels of
 * this processor: libraries read them once, as they are loaded. A variable that the user has set is left out.
 *
 * OpenBLAS picks its kernels by processor model. Releases older than a processor take it for an older one and leave its
 * AVX-512 units idle, so where the flags show them the core type is named; SkylakeX is the one that needs no more.
 */
export function blasEnvironment(
  threads: number,
  flags = processorFlags(),
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> {
  const count = String(threads)
  const variables: Record<string, string> = {
    OPENBLAS_NUM_THREADS: count,
    BLIS_NUM_THREADS: count,
    MKL_NUM_THREADS: count,
    OMP_NUM_THREADS: count,
    VECLIB_MAXIMUM_THREADS: count,
  }
  if (skylakeXFlags.every((flag) => flags.has(flag))) variables.OPENBLAS_CORETYPE = 'SkylakeX'
  return Object.fromEntries(Object.entries(variables).filter(([name]) => environment[name] === undefined))
}

/** What OpenBLAS's SkylakeX kernels use. */
const skylakeXFlags = ['avx512f', 'avx512cd', 'avx512bw', 'avx512dq', 'avx512vl']

/** The instruction sets that Linux reports for the first processor; nothing on other systems. */
function processorFlags(): ReadonlySet<string> {
  try {
    const line = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))
    return new Set(line?.[1]?.trim().split(/\s+/))
  } catch {
    return new Set()
  }
}
