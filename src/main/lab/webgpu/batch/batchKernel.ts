import type { Kernel } from '../kernel.ts'
import { updateCode } from '../optimizerKernels.ts'
import { below, lossCode } from '../stepShape.ts'
import { activationCode } from '../activationKernels.ts'
import { constantNames, ownNames, toldNumbers } from './batchFields.ts'
import { backwardPass, forwardPass, normsOfState, updatePass } from './batchPasses.ts'
import { batchLayout, type BatchShape } from './batchShape.ts'
import { finiteCode, fitCode, reducedCode } from './recordCode.ts'

/** More states than a dispatch has. */
const lateState = 2 ** 20

/**
 * Takes every run of a batch some steps on, a workgroup each, its θ in the memory of that: from the states `before` into those
 * `after`. Nothing passes between runs. `marks` says how many there are; of each how many steps it takes, and how many of its
 * samples are trained on; and then, of the state before each step and of that after the last, run by run, where in `told` it
 * is recorded (0: it is not), and on how many rows the step is taken. The first places of `told`, one a run, take which of these
 * states was the first, from 1 on, whose gradient is not finite (0: none).
 */
export function batchKernel(shape: BatchShape): Kernel {
  const { samples, hidden, outputs, perRow, optimizer, batchSize, isClipped } = shape
  const { threads, rows, columns, stride, firstEntries, parameters, parts, state, table } = batchLayout(shape)
  const isBatched = batchSize !== undefined
  const vectors = below(columns)
  const each = (text: (column: number) => string) => vectors.map(text).join('\n      ')
  return {
    label: 'many runs',
    groups: 1,
    lanes: threads,
    isPrivate: true,
    bindings: {
      before: 'f32',
      after: 'writable f32',
      samples: 'u32',
      constants: 'f32',
      own: 'f32',
      marks: 'u32',
      told: 'writable f32',
      ...(isBatched ? { selection: 'u32' as const } : {}),
    },
    code: `
var<workgroup> first: array<f32, ${firstEntries}>;
var<workgroup> second: array<vec4f, ${hidden * columns}>;
var<workgroup> firstGradient: array<f32, ${firstEntries}>;
var<workgroup> parts: array<vec4f, ${parts}>;
var<workgroup> outputs: array<f32, ${rows * outputs}>;
var<workgroup> cotangent: array<vec4f, ${rows * columns}>;
var<workgroup> fits: array<vec4f, ${rows}>;
var<private> moments: u32;
var<private> data: u32;
var<private> chosen: u32;
var<private> isChosen: bool;
${activationCode(shape.activation)}
${lossCode(shape)}
${updateCode(optimizer, ['E', 'W'], (number) => `after[moments + ${number * parameters}u + at]`)}
// Where a row's sample begins among the tokens.
fn sampleAt(row: u32) -> u32 {
  ${isBatched ? `if (isChosen) { return data + selection[chosen + row] * ${perRow + 1}u; }` : ''}
  return data + row * ${perRow + 1}u;
}
${finiteCode}
${reducedCode(threads)}
${fitCode(shape)}
fn run(group: u32, lane: u32) {
  let state = group * ${state}u;
  moments = state + ${parameters}u;
  data = group * ${table}u;
  let places = marks[0];
  let count = marks[1u + 2u * group];
  let samplesTrained = marks[2u + 2u * group];
  for (var i = lane; i < ${firstEntries}u; i += ${threads}u) { first[i] = before[state + i]; }
  for (var i = lane; i < ${hidden * columns}u; i += ${threads}u) {
    let at = state + ${firstEntries}u + 4u * i;
    second[i] = vec4f(before[at], before[at + 1u], before[at + 2u], before[at + 3u]);
  }
  for (var i = lane; i < ${state - parameters}u; i += ${threads}u) { after[moments + i] = before[moments + i]; }
  ${constantNames.map((name, i) => (name === 'lossScale' ? '' : `step.${name} = constants[group * ${constantNames.length}u + ${i}u];`)).join('\n  ')}
  let wholeScale = constants[group * ${constantNames.length}u + ${constantNames.indexOf('lossScale')}u];
  var failedAt = 0u;
  storageBarrier();
  workgroupBarrier();
  for (var t = 0u; t <= count; t++) {
    let mark = 1u + 2u * ((t + 1u) * places + group);
    let place = marks[mark];
    let batchRows = marks[mark + 1u];
    // The last state is not stepped from.
    let taken = min(t, max(count, 1u) - 1u) * places + group;
    let given = taken * ${ownNames.length}u;
    ${ownNames.map((name, i) => `step.${name} = own[given + ${i}u];`).join('\n    ')}
    let clampedNorm = own[given + ${ownNames.indexOf('clampedNorm')}u];
    ${isBatched ? `chosen = taken * ${batchSize}u;` : ''}
    for (var phase = 0u; phase < ${isBatched ? 2 : 1}u; phase++) {
      // All samples, recorded; and of batches, those of the step.
      let isRecorded = phase == 0u && place != 0u;
      let isStep = t < count && phase == ${isBatched ? 1 : 0}u;
      if (!isRecorded && !isStep) { continue; }
      ${isBatched ? 'isChosen = phase == 1u;' : 'isChosen = false;'}
      if (phase == 0u) { step.lossScale = wholeScale; } ${isBatched ? `else { step.lossScale = own[given + ${ownNames.indexOf('lossScale')}u]; }` : ''}
      let trained = ${isBatched ? 'select(batchRows, samplesTrained, phase == 0u)' : 'samplesTrained'};
      if (lane < ${hidden}u) { for (var i = lane; i < ${firstEntries}u; i += ${stride}u) { firstGradient[i] = 0.0; } }
      ${each((c) => `var gradient${c} = vec4f();`)}
      var trainFit = vec4f(0.0, 0.0, 0.0, 3.4e38);
      var testFit = vec4f();
      let trainBlocks = (trained + ${rows - 1}u) / ${rows}u;
      let blocks = trainBlocks + select(0u, (${samples + rows - 1}u - samplesTrained) / ${rows}u, isRecorded);
      for (var block = 0u; block < blocks; block++) {
        let isTrained = block < trainBlocks;
        let begin = select(samplesTrained + (block - trainBlocks) * ${rows}u, block * ${rows}u, isTrained);
        let end = min(begin + ${rows}u, select(${samples}u, trained, isTrained));
        ${forwardPass(shape)}
        if (isRecorded && lane < end - begin) {
          fits[lane] = fitOf(lane * ${outputs}u, samples[sampleAt(begin + lane) + ${perRow}u]);
        }
        workgroupBarrier();
        if (isRecorded && lane == 0u) {
          for (var i = 0u; i < end - begin; i++) {
            let fit = fits[i];
            if (isTrained) { trainFit = vec4f(trainFit.xyz + fit.xyz, min(trainFit.w, fit.w)); }
            else { testFit += fit; }
          }
        }
        if (isTrained && lane < ${hidden}u) {
          ${backwardPass(shape)}
        }
      }
      if (lane < ${hidden}u) {
        var isWhole = ${vectors.map((c) => `all(vec4<bool>(isFinite(gradient${c}.x), isFinite(gradient${c}.y), isFinite(gradient${c}.z), isFinite(gradient${c}.w)))`).join(' && ')};
        for (var i = lane; i < ${firstEntries}u; i += ${stride}u) { isWhole = isWhole && isFinite(firstGradient[i]); }
        if (!isWhole && failedAt == 0u) { failedAt = t + 1u; }
      }
      var factor = 1.0;
      if (${isClipped ? 'true' : 'isRecorded'}) {
        ${normsOfState(shape)}
        if (isRecorded && lane == 0u) {
          let at = place * ${toldNumbers.length}u;
          ${['trainFit.x', 'trainFit.y', 'trainFit.z', 'trainFit.w', 'testFit.x', 'testFit.y', 'testFit.z', 'testFit.w', 'squares.x', 'squares.y', 'largest.x', 'squares.z'].map((value, i) => `told[at + ${i}u] = ${value};`).join('\n          ')}
        }
        ${isClipped ? 'factor = min(1.0, step.maxNorm / (largest.x * sqrt(squares.z) + 1e-6));' : ''}
      }
      if (isStep) {
        ${updatePass(shape)}
      }
    }
  }
  for (var i = lane; i < ${firstEntries}u; i += ${threads}u) { after[state + i] = first[i]; }
  for (var i = lane; i < ${hidden * columns}u; i += ${threads}u) {
    let at = state + ${firstEntries}u + 4u * i;
    let w = second[i];
    after[at] = w.x; after[at + 1u] = w.y; after[at + 2u] = w.z; after[at + 3u] = w.w;
  }
  // The earliest of all threads, as the one that is furthest before any that there is.
  let earliest = reduced(lane, vec4f(select(0.0, f32(${lateState}u - failedAt), failedAt > 0u)), true).x;
  if (lane == 0u) { told[group * ${toldNumbers.length}u] = select(0.0, f32(${lateState}u) - earliest, earliest > 0.0); }
}`,
  }
}
