/* What the host and the kernels call the activations; read as TypeScript by the one, as AssemblyScript by the other. */
export const RELU = 0
export const LEAKY_RELU = 1
export const QUADRATIC = 2
export const TANH = 3
export const GELU = 4
export const IDENTITY = 5
