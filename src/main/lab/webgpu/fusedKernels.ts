import { lanes, type Kernel } from './kernel.ts'
import {
  below,
  features,
  firstLayerEntries,
  hiddenCode,
  lossCode,
  selectionLayout,
  type StepShape,
} from './stepShape.ts'

/** Numbers that every GPU has room for beside a workgroup. */
const sharedNumbers = 4096
/** Multiply-adds of HW up to which a step is bound by its dispatches, not by its products. */
const mostFused = 2 ** 25
/** Outputs up to which the weights of a unit have room in registers. */
const mostHeld = 64
/** Hidden units of a workgroup of the first layer, and of one of the second. */
const [firstUnits, secondUnits] = [64, 4]

/** How the two kernels of this file are written. */
export interface FusedForm {
  /** Rows of a workgroup of the first: their values, outputs and parts of these have room beside it. */
  readonly rows: 4 | 2 | 1
  /** Whether the second holds the weights of a unit in registers, which it does of few outputs. */
  readonly isHeld: boolean
}

/** All that there are, the best first. */
export const fusedForms: readonly FusedForm[] = ([4, 2, 1] as const).flatMap((rows) => [
  { rows, isHeld: true },
  { rows, isHeld: false },
])

/** In which form a step of this shape is taken in the two kernels of this file: what is small enough, of tokens. */
export function bestFusedForm(shape: StepShape): FusedForm | undefined {
  const { samples, hidden, outputs, perRow } = shape
  const isSmall = outputs <= lanes && samples * hidden * outputs <= mostFused
  if (perRow === undefined || perRow > 4 || !isSmall) return undefined
  return fusedForms.find(
    ({ rows, isHeld }) =>
      rows * (features(shape) + outputs + lanes) <= sharedNumbers && (!isHeld || outputs <= mostHeld),
  )
}

/** C = ∂L/∂Ŷ (rows × o) from θ. */
export function forwardKernel(shape: StepShape, { rows }: FusedForm): Kernel {
  const { samples, outputs } = shape
  const units = features(shape)
  const slices = Math.min(Math.floor(lanes / outputs), units)
  const each = below(rows)
  return {
    label: 'outputs and their slopes',
    bindings: { theta: 'f32', inputs: 'u32', targets: 'f32', selection: 'u32', cotangent: 'writable f32' },
    groups: Math.ceil(samples / rows),
    code: `
var<workgroup> hidden: array<f32, ${rows * units}>;
var<workgroup> parts: array<f32, ${slices * rows * outputs}>;
var<workgroup> outputs: array<f32, ${rows * outputs}>;
${hiddenCode(shape)}
${lossCode(shape)}
fn run(group: u32, lane: u32) {
  let first = group * ${rows}u;
  if (first >= step.rows) { return; }
  for (var i = lane; i < ${rows * units}u; i += ${lanes}u) {
    hidden[i] = feature(min(first + i / ${units}u, step.rows - 1u), i % ${units}u);
  }
  workgroupBarrier();
  let column = lane % ${outputs}u;
  let slice = lane / ${outputs}u;
  if (slice < ${slices}u) {
    ${each.map((row) => `var sum${row} = 0.0;`).join(' ')}
    for (var unit = slice; unit < ${units}u; unit += ${slices}u) {
      let weight = theta[${firstLayerEntries(shape)}u + unit * ${outputs}u + column];
      ${each.map((row) => `sum${row} = fma(hidden[${row * units}u + unit], weight, sum${row});`).join('\n      ')}
    }
    ${each.map((row) => `parts[(slice * ${rows}u + ${row}u) * ${outputs}u + column] = sum${row};`).join('\n    ')}
  }
  workgroupBarrier();
  for (var i = lane; i < ${rows * outputs}u; i += ${lanes}u) {
    var sum = 0.0;
    for (var part = 0u; part < ${slices}u; part++) { sum += parts[part * ${rows * outputs}u + i]; }
    outputs[i] = sum;
  }
  workgroupBarrier();
  for (var i = lane; i < ${rows * outputs}u; i += ${lanes}u) {
    let row = first + i / ${outputs}u;
    if (row < step.rows) {
      let at = i % ${outputs}u;
      cotangent[row * ${outputs}u + at] = lossSlope(i - at, at, targets[sample(row) * ${outputs}u + at]);
    }
  }
}`,
  }
}

