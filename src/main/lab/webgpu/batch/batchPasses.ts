import { below } from '../stepShape.ts'
import { batchLayout, type BatchShape } from './batchShape.ts'

/** A text for each four columns of W. */
function eachColumn({ outputs }: BatchShape, text: (column: number) => string): string {
  return below(Math.ceil(outputs / 4))
    .map(text)
    .join('\n')
}

/** Forward through the rows from `begin` to `end`: their outputs, and of those trained on ∂L/∂Ŷ, in `cotangent`. */
export function forwardPass(shape: BatchShape): string {
  const { hidden, outputs, perRow } = shape
  const { threads, slices, rows, columns, stride } = batchLayout(shape)
  const tokens = below(perRow)
  const each = (text: (column: number) => string) => eachColumn(shape, text)
  return `
let row = lane % ${rows}u;
let slice = lane / ${rows}u;
${each((c) => `var sum${c} = vec4f();`)}
if (begin + row < end) {
  let at = sampleAt(begin + row);
  ${tokens.map((i) => `let token${i} = samples[at + ${i}u] * ${stride}u;`).join(' ')}
  for (var unit = slice; unit < ${hidden}u; unit += ${slices}u) {
    let value = vec4f(activate(${tokens.map((i) => `first[token${i} + unit]`).join(' + ')}));
    ${each((c) => `sum${c} = fma(value, second[unit * ${columns}u + ${c}u], sum${c});`)}
  }
}
${sumOfSlices(shape)}
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
}`
}

/** Sums over the slices of hidden units, some columns at a time. */
function sumOfSlices(shape: BatchShape): string {
  const { outputs } = shape
  const { threads, slices, rows, columns, columnsAtOnce } = batchLayout(shape)
  return below(Math.ceil(columns / columnsAtOnce))
    .map((round) => {
      const own = below(columns).slice(round * columnsAtOnce, (round + 1) * columnsAtOnce)
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
}

/** Both gradients of the rows from `begin` to `end` on those of the rows before: E's in `firstGradient`, W's in registers; each thread its unit's. */
export function backwardPass(shape: BatchShape): string {
  const { perRow } = shape
  const { columns, stride } = batchLayout(shape)
  const tokens = below(perRow)
  const each = (text: (column: number) => string) => eachColumn(shape, text)
  return `
${each((c) => `let w${c} = second[lane * ${columns}u + ${c}u];`)}
for (var i = begin; i < end; i++) {
  let at = sampleAt(i);
  ${tokens.map((k) => `let token${k} = samples[at + ${k}u] * ${stride}u + lane;`).join(' ')}
  let z = ${tokens.map((k) => `first[token${k}]`).join(' + ')};
  let value = vec4f(activate(z));
  let row = (i - begin) * ${columns}u;
  ${each((c) => `let given${c} = cotangent[row + ${c}u];`)}
  var back = given0 * w0;
  ${below(columns)
    .slice(1)
    .map((c) => `back = fma(given${c}, w${c}, back);`)
    .join(' ')}
  let pulled = slope(z) * ((back.x + back.y) + (back.z + back.w));
  ${tokens.map((k) => `firstGradient[token${k}] += pulled;`).join(' ')}
  ${each((c) => `gradient${c} = fma(value, given${c}, gradient${c});`)}
}`
}

/** `squares`, of E, of W and of the gradient as shares of its `largest` entry: so the squares of finite numbers are finite. */
export function normsOfState(shape: BatchShape): string {
  const { hidden } = shape
  const { columns, stride, firstEntries } = batchLayout(shape)
  const each = (text: (column: number) => string) => eachColumn(shape, text)
  return `
var largest = vec4f();
if (lane < ${hidden}u) {
  for (var i = lane; i < ${firstEntries}u; i += ${stride}u) { largest.x = max(largest.x, abs(firstGradient[i])); }
  ${each((c) => `{ let s = abs(gradient${c}); largest.x = max(largest.x, max(max(s.x, s.y), max(s.z, s.w))); }`)}
}
largest = reduced(lane, largest, true);
let scale = select(1.0, largest.x, largest.x > 0.0);
var squares = vec4f();
if (lane < ${hidden}u) {
  for (var i = lane; i < ${firstEntries}u; i += ${stride}u) {
    squares.x = fma(first[i], first[i], squares.x);
    let share = firstGradient[i] / scale;
    squares.z = fma(share, share, squares.z);
  }
  ${each((c) => `{ let w = second[lane * ${columns}u + ${c}u]; squares.y += dot(w, w); let s = gradient${c} / scale; squares.z += dot(s, s); }`)}
}
squares = reduced(lane, squares, false);`
}

/** A step of the optimizer, each thread with its unit's entries; and then ‖θ‖ is set, where it is. */
export function updatePass(shape: BatchShape): string {
  const { hidden, outputs } = shape
  const { columns, stride, firstEntries } = batchLayout(shape)
  const each = (text: (column: number) => string) => eachColumn(shape, text)
  const entry = (column: number, part: number) => `${firstEntries}u + (lane * ${columns}u + ${column}u) * 4u + ${part}u`
  const moved = (column: number) =>
    below(4)
      .map((part) =>
        4 * column + part < outputs
          ? `updated(${entry(column, part)}, 1u, w.${'xyzw'[part]}, factor * gradient${column}.${'xyzw'[part]})`
          : '0.0',
      )
      .join(', ')
  return `
if (lane < ${hidden}u) {
  for (var at = lane; at < ${firstEntries}u; at += ${stride}u) {
    first[at] = updated(at, 0u, first[at], factor * firstGradient[at]);
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
}`
}
