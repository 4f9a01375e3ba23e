import type { Matrix, RealArray } from '../../src/main/lab/backend/backend.ts'
import type { HostMatrix } from '../../src/main/lab/backend/hostMemory.ts'

/** The entries of a matrix where they lie, row by row: every backend that tests compute on has its memory on the host. */
export function entriesOf(M: Matrix): RealArray {
  return (M as HostMatrix).data
}
