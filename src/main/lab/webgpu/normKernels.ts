import { lanes, type Kernel } from './kernel.ts'

/** Workgroups that sum so many numbers, each into one pair. */
export function normParts(count: number): number {
  return Math.min(64, Math.ceil(count / (4 * lanes)))
}

/**
 * Of so many entries of `values` (max|v|, Σ(v/max|v|)²) in parts, in fixed order: as LAPACK's `lassq`, so that the squares
 * of finite numbers are finite.
 */
export function normKernel(count: number): Kernel {
  const reduce = (join: (a: string, b: string) => string) => `
  for (var half = ${lanes / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) { sums[lane] = ${join('sums[lane]', 'sums[lane + half]')}; }
  }
  workgroupBarrier();`
  return {
    label: 'norm',
    bindings: { values: 'f32', parts: 'writable pairs' },
    groups: normParts(count),
    code: `
var<workgroup> sums: array<f32, ${lanes}>;
fn run(group: u32, lane: u32) {
  let first = group * ${lanes}u + lane;
  var size = 0.0;
  for (var i = first; i < ${count}u; i += ${normParts(count) * lanes}u) { size = max(size, abs(values[i])); }
  sums[lane] = size;
  ${reduce((a, b) => `max(${a}, ${b})`)}
  let largest = sums[0];
  workgroupBarrier();
  var sum = 0.0;
  if (largest > 0.0) {
    for (var i = first; i < ${count}u; i += ${normParts(count) * lanes}u) {
      let share = values[i] / largest;
      sum = fma(share, share, sum);
    }
  }
  sums[lane] = sum;
  ${reduce((a, b) => `${a} + ${b}`)}
  if (lane == 0u) { parts[group] = vec2f(largest, sums[0]); }
}`,
  }
}

/** The function `norm()` of what `normKernel` left in `parts`. */
const normCode = (count: number) => `
fn norm() -> f32 {
  var largest = 0.0;
  for (var i = 0u; i < ${normParts(count)}u; i++) { largest = max(largest, parts[i].x); }
  if (!(largest > 0.0)) { return 0.0; }
  var sum = 0.0;
  for (var i = 0u; i < ${normParts(count)}u; i++) {
    let share = parts[i].x / largest;
    sum = fma(parts[i].y, share * share, sum);
  }
  return largest * sqrt(sum);
}`

/** Does something to every one of so many entries with a factor that depends on a norm. */
function scaledKernel(
  count: number,
  { label, bindings, code }: Omit<Kernel, 'groups'>,
  factor: string,
  act: string,
): Kernel {
  return {
    label,
    bindings: { parts: 'pairs', ...bindings },
    groups: Math.ceil(count / lanes),
    code: `
var<workgroup> factor: f32;
${normCode(count)}
${code}
fn run(group: u32, lane: u32) {
  if (lane == 0u) { factor = ${factor}; }
  workgroupBarrier();
  let at = group * ${lanes}u + lane;
  if (at < ${count}u) { ${act} }
}`,
  }
}

/** Gives each entry of a gradient to `take`, clipped as `trainingEvolution` does. */
export function clippedUpdateKernel(count: number, sink: Pick<Kernel, 'bindings' | 'code'>): Kernel {
  return scaledKernel(
    count,
    { label: 'clipped update', bindings: { gradient: 'f32', ...sink.bindings }, code: sink.code },
    'min(1.0, step.maxNorm / (norm() + 1e-6))',
    'take(at, factor * gradient[at]);',
  )
}

/** θ ← c·θ, with ‖θ‖ what it is to be; where it is 0 it stays so. */
export function clampKernel(count: number): Kernel {
  const kernel = scaledKernel(
    count,
    { label: 'clamp', bindings: { theta: 'writable f32' }, code: '' },
    'step.clampedNorm / norm()',
    'if (theta[at] != 0.0) { theta[at] *= factor; }',
  )
  return { ...kernel, when: 'step.clampedNorm > 0.0' }
}
