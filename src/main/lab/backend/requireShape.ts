/** Throws a RangeError that names the matrix and both shapes where they differ: a programmer's error. */
export function requireShape(
  name: string,
  rows: number,
  columns: number,
  wantedRows: number,
  wantedColumns: number,
): void {
  if (rows !== wantedRows || columns !== wantedColumns) {
    throw new RangeError(`${name} is ${rows} × ${columns}, expected ${wantedRows} × ${wantedColumns}`)
  }
}
