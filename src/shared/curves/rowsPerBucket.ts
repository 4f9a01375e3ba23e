/** Rows that a reduced curve has of each bucket: its first, its least and its greatest value. */
export const rowsPerBucket = 3
