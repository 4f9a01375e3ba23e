import { tileSizes, type Tilings } from '../../../../shared/tilingTable.ts'
import { lanes, type Kernel } from '../kernel.ts'
import { clampKernel, clippedUpdateKernel, normKernel, normParts } from '../normKernels.ts'
import { momentNames, optimizerCode } from '../optimizerKernels.ts'
import { firstLayerEntries, parameterEntries, parametersOf, sampleCode, selectionLayout } from '../stepShape.ts'
import { tileSide } from '../tilings.ts'
import { gradientKernels, intermediatesOf, largest, type KernelChoice } from '../trainingPlan.ts'
import { toldNumbers } from './batchFields.ts'
import type { BatchShape } from './batchShape.ts'
import { finiteCode, fitCode, reducedCode } from './recordCode.ts'

/** The kernels of many runs, of which each is a layer of every grid, by when they are dispatched, each in this order. */
export interface GridPlan {
  /** A step. */
  readonly step: readonly Kernel[]
  /** After a step, where the norm of θ is set. */
  readonly clamp: readonly Kernel[]
  /** Of a state that is recorded: forward through all samples, also those held out. */
  readonly fits: readonly Kernel[]
  /** After it: the gradient of those trained on, and what is told of the state. */
  readonly tell: readonly Kernel[]
  /** What a run has of each buffer: so many numbers, or pairs or fours of them. */
  readonly sizes: Readonly<Record<string, number>>
}

/**
 * Plans the kernels of runs that no workgroup has the memory for: those of a single run, one for each product. Many runs keep a
 * device busy, so that no sum is cut in parts. `states` are told of a dispatch, at most.
 */
export function planGrid(all: BatchShape, states: number): GridPlan {
  const ofStep = stepShapeOf(all)
  const [choiceOfAll, choiceOfStep] = [choiceOf(all), choiceOf(ofStep)]
  const parameters = parametersOf(all)
  const { samples, perRow, outputs, optimizer, batchSize } = all
  const moments = momentNames[optimizer].length * parameters
  const failed = { failed: 'writable counters' } as const
  const inPlace = {
    bindings: { theta: 'writable f32' as const, ...(moments > 0 && { moments: 'writable f32' as const }), ...failed },
    code: `${finiteCode}
${optimizerCode(optimizer, parameterEntries(all), ['theta', 'theta'], failing('gradient'))}`,
  }
  const stored = {
    bindings: { gradient: 'writable f32' as const, ...failed },
    code: `${finiteCode}
fn take(at: u32, value: f32) { ${failing('value')} gradient[at] = value; }`,
  }
  const [hidden, products, ...backward] = gradientKernels(all, choiceOfAll, stored)
  const clippedStep = () => [
    ...gradientKernels(ofStep, choiceOfStep, stored),
    normKernel(parameters),
    clippedUpdateKernel(parameters, inPlace),
  ]
  return {
    step: all.isClipped ? clippedStep() : gradientKernels(ofStep, choiceOfStep, inPlace),
    clamp: [normKernel(parameters), clampKernel(parameters)],
    fits: [hidden!, products!, fitKernel(all)],
    tell: [...backward, toldKernel(all)],
    sizes: {
      theta: parameters,
      moments,
      gradient: parameters,
      values: parameters,
      parts: normParts(parameters),
      ...largest(intermediatesOf(all, choiceOfAll), intermediatesOf(ofStep, choiceOfStep)),
      inputs: samples * perRow,
      targets: samples * outputs,
      classes: samples,
      selection: selectionLayout(all).length + (batchSize === undefined ? 0 : states * selectionLayout(ofStep).length),
      fits: samples,
      told: states * toldNumbers.length,
      failed: 1,
    },
  }
}

/** What a step of a run is taken on: all samples, of which those beyond its own are passed over, or a batch. */
export function stepShapeOf(all: BatchShape): BatchShape {
  return { ...all, samples: all.batchSize ?? all.samples }
}

/** By sizes alone, so that they decide the bits of a run: tiles as large as the products. */
function choiceOf({ samples, inputs, hidden, outputs }: BatchShape): KernelChoice {
  const tiling = (rows: number, columns: number) => ({
    micro: tileSizes.findLast((micro) => tileSide * micro <= Math.min(rows, columns)) ?? 1,
    parts: 1,
  })
  const tilings: Tilings = {
    hidden: { ...tiling(samples, hidden), parts: 1 },
    outputs: tiling(samples, outputs),
    back: { ...tiling(samples, hidden), parts: 1 },
    secondLayer: tiling(hidden, outputs),
    firstLayer: tiling(inputs, hidden),
  }
  return { fused: undefined, tilings }
}

/** Marks the earliest state of a run whose gradient has an entry that is not finite. */
const failing = (entry: string) => `if (!isFinite(${entry})) { atomicMin(&failed[0], step.state); }`

/** What `fitOf` says of each row. */
function fitKernel(shape: BatchShape): Kernel {
  return {
    label: 'fits',
    bindings: { outputs: 'f32', classes: 'u32', selection: 'u32', fits: 'writable vectors' },
    groups: Math.ceil(shape.samples / lanes),
    code: `
${sampleCode}
${fitCode(shape)}
fn run(group: u32, lane: u32) {
  let row = group * ${lanes}u + lane;
  if (row < step.rows) { fits[row] = fitOf(row * ${shape.outputs}u, classes[sample(row)]); }
}`,
  }
}

/** The `toldNumbers` of a state: from the fits of all its rows, those trained on first, from θ, and from the gradient. */
function toldKernel(shape: BatchShape): Kernel {
  const parameters = parametersOf(shape)
  const told = [
    ...['train.x', 'train.y', 'train.z', '-bounds.x'],
    ...['test.x', 'test.y', 'test.z', 'test.w'],
    ...['squares.x', 'squares.y', 'bounds.y', 'squares.z'],
  ]
  return {
    label: 'what is told of a state',
    bindings: { fits: 'vectors', theta: 'f32', gradient: 'f32', told: 'writable f32' },
    groups: 1,
    code: `
var<workgroup> parts: array<vec4f, ${lanes}>;
${reducedCode(lanes)}
fn run(group: u32, lane: u32) {
  var train = vec4f();
  var test = vec4f();
  var bounds = vec4f(-3.4e38, 0.0, 0.0, 0.0);
  for (var i = lane; i < ${shape.samples}u; i += ${lanes}u) {
    let fit = fits[i];
    if (i < step.rows) {
      train += fit;
      bounds.x = max(bounds.x, -fit.w);
    } else {
      test += fit;
    }
  }
  for (var i = lane; i < ${parameters}u; i += ${lanes}u) { bounds.y = max(bounds.y, abs(gradient[i])); }
  train = reduced(lane, train, false);
  test = reduced(lane, test, false);
  bounds = reduced(lane, bounds, true);
  // As shares of the largest entry: so the squares of finite numbers are finite.
  let scale = select(1.0, bounds.y, bounds.y > 0.0);
  var squares = vec4f();
  for (var i = lane; i < ${parameters}u; i += ${lanes}u) {
    let square = theta[i] * theta[i];
    let share = gradient[i] / scale;
    squares += select(vec4f(0.0, square, share * share, 0.0), vec4f(square, 0.0, share * share, 0.0), i < ${firstLayerEntries(shape)}u);
  }
  squares = reduced(lane, squares, false);
  if (lane == 0u) {
    let at = step.state * ${toldNumbers.length}u;
    ${told.map((value, i) => `told[at + ${i}u] = ${value};`).join('\n    ')}
  }
}`,
  }
}
