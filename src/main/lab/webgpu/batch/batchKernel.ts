import type { Kernel } from '../kernel.ts'
import { updateCode } from '../optimizerKernels.ts'
import { below, lossCode } from '../stepShape.ts'
import { activationCode } from '../activationKernels.ts'
import { batchLayout, type BatchShape } from './batchShape.ts'

/** More states than a dispatch has. */
const lateState = 2 ** 20

/** Fields of a step that `rateFields` gives. */
export const rateNames = ['rateE', 'rateW', 'shrinkageE', 'shrinkageW', 'decayE', 'decayW', 'squareCorrection'] as const

/** Fields of a step that are its own, in the order in which they are sent; a norm of 0 where it is free. */
export const ownNames = [...rateNames, 'lossScale', 'clampedNorm'] as const

/** Fields that all steps of a run have in common. */
export const constantNames = [
  'maxNorm',
  'momentum',
  'meanDecay',
  'meanShare',
  'squareDecay',
  'squareShare',
  'epsilon',
  'lossScale', // of all samples
] as const

/** What is told of a state that is recorded: sums over samples, and over the entries of θ and of ∇L. */
export const toldNumbers = [
  'trainSquaredError',
  'trainCrossEntropy',
  'trainRight',
  'smallestTrainMargin',
  'testSquaredError',
  'testCrossEntropy',
  'testRight',
  'testMarginSum',
  'firstLayerNormSquared',
  'secondLayerNormSquared',
  'largestSlope', // max|∇L|
  'slopeShares', // Σ(∇L/max|∇L|)²
] as const

/**
 * Takes every run of a batch some steps on, a workgroup each, its θ in the memory of that: from the states `before` into those `after`.
 * Nothing passes between runs.`marks` says how many runs there are; of each how many steps it takes, and how many of its samples are trained on; and then, of the state
 * before each step and of that after the last, run by run, where in `told` it is recorded (0: it is not), and on how many rows the step is taken.
 * The first places of `told`, one a run, take which of these states was the first, from 1 on, whose gradient is not finite (0: none).
 */