/** The gradients of both layers from C and θ, each entry given to `take`, which `sink` declares with the buffers it needs. */
export function backwardKernel(
  shape: StepShape,
  { isHeld }: FusedForm,
  sink: Pick<Kernel, 'bindings' | 'code'>,
): Kernel {
  const { inputs, hidden, outputs } = shape
  const { starts, rows } = selectionLayout(shape)
  const chunks = Math.ceil(hidden / firstUnits)
  const firstGroups = inputs * chunks
  const slices = Math.floor(lanes / outputs)
  const rowsPerBlock = lanes / secondUnits
  const units = below(secondUnits)
  const weightsAt = `${firstLayerEntries(shape)}u + unit * ${outputs}u`
  const held = isHeld ? below(outputs).map((c) => `let weight${c} = theta[${weightsAt} + ${c}u];`) : []
  const product = isHeld
    ? below(outputs).map((c) => `back = fma(cotangent[at + ${c}u], weight${c}, back);`)
    : [`for (var c = 0u; c < ${outputs}u; c++) { back = fma(cotangent[at + c], theta[${weightsAt} + c], back); }`]
  return {
    label: 'gradient',
    bindings: { theta: 'f32', inputs: 'u32', selection: 'u32', cotangent: 'f32', ...sink.bindings },
    groups: firstGroups + Math.ceil(features(shape) / secondUnits),
    code: `
var<workgroup> values: array<f32, ${lanes}>;
var<workgroup> parts: array<f32, ${slices * secondUnits * outputs}>;
${hiddenCode(shape)}
${sink.code}
fn firstLayer(group: u32, lane: u32) {
  let token = group / ${chunks}u;
  let unit = (group % ${chunks}u) * ${firstUnits}u + lane % ${firstUnits}u;
  var sum = 0.0;
  if (unit < ${hidden}u) {
    ${held.join(' ')}
    let list = step.selection + ${rows}u;
    let end = selection[step.selection + ${starts}u + token + 1u];
    for (var i = selection[step.selection + ${starts}u + token] + lane / ${firstUnits}u; i < end; i += ${lanes / firstUnits}u) {
      let row = selection[list + i];
      let at = row * ${outputs}u;
      var back = 0.0;
      ${product.join('\n      ')}
      sum += slope(preactivation(row, unit)) * back;
    }
  }
  values[lane] = sum;
  workgroupBarrier();
  if (lane < ${firstUnits}u && unit < ${hidden}u) {
    var total = values[lane];
    for (var i = ${firstUnits}u; i < ${lanes}u; i += ${firstUnits}u) { total += values[lane + i]; }
    take(token * ${hidden}u + unit, total);
  }
}
fn secondLayer(group: u32, lane: u32) {
  let first = group * ${secondUnits}u;
  let column = lane % ${outputs}u;
  let slice = lane / ${outputs}u;
  ${units.map((unit) => `var sum${unit} = 0.0;`).join(' ')}
  for (var block = 0u; block < step.rows; block += ${rowsPerBlock}u) {
    let row = block + lane / ${secondUnits}u;
    let unit = first + lane % ${secondUnits}u;
    var value = 0.0;
    if (row < step.rows && unit < ${features(shape)}u) { value = feature(row, unit); }
    values[lane] = value;
    workgroupBarrier();
    if (slice < ${slices}u) {
      let end = min(${rowsPerBlock}u, step.rows - block);
      for (var i = slice; i < end; i += ${slices}u) {
        let given = cotangent[(block + i) * ${outputs}u + column];
        ${units.map((unit) => `sum${unit} = fma(values[i * ${secondUnits}u + ${unit}u], given, sum${unit});`).join('\n        ')}
      }
    }
    workgroupBarrier();
  }
  if (slice < ${slices}u) {
    ${units.map((unit) => `parts[(slice * ${secondUnits}u + ${unit}u) * ${outputs}u + column] = sum${unit};`).join('\n    ')}
  }
  workgroupBarrier();
  for (var i = lane; i < ${secondUnits * outputs}u && first + i / ${outputs}u < ${features(shape)}u; i += ${lanes}u) {
    var total = 0.0;
    for (var part = 0u; part < ${slices}u; part++) { total += parts[part * ${secondUnits * outputs}u + i]; }
    take(${firstLayerEntries(shape)}u + first * ${outputs}u + i, total);
  }
}
fn run(group: u32, lane: u32) {
  if (group < ${firstGroups}u) { firstLayer(group, lane); } else { secondLayer(group - ${firstGroups}u, lane); }
}`,
  }
}
