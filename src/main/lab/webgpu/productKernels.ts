import { activationCode } from './activationKernels.ts'
import { lanes, type Kernel } from './kernel.ts'
import type { Tilings } from '../../../shared/tilingTable.ts'
import { productLayouts, tileSide as side, type ProductLayout, type ProductSizes, type Tiling } from './tilings.ts'
import {
  below,
  features,
  firstLayerEntries,
  hiddenCode,
  lossCode,
  parametersOf,
  sampleCode,
  selectionLayout,
  type StepShape,
} from './stepShape.ts'

/** Terms of a sum that a workgroup has at hand at a time. */
const depth = 16

interface Product extends ProductSizes {
  readonly label: string
  readonly bindings: Kernel['bindings']
  readonly code: string
  /** Entries of the factors at (row, k) and (k, column), and how many of the rows and terms this step has. */
  readonly left: string
  readonly right: string
  readonly rowsNow: string
  readonly innerNow: string
  readonly layout: ProductLayout
  /** Stores `value` at (row, column) of a `part`. */
  readonly store: string
}

/** A product of two matrices, whose sums are in fixed order. */
export function productKernel(product: Product, { micro, parts }: Tiling): Kernel {
  const { label, bindings, code, rows, columns, inner, layout } = product
  const { isLeftAlongRows, isRightAlongTerms } = productLayouts[layout]
  const tile = side * micro
  const across = Math.ceil(columns / tile)
  const tiles = across * Math.ceil(rows / tile)
  const perPart = Math.ceil(inner / parts / depth) * depth
  const each = below(micro)
  const pairs = each.flatMap((r) => each.map((c) => [r, c] as const))
  const indices = (isAlongSide: boolean) =>
    isAlongSide ? [`i % ${tile}u`, `i / ${tile}u`] : [`i / ${depth}u`, `i % ${depth}u`]
  const [leftRow, leftTerm] = indices(isLeftAlongRows)
  const [rightColumn, rightTerm] = indices(!isRightAlongTerms)
  return {
    label,
    bindings,
    groups: tiles * parts,
    product: { layout, micro },
    code: `
var<workgroup> lefts: array<f32, ${tile * depth}>;
var<workgroup> rights: array<f32, ${tile * depth}>;
${code}
fn left(row: u32, k: u32) -> f32 { ${product.left} }
fn right(k: u32, column: u32) -> f32 { ${product.right} }
fn store(part: u32, row: u32, column: u32, value: f32) { ${product.store} }
fn run(group: u32, lane: u32) {
  let part = group / ${tiles}u;
  let firstRow = (group % ${tiles}u) / ${across}u * ${tile}u;
  let firstColumn = (group % ${tiles}u) % ${across}u * ${tile}u;
  let rows = ${product.rowsNow};
  if (firstRow >= rows) { return; }
  let end = min((part + 1u) * ${perPart}u, ${product.innerNow});
  let row = lane / ${side}u;
  let column = lane % ${side}u;
  ${pairs.map(([r, c]) => `var sum${r}_${c} = 0.0;`).join(' ')}
  for (var k = part * ${perPart}u; k < end; k += ${depth}u) {
    for (var i = lane; i < ${tile * depth}u; i += ${lanes}u) {
      let leftRow = ${leftRow};
      let leftTerm = ${leftTerm};
      var value = 0.0;
      if (firstRow + leftRow < rows && k + leftTerm < end) { value = left(firstRow + leftRow, k + leftTerm); }
      lefts[leftTerm * ${tile}u + leftRow] = value;
      let rightColumn = ${rightColumn};
      let rightTerm = ${rightTerm};
      value = 0.0;
      if (firstColumn + rightColumn < ${columns}u && k + rightTerm < end) { value = right(k + rightTerm, firstColumn + rightColumn); }
      rights[rightTerm * ${tile}u + rightColumn] = value;
    }
    workgroupBarrier();
    for (var term = 0u; term < ${depth}u; term++) {
      ${each.map((r) => `let left${r} = lefts[term * ${tile}u + row + ${r * side}u];`).join(' ')}
      ${each.map((c) => `let right${c} = rights[term * ${tile}u + column + ${c * side}u];`).join(' ')}
      ${pairs.map(([r, c]) => `sum${r}_${c} = fma(left${r}, right${c}, sum${r}_${c});`).join(' ')}
    }
    workgroupBarrier();
  }
  ${pairs
    .map(([r, c]) => {
      const [at, across] = [`firstRow + row + ${r * side}u`, `firstColumn + column + ${c * side}u`]
      return `if (${at} < rows && ${across} < ${columns}u) { store(part, ${at}, ${across}, sum${r}_${c}); }`
    })
    .join('\n  ')}
}`,
  }
}

