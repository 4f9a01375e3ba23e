import { describe, expect, it } from 'vitest'
import { activationFunctions } from '../../../../src/main/lab/network/activations.ts'
import { activationCode } from '../../../../src/main/lab/webgpu/activationKernels.ts'
import { compilerOf, lanes, stepStride, type Kernel } from '../../../../src/main/lab/webgpu/kernel.ts'
import { activations } from '../../../../src/shared/models/models.ts'
import { software } from '../../../support/softwareGpu.ts'

describe.skipIf(!software.gpu)(`a kernel: ${software.name}`, () => {
  const gpu = software.gpu!

  /** What a kernel makes of `given`, in as many places as it has threads for. */
  async function computed(kernel: Pick<Kernel, 'code' | 'groups'>, given: Float32Array<ArrayBuffer>, entries: number) {
    const { STORAGE, UNIFORM, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage
    const made = (size: number, usage: number) => gpu.createBuffer({ size, usage })
    const buffers = {
      given: made(given.byteLength, STORAGE | COPY_DST),
      found: made(4 * entries, STORAGE | COPY_SRC),
      read: made(4 * entries, MAP_READ | COPY_DST),
    }
    gpu.queue.writeBuffer(buffers.given, 0, given)
    const bindings = { given: 'f32', found: 'writable f32' } as const
    const fields = made(stepStride, UNIFORM)
    const dispatch = await compilerOf(gpu).dispatch({ label: 'test', bindings, ...kernel }, buffers, fields)
    const encoder = gpu.createCommandEncoder()
    const pass = encoder.beginComputePass()
    dispatch.encode(pass, 0)
    pass.end()
    encoder.copyBufferToBuffer(buffers.found, 0, buffers.read, 0, 4 * entries)
    gpu.queue.submit([encoder.finish()])
    await buffers.read.mapAsync(GPUMapMode.READ)
    return new Float32Array(buffers.read.getMappedRange().slice(0))
  }

  it.each(activations)('has the activation and its slope to float32: %s', async (activation) => {
    const count = 40 * lanes
    const places = Float32Array.from({ length: count }, (_, i) => 24 * (i / count - 0.5))
    const code = `${activationCode(activation)}
fn run(group: u32, lane: u32) {
  let at = group * ${lanes}u + lane;
  found[at] = activate(given[at]);
  found[at + ${count}u] = slope(given[at]);
}`
    const found = await computed({ code, groups: 40 }, places, 2 * count)
    const { value, derivative } = activationFunctions[activation]
    const errors = Array.from(places, (z, i) => {
      const off = (by: number, exact: number) => Math.abs(by - exact) / Math.max(1, Math.abs(exact))
      return Math.max(off(found[i]!, value(z)), off(found[count + i]!, derivative(z)))
    })
    expect(Math.max(...errors)).toBeLessThan(1e-6)
  })

  it('has a tanh that is exact to float32 near 0 too', async () => {
    const places = Float32Array.from({ length: lanes }, (_, i) => 10 ** (-i / 40))
    const code = `${activationCode('tanh')} fn run(group: u32, lane: u32) { found[lane] = activate(given[lane]); }`
    const found = await computed({ code, groups: 1 }, places, lanes)
    const errors = Array.from(places, (z, i) => Math.abs(found[i]! / Math.tanh(z) - 1))
    expect(Math.max(...errors)).toBeLessThan(4e-7)
  })

  it('has more workgroups than fit into a row of them', async () => {
    const groups = 70_000
    const code = 'fn run(group: u32, lane: u32) { if (lane == 0u) { found[group] = f32(group) + given[0]; } }'
    const found = await computed({ code, groups }, Float32Array.of(1), groups)
    expect(found.findIndex((value, group) => value !== group + 1)).toBe(-1)
  })
})
