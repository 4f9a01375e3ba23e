/** An array of a file as it is in it, in C order; truth values are bytes of 0 and 1. */
export interface GivenArray {
  readonly shape: readonly number[]
  readonly data: Float64Array | Float32Array | Int32Array | Uint8Array
}

/** By their names. */
export type GivenArrays = Readonly<Partial<Record<string, GivenArray>>>

export interface ArrayDescription {
  name: string
  /** Both empty for what is no readable array. */
  shape: readonly number[]
  type: string
}

/** Arrays in words, as a message about their file has them. */
export function listArrays(arrays: readonly ArrayDescription[]): string {
  const shown = arrays.slice(0, 12).map(({ name, shape, type }) => {
    const short = name.length > 60 ? `${name.slice(0, 59)}…` : name
    return type === '' ? `${short} (no array)` : `${short} (${shape.join(', ')}) ${type}`
  })
  return [...shown, ...(arrays.length > shown.length ? [`${arrays.length - shown.length} more`] : [])].join(', ')
}

export function describeArrays(arrays: GivenArrays): ArrayDescription[] {
  return Object.entries(arrays).map(([name, array]) => ({ name, shape: array!.shape, type: kindOfArray(array!) }))
}

function kindOfArray({ data }: GivenArray): string {
  return data instanceof Int32Array ? 'whole numbers' : data instanceof Uint8Array ? 'bool' : 'real numbers'
}