/** Z = X[E; b] and H = σ(Z) (rows × d). */
export function hiddenKernel(shape: StepShape, tilings: Tilings): Kernel {
  const { samples, inputs, hidden, perRow } = shape
  const bindings = { theta: 'f32', selection: 'u32', preactivations: 'writable f32', hidden: 'writable f32' } as const
  if (perRow === undefined) {
    const sizes = { rows: samples, columns: hidden, inner: inputs }
    return productKernel(
      {
        ...sizes,
        label: 'hidden units of dense inputs',
        bindings: { ...bindings, inputs: 'f32' },
        code: hiddenCode(shape),
        left: `return inputs[sample(row) * ${inputs}u + k];`,
        right: `return theta[k * ${hidden}u + column];`,
        rowsNow: 'step.rows',
        innerNow: `${inputs}u`,
        layout: 'AB',
        store: `
          preactivations[row * ${hidden}u + column] = value;
          hidden[row * ${hidden}u + column] = activate(value);`,
      },
      tilings.hidden,
    )
  }
  return {
    label: 'hidden units of tokens',
    bindings: { ...bindings, inputs: 'u32' },
    groups: Math.ceil((samples * hidden) / lanes),
    code: `
${hiddenCode(shape)}
fn run(group: u32, lane: u32) {
  let at = group * ${lanes}u + lane;
  if (at < step.rows * ${hidden}u) {
    let z = preactivation(at / ${hidden}u, at % ${hidden}u);
    preactivations[at] = z;
    hidden[at] = activate(z);
  }
}`,
  }
}

/** An entry of [H, 1], the 1 only where there are biases. */
const featureCode = ({ hidden, hasBiases }: StepShape, row: string, unit: string) =>
  `${hasBiases ? `if (${unit} == ${hidden}u) { return 1.0; } ` : ''}return hidden[${row} * ${hidden}u + ${unit}];`

/** Ŷ = [H, 1][W; c] (rows × o), in parts of its sums. */
export function outputsKernel(shape: StepShape, tilings: Tilings): Kernel {
  const { samples, outputs } = shape
  return productKernel(
    {
      rows: samples,
      columns: outputs,
      inner: features(shape),
      label: 'outputs',
      bindings: { theta: 'f32', hidden: 'f32', outputs: 'writable f32' },
      code: '',
      left: featureCode(shape, 'row', 'k'),
      right: `return theta[${firstLayerEntries(shape)}u + k * ${outputs}u + column];`,
      rowsNow: 'step.rows',
      innerNow: `${features(shape)}u`,
      layout: 'AB',
      store: `outputs[(part * ${samples}u + row) * ${outputs}u + column] = value;`,
    },
    tilings.outputs,
  )
}

/** C = ∂L/∂Ŷ (rows × o) from the parts of Ŷ, which are added into the first of them. */
export function cotangentKernel(shape: StepShape, tilings: Tilings): Kernel {
  const { samples, outputs } = shape
  const rows = Math.max(1, Math.floor(lanes / outputs))
  return {
    label: 'slopes of the outputs',
    bindings: { targets: 'f32', selection: 'u32', outputs: 'writable f32', cotangent: 'writable f32' },
    groups: Math.ceil(samples / rows),
    code: `
${sampleCode}
${lossCode(shape)}
fn run(group: u32, lane: u32) {
  let first = group * ${rows * outputs}u;
  let end = min(first + ${rows * outputs}u, step.rows * ${outputs}u);
  for (var at = first + lane; at < end; at += ${lanes}u) {
    var sum = outputs[at];
    for (var part = 1u; part < ${tilings.outputs.parts}u; part++) { sum += outputs[part * ${samples * outputs}u + at]; }
    outputs[at] = sum;
  }
  storageBarrier();
  for (var at = first + lane; at < end; at += ${lanes}u) {
    let column = at % ${outputs}u;
    cotangent[at] = lossSlope(at - column, column, targets[sample(at / ${outputs}u) * ${outputs}u + column]);
  }
}`,
  }
}

/** G = (CWᵀ) ⊙ σ'(Z) (rows × d). */
export function backKernel(shape: StepShape, tilings: Tilings): Kernel {
  const { samples, hidden, outputs } = shape
  const sizes = { rows: samples, columns: hidden, inner: outputs }
  return productKernel(
    {
      ...sizes,
      label: 'slopes of the hidden units',
      bindings: { theta: 'f32', cotangent: 'f32', preactivations: 'f32', back: 'writable f32' },
      code: activationCode(shape.activation),
      left: `return cotangent[row * ${outputs}u + k];`,
      right: `return theta[${firstLayerEntries(shape)}u + column * ${outputs}u + k];`,
      rowsNow: 'step.rows',
      innerNow: `${outputs}u`,
      layout: 'ABᵀ',
      store: `
        let at = row * ${hidden}u + column;
        back[at] = value * slope(preactivations[at]);`,
    },
    tilings.back,
  )
}

