import type { LibraryHandle } from 'koffi'
import { LabError } from '../../../../shared/errors.ts'

/** A call into one of CUDA's libraries, whose status was looked at. */
export type CudaCall = (...values: unknown[]) => void

/** What koffi calls the parameters, by a letter each: p(ointer on the device, or handle), h(ost memory), i(nt), n (64 bits). */
const parameterTypes: Record<string, string> = { p: 'uint64_t', h: 'void *', i: 'int', n: 'int64_t' }

/** How a library says that memory ran out, and what it calls its statuses. */
interface Statuses {
  readonly outOfMemory: number
  name(status: number): string
}

/**
 * Functions of a library by their symbols, each with its parameters as letters. A call that fails throws OUT_OF_MEMORY, or
 * BACKEND_UNAVAILABLE with the function and the status: the card is then of no more use to this process.
 */
export function cudaCalls<Symbol extends string>(
  library: LibraryHandle,
  parameters: Record<Symbol, string>,
  statuses: Statuses,
): Record<Symbol, CudaCall> {
  const calls = Object.entries<string>(parameters).map(([symbol, letters]) => {
    const types = [...letters].map((letter) => parameterTypes[letter]!)
    const call = library.func(symbol, 'int', types) as (...values: unknown[]) => number
    const checked: CudaCall = (...values) => {
      const status = call(...values)
      if (status === 0) return
      const name = symbol.replace(/_v2$/, '')
      if (status === statuses.outOfMemory) {
        throw new LabError('OUT_OF_MEMORY', `CUDA: the card has no memory left (${name}: ${statuses.name(status)})`)
      }
      throw new LabError('BACKEND_UNAVAILABLE', `CUDA: ${name} failed: ${statuses.name(status)}`)
    }
    return [symbol, checked]
  })
  return Object.fromEntries(calls) as Record<Symbol, CudaCall>
}
