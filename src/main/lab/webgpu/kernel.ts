import { LabError } from '../../../shared/errors.ts'
import type { ProductForm } from './tilings.ts'

/** What a binding of a kernel holds, and whether it is written. */
type Binding = 'f32' | 'u32' | 'pairs' | 'writable f32' | 'writable pairs'

/** A program for a GPU: a text in WGSL, with the buffers it names, for so many workgroups. */
export interface Kernel {
  readonly label: string
  /** In the order of their numbers. */
  readonly bindings: Readonly<Record<string, Binding>>
  /** Declarations, and a function `run(group: u32, lane: u32)` for one of the threads of a workgroup. */
  readonly code: string
  readonly groups: number
  /** Threads of a workgroup, where not `lanes`. */
  readonly lanes?: number
  /** Of a product, how it is written. */
  readonly product?: ProductForm
  /** Where every workgroup has a `step` of its own, which it fills itself, and as many workgroups as are dispatched have work. */
  readonly isPrivate?: true
}

/** Threads of a workgroup. */
export const lanes = 256
/** Workgroups in one dimension of a dispatch, at most: more go on in the second. */
const longestRow = 65_535

/** What changes from step to step; of numbers that differ in their last letter, each is for the parameter of that name. */
export const stepFields = [
  'rows', // samples of the step
  'selection', // where the step's samples are listed
  'lossScale', // s of L = s·Σ …
  'maxNorm',
  'clampedNorm',
  'momentum',
  'meanDecay', // β₁
  'meanShare', // 1 − β₁
  'squareDecay', // β₂
  'squareShare', // 1 − β₂
  'squareCorrection', // 1 − β₂ᵗ
  'epsilon',
  'rateE', // η, for adamw over 1 − β₁ᵗ
  'rateW',
  'shrinkageE', // η·wd, where the decay is beside the step
  'shrinkageW',
  'decayE', // wd, where it is part of the gradient
  'decayW',
  'rateb',
  'ratec',
  'shrinkageb',
  'shrinkagec',
  'decayb',
  'decayc',
] as const

/** Those that count. */
export const countedFields: readonly (typeof stepFields)[number][] = ['rows', 'selection']

/** Bytes from the fields of one step to those of the next: what a uniform's offset is a multiple of. */
export const stepStride = 256

const stepStructure = `struct Step { ${stepFields
  .map((name) => `${name}: ${countedFields.includes(name) ? 'u32' : 'f32'}`)
  .join(', ')} }`

const elementTypes: Record<Binding, string> = {
  f32: 'storage, read> NAME: array<f32>',
  u32: 'storage, read> NAME: array<u32>',
  pairs: 'storage, read> NAME: array<vec2f>',
  'writable f32': 'storage, read_write> NAME: array<f32>',
  'writable pairs': 'storage, read_write> NAME: array<vec2f>',
}

function sourceOf({ bindings, code, groups, lanes: threads = lanes, isPrivate }: Kernel): string {
  const names = Object.entries(bindings)
  const declared = names.map(
    ([name, binding], i) => `@group(0) @binding(${i}) var<${elementTypes[binding].replace('NAME', name)};`,
  )
  return `${stepStructure}
${declared.join('\n')}
${isPrivate ? 'var<private>' : `@group(0) @binding(${names.length}) var<uniform>`} step: Step;
${code}
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = id.y * ${longestRow}u + id.x;
  ${isPrivate ? 'run(group, lane);' : `if (group < ${groups}u) { run(group, lane); }`}
}`
}

/** A kernel on its buffers, ready to be queued. */
export interface Dispatch {
  /** Queues it with the fields of a slot of the steps. */
  encode(pass: GPUComputePassEncoder, slot: number): void
}

/** Compiles kernels for one GPU, each text once. */
export interface KernelCompiler {
  /** So that `dispatch` finds it compiled. Throws BACKEND_UNAVAILABLE where the driver fails at it. */
  compile(kernel: Kernel): Promise<void>
  /** `step` holds the fields of the steps, where they are not private. Throws as `compile`, and where the text is wrong, which is a defect. */
  dispatch(kernel: Kernel, buffers: Readonly<Record<string, GPUBuffer>>, step?: GPUBuffer): Promise<Dispatch>
}

interface Program {
  readonly pipeline: GPUComputePipeline
  readonly layout: GPUBindGroupLayout
}

const compilers = new WeakMap<GPUDevice, KernelCompiler>()

/** The compiler of a GPU, which keeps what it has compiled as long as that lives. */
export function compilerOf(gpu: GPUDevice): KernelCompiler {
  const known = compilers.get(gpu)
  if (known) return known
  const compiler = createCompiler(gpu)
  compilers.set(gpu, compiler)
  return compiler
}

function createCompiler(gpu: GPUDevice): KernelCompiler {
  const programs = new Map<string, Promise<Program>>()

  async function compile({ label, bindings, isPrivate }: Kernel, code: string): Promise<Program> {
    const types = Object.values(bindings).map((binding): GPUBufferBindingLayout => ({
      type: binding.startsWith('writable') ? 'storage' : 'read-only-storage',
    }))
    const layout = gpu.createBindGroupLayout({
      entries: [...types, ...(isPrivate ? [] : [{ type: 'uniform', hasDynamicOffset: true } as const])].map(
        (buffer, binding) => ({
          binding,
          visibility: GPUShaderStage.COMPUTE,
          buffer,
        }),
      ),
    })
    const module = gpu.createShaderModule({ label, code })
    try {
      const pipeline = await gpu.createComputePipelineAsync({
        label,
        layout: gpu.createPipelineLayout({ bindGroupLayouts: [layout] }),
        compute: { module, entryPoint: 'main' },
      })
      return { pipeline, layout }
    } catch (failure) {
      if (!(failure instanceof GPUPipelineError) || failure.reason !== 'internal') throw failure
      const [words] = failure.message.split('\n')
      const message = `WebGPU: the driver does not compile the kernel “${label}”: ${words}`
      throw new LabError('BACKEND_UNAVAILABLE', message)
    }
  }

  function programOf(kernel: Kernel): Promise<Program> {
    const code = sourceOf(kernel)
    const program = programs.get(code) ?? compile(kernel, code)
    programs.set(code, program)
    return program
  }

  return {
    async compile(kernel) {
      await programOf(kernel)
    },
    async dispatch(kernel, buffers, step) {
      const { pipeline, layout } = await programOf(kernel)
      const bound = Object.keys(kernel.bindings).map((name): GPUBufferBinding => ({ buffer: buffers[name]! }))
      const group = gpu.createBindGroup({
        layout,
        entries: [...bound, ...(step ? [{ buffer: step, size: stepStride }] : [])].map((resource, binding) => ({
          binding,
          resource,
        })),
      })
      const offset = step ? [0] : []
      const [columns, rows] = [Math.min(kernel.groups, longestRow), Math.ceil(kernel.groups / longestRow)]
      return {
        encode(pass, slot) {
          if (step) offset[0] = slot * stepStride
          pass.setPipeline(pipeline)
          pass.setBindGroup(0, group, offset)
          pass.dispatchWorkgroups(columns, rows)
        },
      }
    },
  }
}
