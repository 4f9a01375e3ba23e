import type { BatchShape } from './batchShape.ts'

/** The function `isFinite(value)`. */
export const finiteCode =
  'fn isFinite(value: f32) -> bool { return (bitcast<u32>(value) & 0x7f800000u) != 0x7f800000u; }'

/** The function `reduced(lane, value, isLargest)`, over all of so many threads, in `parts`, in an order that their number alone decides. */
export function reducedCode(threads: number): string {
  return `
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
}`
}

/**
 * The function `fitOf(at, right)` of a row whose outputs begin there in `outputs`: squared error, cross-entropy, whether the largest
 * output is the right one, and its margin.
 */
export function fitCode({ outputs }: BatchShape): string {
  return `
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
}`
}