export function batchKernel(shape: BatchShape): Kernel {
  const { samples, hidden, outputs, perRow, optimizer, batchSize, isClipped } = shape
  const layout = batchLayout(shape)
  const { threads, slices, rows, columns, columnsAtOnce, stride, firstEntries, parameters, parts, state, table } =
    layout
  const isBatched = batchSize !== undefined
  const vectors = below(columns)
  const tokens = below(perRow)
  const each = (text: (column: number) => string) => vectors.map(text).join('\n      ')
  const sumOf = (terms: readonly string[]) => terms.join(' + ')
  const entry = (column: number, part: number) => `${firstEntries}u + (lane * ${columns}u + ${column}u) * 4u + ${part}u`
  const moved = (column: number) =>
    below(4)
      .map((part) =>
        4 * column + part < outputs
          ? `updated(${entry(column, part)}, false, w.${'xyzw'[part]}, factor * slope${column}.${'xyzw'[part]})`
          : '0.0',
      )
      .join(', ')

  /** Sums of the slices of hidden units, some columns at a time. */
  const sumSlices = below(Math.ceil(columns / columnsAtOnce))
    .map((round) => {
      const own = vectors.slice(round * columnsAtOnce, (round + 1) * columnsAtOnce)
      const place = (column: number) => `(slice * ${own.length}u + ${column - own[0]!}u) * ${rows}u + row`
      return `
        ${own.map((column) => `parts[${place(column)}] = sum${column};`).join(' ')}
        workgroupBarrier();
        for (var i = lane; i < ${rows * own.length}u; i += ${threads}u) {
          var total = parts[i];
          for (var other = 1u; other < ${slices}u; other++) { total += parts[other * ${rows * own.length}u + i]; }
          let column = 4u * (${own[0]!}u + i / ${rows}u);
          let at = (i % ${rows}u) * ${outputs}u + column;
          outputs[at] = total.x;
          ${['y', 'z', 'w'].map((part, k) => `if (column + ${k + 1}u < ${outputs}u) { outputs[at + ${k + 1}u] = total.${part}; }`).join('\n          ')}
        }
        workgroupBarrier();`
    })
    .join('')

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
var<workgroup> firstSlope: array<f32, ${firstEntries}>;
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
${updateCode(optimizer, (number) => `after[moments + ${number * parameters}u + at]`)}
// Where a row's sample begins among the tokens.
fn sampleAt(row: u32) -> u32 {
  ${isBatched ? `if (isChosen) { return data + selection[chosen + row] * ${perRow + 1}u; }` : ''}
  return data + row * ${perRow + 1}u;
}
fn isFinite(value: f32) -> bool { return (bitcast<u32>(value) & 0x7f800000u) != 0x7f800000u; }
// Over all threads, in an order that their number alone decides.
fn reduced(lane: u32, value: vec4f, isLargest: bool) -> vec4f {
  workgroupBarrier();
  parts[lane] = value;
  for (var half = ${threads / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) {
      let other = parts[lane + half];
      parts[lane] = select(parts[lane] + other, max(parts[lane], other), isLargest);
    }
  }
  workgroupBarrier();
  let result = parts[0];
  workgroupBarrier();
  return result;
}
// Squared error, cross-entropy, whether the largest output is the right one, and its margin.
fn fitOf(at: u32, right: u32) -> vec4f {
  var best = 0u;
  var rival = -3.4e38;
  var error = 0.0;
  for (var c = 0u; c < ${outputs}u; c++) {
    let value = outputs[at + c];
    if (value > outputs[at + best]) { best = c; }
    if (c != right) { rival = max(rival, value); }
    let off = value - select(0.0, 1.0, c == right);
    error = fma(off, off, error);
  }
  var sum = 0.0;
  for (var c = 0u; c < ${outputs}u; c++) { sum += exp(outputs[at + c] - outputs[at + best]); }
  let value = outputs[at + right];
  return vec4f(error, log(sum) + (outputs[at + best] - value), select(0.0, 1.0, best == right), value - rival);
}
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
      if (lane < ${hidden}u) { for (var i = lane; i < ${firstEntries}u; i += ${stride}u) { firstSlope[i] = 0.0; } }
      ${each((c) => `var slope${c} = vec4f();`)}
      var trainFit = vec4f(0.0, 0.0, 0.0, 3.4e38);
      var testFit = vec4f();
      let trainBlocks = (trained + ${rows - 1}u) / ${rows}u;
      let blocks = trainBlocks + select(0u, (${samples + rows - 1}u - samplesTrained) / ${rows}u, isRecorded);
      for (var block = 0u; block < blocks; block++) {
        let isTrained = block < trainBlocks;
        let begin = select(samplesTrained + (block - trainBlocks) * ${rows}u, block * ${rows}u, isTrained);
        let end = min(begin + ${rows}u, select(${samples}u, trained, isTrained));
        let row = lane % ${rows}u;
        let slice = lane / ${rows}u;
        ${each((c) => `var sum${c} = vec4f();`)}
        if (begin + row < end) {
          let at = sampleAt(begin + row);
          ${tokens.map((i) => `let token${i} = samples[at + ${i}u] * ${stride}u;`).join(' ')}
          for (var unit = slice; unit < ${hidden}u; unit += ${slices}u) {
            let value = vec4f(activate(${sumOf(tokens.map((i) => `first[token${i} + unit]`))}));
            ${each((c) => `sum${c} = fma(value, second[unit * ${columns}u + ${c}u], sum${c});`)}
          }
        }
        ${sumSlices}
        if (isTrained) {
          for (var i = lane; i < ${rows * columns}u; i += ${threads}u) {
            let row = i / ${columns}u;
            if (begin + row < end) {
              let right = samples[sampleAt(begin + row) + ${perRow}u];
              let column = 4u * (i % ${columns}u);
              var slopes = vec4f();
              for (var c = 0u; c < 4u && column + c < ${outputs}u; c++) {
                slopes[c] = lossSlope(row * ${outputs}u, column + c, select(0.0, 1.0, column + c == right));
              }
              cotangent[i] = slopes;
            }
          }
        }
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
          ${each((c) => `let w${c} = second[lane * ${columns}u + ${c}u];`)}
          for (var i = begin; i < end; i++) {
            let at = sampleAt(i);
            ${tokens.map((k) => `let token${k} = samples[at + ${k}u] * ${stride}u + lane;`).join(' ')}
            let z = ${sumOf(tokens.map((k) => `first[token${k}]`))};
            let value = vec4f(activate(z));
            let row = (i - begin) * ${columns}u;
            ${each((c) => `let given${c} = cotangent[row + ${c}u];`)}
            var back = given0 * w0;
            ${vectors
              .slice(1)
              .map((c) => `back = fma(given${c}, w${c}, back);`)
              .join(' ')}
            let pulled = slope(z) * ((back.x + back.y) + (back.z + back.w));
            ${tokens.map((k) => `firstSlope[token${k}] += pulled;`).join(' ')}
            ${each((c) => `slope${c} = fma(value, given${c}, slope${c});`)}
          }
        }
      }
      if (lane < ${hidden}u) {
        var isWhole = ${vectors.map((c) => `all(vec4<bool>(isFinite(slope${c}.x), isFinite(slope${c}.y), isFinite(slope${c}.z), isFinite(slope${c}.w)))`).join(' && ')};
        for (var i = lane; i < ${firstEntries}u; i += ${stride}u) { isWhole = isWhole && isFinite(firstSlope[i]); }
        if (!isWhole && failedAt == 0u) { failedAt = t + 1u; }
      }
      var factor = 1.0;
      if (${isClipped ? 'true' : 'isRecorded'}) {
        // Max and squares of θ and ∇L, those of ∇L as shares of the largest: the squares of finite numbers are finite then.
        var largest = vec4f();
        if (lane < ${hidden}u) {
          for (var i = lane; i < ${firstEntries}u; i += ${stride}u) { largest.x = max(largest.x, abs(firstSlope[i])); }
          ${each((c) => `{ let s = abs(slope${c}); largest.x = max(largest.x, max(max(s.x, s.y), max(s.z, s.w))); }`)}
        }
        largest = reduced(lane, largest, true);
        let scale = select(1.0, largest.x, largest.x > 0.0);
        var squares = vec4f();
        if (lane < ${hidden}u) {
          for (var i = lane; i < ${firstEntries}u; i += ${stride}u) {
            squares.x = fma(first[i], first[i], squares.x);
            let share = firstSlope[i] / scale;
            squares.z = fma(share, share, squares.z);
          }
          ${each((c) => `{ let w = second[lane * ${columns}u + ${c}u]; squares.y += dot(w, w); let s = slope${c} / scale; squares.z += dot(s, s); }`)}
        }
        squares = reduced(lane, squares, false);
        if (isRecorded && lane == 0u) {
          let at = place * ${toldNumbers.length}u;
          ${['trainFit.x', 'trainFit.y', 'trainFit.z', 'trainFit.w', 'testFit.x', 'testFit.y', 'testFit.z', 'testFit.w', 'squares.x', 'squares.y', 'largest.x', 'squares.z'].map((value, i) => `told[at + ${i}u] = ${value};`).join('\n          ')}
        }
        ${isClipped ? 'factor = min(1.0, step.maxNorm / (largest.x * sqrt(squares.z) + 1e-6));' : ''}
      }
      if (isStep) {
        if (lane < ${hidden}u) {
          for (var at = lane; at < ${firstEntries}u; at += ${stride}u) {
            first[at] = updated(at, true, first[at], factor * firstSlope[at]);
          }
          ${each((c) => `{ let w = second[lane * ${columns}u + ${c}u]; second[lane * ${columns}u + ${c}u] = vec4f(${moved(c)}); }`)}
        }
        workgroupBarrier();
        if (clampedNorm > 0.0) {
          var largest = vec4f();
          if (lane < ${hidden}u) {
            for (var i = lane; i < ${firstEntries}u; i += ${stride}u) { largest.x = max(largest.x, abs(first[i])); }
            ${each((c) => `{ let w = abs(second[lane * ${columns}u + ${c}u]); largest.x = max(largest.x, max(max(w.x, w.y), max(w.z, w.w))); }`)}
          }
          let scale = reduced(lane, largest, true).x;
          var squares = vec4f();
          if (lane < ${hidden}u && scale > 0.0) {
            for (var i = lane; i < ${firstEntries}u; i += ${stride}u) { let share = first[i] / scale; squares.x = fma(share, share, squares.x); }
            ${each((c) => `{ let w = second[lane * ${columns}u + ${c}u] / scale; squares.x += dot(w, w); }`)}
          }
          let norm = scale * sqrt(reduced(lane, squares, false).x);
          if (lane < ${hidden}u && norm > 0.0) {
            for (var i = lane; i < ${firstEntries}u; i += ${stride}u) { first[i] *= clampedNorm / norm; }
            ${each((c) => `second[lane * ${columns}u + ${c}u] *= clampedNorm / norm;`)}
          }
          workgroupBarrier();
        }
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
