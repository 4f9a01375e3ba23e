import { LabError } from '../../../shared/errors.ts'
import type { ProductForm } from './tilings.ts'

/** What a binding of a kernel holds, and whether it is written. */
type Binding =
  'f32' | 'u32' | 'pairs' | 'vectors' | 'writable f32' | 'writable pairs' | 'writable vectors' | 'writable counters'

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
  /** Whether a run has work, by its step; of many runs others are passed over. Without this, each has. */
  readonly when?: string
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
  'state', // of many runs: which of the states of a dispatch it is taken at
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
export const countedFields: readonly (typeof stepFields)[number][] = ['rows', 'selection', 'state']

/** Bytes from the fields of one step to those of the next: what a uniform's offset is a multiple of. */
export const stepStride = 256

const stepStructure = `struct Step { ${stepFields
  .map((name) => `${name}: ${countedFields.includes(name) ? 'u32' : 'f32'}`)
  .join(', ')} }`

const elementTypes: Record<Binding, string> = {
  f32: 'f32',
  u32: 'u32',
  pairs: 'vec2f',
  vectors: 'vec4f',
  'writable f32': 'f32',
  'writable pairs': 'vec2f',
  'writable vectors': 'vec4f',
  'writable counters': 'atomic<u32>',
}

const isWritable = (binding: Binding) => binding.startsWith('writable')

function declare(name: string, binding: Binding, number: number, type: string): string {
  const access = isWritable(binding) ? 'read_write' : 'read'
  return `@group(0) @binding(${number}) var<storage, ${access}> ${name}: array<${type}>;`
}

function sourceOf({ bindings, code, groups, lanes: threads = lanes, isPrivate }: Kernel): string {
  const names = Object.entries(bindings)
  const declared = names.map(([name, binding], i) => declare(name, binding, i, elementTypes[binding]))
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

/**
 * The same kernel for many runs at once, which are layers of its grid: each of its buffers is a list of what a run has, so many
 * `sizes`, and each run has a step of its own. A run whose step has no rows is passed over. The sums of a run are those of the text
 * for a single one.
 */
function sourceOfMany(
  { bindings, code, groups, lanes: threads = lanes, when = 'true' }: Kernel,
  sizes: Readonly<Record<string, number>>,
): string {
  const names = Object.entries(bindings)
  const declared = names.map(([name, binding], i) =>
    declare(name, binding, i, `array<${elementTypes[binding]}, ${sizes[name]}>`),
  )
  const ofBuffers = new RegExp(`\\b(${Object.keys(bindings).join('|')})\\[`, 'g')
  const ofRun = (text: string) => text.replaceAll(ofBuffers, '$1[place][').replaceAll(/\bstep\./g, 'steps[place].')
  // As a parameter, the place is known to be one for all threads of a workgroup, so that steps may decide how far they go together.
  const entry = code.replace('fn run(group: u32, lane: u32)', 'fn run(place: u32, group: u32, lane: u32)')
  return `${stepStructure}
${declared.join('\n')}
@group(0) @binding(${names.length}) var<storage, read> steps: array<Step>;
var<private> place: u32;
${ofRun(entry)}
fn hasWork(place: u32) -> bool { return steps[place].rows > 0u && ${ofRun(when)}; }
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = id.y * ${longestRow}u + id.x;
  place = id.z;
  if (group < ${groups}u && hasWork(id.z)) { run(id.z, group, lane); }
}`
}

/** Many runs that a kernel is dispatched for. */
export interface ManyRuns {
  readonly places: number
  /** Numbers, or whatever it holds, of each buffer that one of them has. */
  readonly sizes: Readonly<Record<string, number>>
}

/** Bytes of the fields of one step in a list of them. */
export const stepBytes = 4 * stepFields.length
/** Bytes from the steps of so many runs to the next ones: what the offset of a buffer is a multiple of. */
export const stridePlaces = (places: number) => Math.ceil((places * stepBytes) / stepStride) * stepStride

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
  /** For many runs at once: `steps` holds the fields of all of them, slot by slot. Throws as `dispatch`. */
  dispatchMany(
    kernel: Kernel,
    buffers: Readonly<Record<string, GPUBuffer>>,
    steps: GPUBuffer,
    runs: ManyRuns,
  ): Promise<Dispatch>
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

  async function compile(
    { label, bindings }: Kernel,
    code: string,
    steps: GPUBufferBindingType | undefined,
  ): Promise<Program> {
    const types = Object.values(bindings).map((binding): GPUBufferBindingLayout => ({
      type: isWritable(binding) ? 'storage' : 'read-only-storage',
    }))
    const layout = gpu.createBindGroupLayout({
      entries: [...types, ...(steps ? [{ type: steps, hasDynamicOffset: true }] : [])].map((buffer, binding) => ({
        binding,
        visibility: GPUShaderStage.COMPUTE,
        buffer,
      })),
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

  function programOf(kernel: Kernel, runs?: ManyRuns): Promise<Program> {
    const code = runs ? sourceOfMany(kernel, runs.sizes) : sourceOf(kernel)
    const steps = runs ? 'read-only-storage' : kernel.isPrivate ? undefined : 'uniform'
    const program = programs.get(code) ?? compile(kernel, code, steps)
    programs.set(code, program)
    return program
  }

  /** `stride` bytes lie from the steps of a slot to those of the next. */
  function bind(
    { bindings, groups }: Kernel,
    { pipeline, layout }: Program,
    buffers: Readonly<Record<string, GPUBuffer>>,
    { steps, stride, layers }: { steps: GPUBuffer | undefined; stride: number; layers: number },
  ): Dispatch {
    const bound = Object.keys(bindings).map((name): GPUBufferBinding => ({ buffer: buffers[name]! }))
    const group = gpu.createBindGroup({
      layout,
      entries: [...bound, ...(steps ? [{ buffer: steps, size: stride }] : [])].map((resource, binding) => ({
        binding,
        resource,
      })),
    })
    const offset = steps ? [0] : []
    const [columns, rows] = [Math.min(groups, longestRow), Math.ceil(groups / longestRow)]
    return {
      encode(pass, slot) {
        if (steps) offset[0] = slot * stride
        pass.setPipeline(pipeline)
        pass.setBindGroup(0, group, offset)
        pass.dispatchWorkgroups(columns, rows, layers)
      },
    }
  }

  return {
    async compile(kernel) {
      await programOf(kernel)
    },
    async dispatch(kernel, buffers, steps) {
      return bind(kernel, await programOf(kernel), buffers, { steps, stride: stepStride, layers: 1 })
    },
    async dispatchMany(kernel, buffers, steps, runs) {
      const { places } = runs
      const program = await programOf(kernel, runs)
      return bind(kernel, program, buffers, { steps, stride: stridePlaces(places), layers: places })
    },
  }
}
