/* The shared memory before the matrices: fixed places for the job, the packed panels and each thread's scratch. */

/** Vector lanes of one v128. */
export const LANES: i32 = 16 / sizeof<real>()
/** Bytes of one number. */
export const UNIT: i32 = sizeof<real>()

/** Register tile: TILE_ROWS × TILE_COLUMNS, that is 4 × 2 vectors. */
export const TILE_ROWS: i32 = 4
export const TILE_COLUMNS: i32 = 2 * LANES
/** Longest run of the summation index between two visits of an output element. */
export const DEPTH: i32 = 256
/** Side of the square of outputs that a thread claims at a time: its panels stay in the second-level cache. */
export const CLAIM: i32 = 64
/** Rows of op(A), and columns of op(B), that are packed at a time. */
export const PACKED: i32 = 2048
/** Greatest order of a triangle that is solved, or of a matrix that is factorized, by one job. */
export const WHOLE: i32 = 512
/** Side of the blocks that one job factorizes a matrix in. */
export const BLOCK: i32 = 16
/** Partial sums of a dot product. */
export const PARTIAL_SUMS: i32 = 1024
export const MAX_THREADS: i32 = 64

export const JOB: usize = 64
export const ARGUMENTS: usize = 256
export const PROGRESS: usize = 512
// Static data of the compiler begins at 1024 (build.ts) and ends before 64 KiB.
export const PARTIALS: usize = 0x10000
export const SCRATCH: usize = PARTIALS + PARTIAL_SUMS * 8
/** Of one thread: WHOLE rows of TILE_COLUMNS numbers, or a block. */
export const SCRATCH_SIZE: usize = WHOLE * 64
export const PACKED_A: usize = SCRATCH + <usize>MAX_THREADS * SCRATCH_SIZE
export const PACKED_B: usize = PACKED_A + PACKED * DEPTH * sizeof<real>()
/* The lists of a scatter lie where a product has its panels: neither outlasts its call. */
export const LIST: usize = PACKED_A
/** So many entries fit there in any precision. */
export const LIST_LENGTH: i32 = PACKED * DEPTH
export const LIST_STARTS: usize = PACKED_B
/** The first address that belongs to matrices. */
export function arenaStart(): usize {
  return PACKED_B + PACKED * DEPTH * sizeof<real>()
}
