import { mappedRange, watchOf } from './deviceWatch.ts'
import { compilerOf, stepStride } from './kernel.ts'
import { productKernel } from './productKernels.ts'
import type { ProductSizes, Tiling } from './tilings.ts'

const parts = 3

/** One product on a GPU in tiles of 16·micro, in three parts: left·right, row by row. */
export async function deviceProduct(
  gpu: GPUDevice,
  { rows, columns, inner }: ProductSizes,
  micro: Tiling['micro'],
  left: Float32Array<ArrayBuffer>,
  right: Float32Array<ArrayBuffer>,
): Promise<Float64Array> {
  const { STORAGE, UNIFORM, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage
  const made = (size: number, usage: number) => gpu.createBuffer({ size, usage })
  const bytes = 4 * parts * rows * columns
  const buffers = {
    factor: made(left.byteLength, STORAGE | COPY_DST),
    other: made(right.byteLength, STORAGE | COPY_DST),
    sums: made(bytes, STORAGE | COPY_SRC),
    fields: made(stepStride, UNIFORM),
    read: made(bytes, COPY_DST | MAP_READ),
  }
  const kernel = productKernel(
    {
      rows,
      columns,
      inner,
      label: 'product',
      bindings: { factor: 'f32', other: 'f32', sums: 'writable f32' },
      code: '',
      left: `return factor[row * ${inner}u + k];`,
      right: `return other[k * ${columns}u + column];`,
      rowsNow: `${rows}u`,
      innerNow: `${inner}u`,
      isLeftAlongRows: false,
      isRightAlongTerms: false,
      store: `sums[(part * ${rows}u + row) * ${columns}u + column] = value;`,
    },
    { micro, parts },
  )
  try {
    gpu.queue.writeBuffer(buffers.factor, 0, left)
    gpu.queue.writeBuffer(buffers.other, 0, right)
    const dispatch = await compilerOf(gpu).dispatch(kernel, buffers, buffers.fields)
    const encoder = gpu.createCommandEncoder()
    const pass = encoder.beginComputePass()
    dispatch.encode(pass, 0)
    pass.end()
    encoder.copyBufferToBuffer(buffers.sums, 0, buffers.read, 0, bytes)
    gpu.queue.submit([encoder.finish()])
    await watchOf(gpu).until(buffers.read.mapAsync(GPUMapMode.READ))
    const sums = new Float32Array(mappedRange(buffers.read))
    const entries = rows * columns
    return Float64Array.from({ length: entries }, (_, at) => sums[at]! + sums[entries + at]! + sums[2 * entries + at]!)
  } finally {
    for (const buffer of Object.values(buffers)) buffer.destroy()
  }
}
