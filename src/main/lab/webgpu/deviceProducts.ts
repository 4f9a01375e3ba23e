import { mappedRange, watchOf } from './deviceWatch.ts'
import { compilerOf, stepStride } from './kernel.ts'
import { productKernel } from './productKernels.ts'
import type { ProductForm, ProductSizes } from './tilings.ts'

const parts = 3

/** One product on a GPU in each of some forms, in three parts, which are read at once: left·right, row by row. */
export async function deviceProducts(
  gpu: GPUDevice,
  { rows, columns, inner }: ProductSizes,
  forms: readonly ProductForm[],
  left: Float32Array<ArrayBuffer>,
  right: Float32Array<ArrayBuffer>,
): Promise<Float64Array[]> {
  const { STORAGE, UNIFORM, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage
  const made = (size: number, usage: number) => gpu.createBuffer({ size, usage })
  const entries = rows * columns
  const bytes = 4 * parts * entries
  const buffers = {
    factor: made(left.byteLength, STORAGE | COPY_DST),
    other: made(right.byteLength, STORAGE | COPY_DST),
    sums: made(bytes, STORAGE | COPY_SRC),
    fields: made(stepStride, UNIFORM),
    read: made(forms.length * bytes, COPY_DST | MAP_READ),
  }
  const kernelOf = ({ layout, micro }: ProductForm) =>
    productKernel(
      {
        rows,
        columns,
        inner,
        layout,
        label: 'product',
        bindings: { factor: 'f32', other: 'f32', sums: 'writable f32' },
        code: '',
        left: `return factor[row * ${inner}u + k];`,
        right: `return other[k * ${columns}u + column];`,
        rowsNow: `${rows}u`,
        innerNow: `${inner}u`,
        store: `sums[(part * ${rows}u + row) * ${columns}u + column] = value;`,
      },
      { micro, parts },
    )
  try {
    gpu.queue.writeBuffer(buffers.factor, 0, left)
    gpu.queue.writeBuffer(buffers.other, 0, right)
    const { dispatch } = compilerOf(gpu)
    const dispatches = await Promise.all(forms.map((form) => dispatch(kernelOf(form), buffers, buffers.fields)))
    const encoder = gpu.createCommandEncoder()
    dispatches.forEach((each, i) => {
      const pass = encoder.beginComputePass()
      each.encode(pass, 0)
      pass.end()
      encoder.copyBufferToBuffer(buffers.sums, 0, buffers.read, i * bytes, bytes)
    })
    gpu.queue.submit([encoder.finish()])
    await watchOf(gpu).until(buffers.read.mapAsync(GPUMapMode.READ))
    const all = new Float32Array(mappedRange(buffers.read))
    return forms.map((_, i) => {
      const sums = all.subarray(i * parts * entries, (i + 1) * parts * entries)
      return Float64Array.from(
        { length: entries },
        (_, at) => sums[at]! + sums[entries + at]! + sums[2 * entries + at]!,
      )
    })
  } finally {
    for (const buffer of Object.values(buffers)) buffer.destroy()
  }
}
