import type { Activation } from '../../../shared/experiment.ts'

/**
 * Of each activation of `activationFunctions` σ(z) and σ'(z) in WGSL, as expressions of z; at a corner σ' has its value from
 * the left. SCIENCE.md §2.
 */
const expressions: Record<Activation, { value: string; derivative: string }> = {
  relu: { value: 'max(z, 0.0)', derivative: 'select(0.0, 1.0, z > 0.0)' },
  leakyRelu: { value: 'select(0.1 * z, z, z > 0.0)', derivative: 'select(0.1, 1.0, z > 0.0)' },
  quadratic: { value: 'z * z', derivative: '2.0 * z' },
  tanh: { value: 'hyperbolicTangent(z)', derivative: 'squaredHyperbolicSecant(z)' },
  gelu: {
    value: 'z * normalDistribution(z)',
    derivative: 'normalDistribution(z) + 0.3989422804014327 * z * exp(-0.5 * z * z)',
  },
  identity: { value: 'z', derivative: '1.0' },
}

/**
 * tanh z and its derivative where the language's own may be off by 1e-5: by a rational function near 0 (Cody & Waite 1980),
 * and by e = exp(−2|z|) elsewhere, without cancellation. Φ(z) by Hastings' formula for erf (Abramowitz & Stegun 7.1.26),
 * absolute error below 1.5e-7.
 */
const functions = `
fn hyperbolicTangent(z: f32) -> f32 {
  let size = abs(z);
  if (size < 0.55) {
    let square = z * z;
    return z + z * (square * (-0.8237728127 - 0.003831010665 * square) / (2.471319654 + square));
  }
  let e = exp(-2.0 * size);
  return sign(z) * (1.0 - e) / (1.0 + e);
}
fn squaredHyperbolicSecant(z: f32) -> f32 {
  let e = exp(-2.0 * abs(z));
  return 4.0 * e / ((1.0 + e) * (1.0 + e));
}
fn normalDistribution(z: f32) -> f32 {
  let x = 0.7071067811865476 * abs(z);
  let t = 1.0 / (1.0 + 0.3275911 * x);
  let polynomial = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  let tail = 0.5 * polynomial * exp(-x * x);
  return select(tail, 1.0 - tail, z > 0.0);
}`

/** Functions `activate` and `slope`, which are σ and σ'. */
export function activationCode(activation: Activation): string {
  const { value, derivative } = expressions[activation]
  return `${functions}
fn activate(z: f32) -> f32 { return ${value}; }
fn slope(z: f32) -> f32 { return ${derivative}; }`
}