/** ∇L of [W; c], [H, 1]ᵀC (d × o, or d + 1 rows), in parts of its sums. */
export function secondLayerKernel(shape: StepShape, tilings: Tilings): Kernel {
  const { samples, outputs } = shape
  const rows = features(shape)
  return productKernel(
    {
      rows,
      columns: outputs,
      inner: samples,
      label: 'gradient of the second layer',
      bindings: { hidden: 'f32', cotangent: 'f32', secondParts: 'writable f32' },
      code: '',
      left: featureCode(shape, 'k', 'row'),
      right: `return cotangent[k * ${outputs}u + column];`,
      rowsNow: `${rows}u`,
      innerNow: 'step.rows',
      layout: 'AᵀB',
      store: `secondParts[(part * ${rows}u + row) * ${outputs}u + column] = value;`,
    },
    tilings.secondLayer,
  )
}

/** ∇L of [E; b], XᵀG (m × d), of dense inputs, in parts of its sums. */
export function firstLayerKernel(shape: StepShape, tilings: Tilings): Kernel {
  const { samples, inputs, hidden } = shape
  return productKernel(
    {
      rows: inputs,
      columns: hidden,
      inner: samples,
      label: 'gradient of the first layer',
      bindings: { inputs: 'f32', selection: 'u32', back: 'f32', firstParts: 'writable f32' },
      code: sampleCode,
      left: `return inputs[sample(k) * ${inputs}u + row];`,
      right: `return back[k * ${hidden}u + column];`,
      rowsNow: `${inputs}u`,
      innerNow: 'step.rows',
      layout: 'AᵀB',
      store: `firstParts[(part * ${inputs}u + row) * ${hidden}u + column] = value;`,
    },
    tilings.firstLayer,
  )
}

/** Gives each entry of the gradients of both layers to `take`, which `sink` declares with the buffers it needs: that of tokens is XᵀG. */
export function gradientKernel(shape: StepShape, tilings: Tilings, sink: Pick<Kernel, 'bindings' | 'code'>): Kernel {
  const { perRow } = shape
  const first = firstLayerEntries(shape)
  const second = parametersOf(shape) - first
  const secondSum = partSum('secondParts', tilings.secondLayer.parts, second)
  if (perRow === undefined) {
    return {
      label: 'gradient',
      bindings: { firstParts: 'f32', secondParts: 'f32', ...sink.bindings },
      groups: Math.ceil((first + second) / lanes),
      code: `
${sink.code}
fn run(group: u32, lane: u32) {
  let place = group * ${lanes}u + lane;
  if (place < ${first}u) {
    let at = place;
    ${partSum('firstParts', tilings.firstLayer.parts, first)}
    take(at, sum);
  } else if (place < ${first + second}u) {
    let at = place - ${first}u;
    ${secondSum}
    take(place, sum);
  }
}`,
    }
  }
  const chunks = Math.ceil(shape.hidden / scatteredUnits)
  const layout = selectionLayout(shape)
  return {
    label: 'gradient',
    bindings: { back: 'f32', secondParts: 'f32', selection: 'u32', ...sink.bindings },
    groups: shape.inputs * chunks + Math.ceil(second / lanes),
    code: `
var<workgroup> sums: array<f32, ${lanes}>;
${sink.code}
fn scatter(group: u32, lane: u32) {
  let token = group / ${chunks}u;
  let unit = (group % ${chunks}u) * ${scatteredUnits}u + lane % ${scatteredUnits}u;
  var sum = 0.0;
  if (unit < ${shape.hidden}u) {
    let end = selection[step.selection + ${layout.starts}u + token + 1u];
    for (var i = selection[step.selection + ${layout.starts}u + token] + lane / ${scatteredUnits}u; i < end; i += ${lanes / scatteredUnits}u) {
      sum += back[selection[step.selection + ${layout.rows}u + i] * ${shape.hidden}u + unit];
    }
  }
  sums[lane] = sum;
  workgroupBarrier();
  if (lane < ${scatteredUnits}u && unit < ${shape.hidden}u) {
    var total = sums[lane];
    for (var i = ${scatteredUnits}u; i < ${lanes}u; i += ${scatteredUnits}u) { total += sums[lane + i]; }
    take(token * ${shape.hidden}u + unit, total);
  }
}
fn run(group: u32, lane: u32) {
  if (group < ${shape.inputs * chunks}u) {
    scatter(group, lane);
  } else {
    let at = (group - ${shape.inputs * chunks}u) * ${lanes}u + lane;
    if (at < ${second}u) {
      ${secondSum}
      take(${first}u + at, sum);
    }
  }
}`,
  }
}

/** Hidden units that a workgroup adds the rows of. */
const scatteredUnits = 64

/** Adds up `sum`, the entry `at` of so many parts. */
function partSum(buffer: string, parts: number, length: number): string {
  return `var sum = ${buffer}[at];
    for (var part = 1u; part < ${parts}u; part++) { sum += ${buffer}[part * ${length}u + at]; }`
}
