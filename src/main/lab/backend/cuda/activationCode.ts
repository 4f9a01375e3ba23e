import type { Activation } from '../../../../shared/experiment.ts'
import { activations } from '../../../../shared/models/models.ts'

/**
 * Of each activation of `activationFunctions` σ(z) and σ'(z) in CUDA C, as expressions of z; at a corner σ' has its value
 * from the left. CUDA's own tanh, cosh, exp and erfc are good to a few units in the last place. SCIENCE.md §2.
 */
const expressions: Record<Activation, { value: string; derivative: string }> = {
  relu: { value: 'z > 0 ? z : 0.0', derivative: 'z > 0 ? 1.0 : 0.0' },
  leakyRelu: { value: 'z > 0 ? z : 0.1 * z', derivative: 'z > 0 ? 1.0 : 0.1' },
  quadratic: { value: 'z * z', derivative: '2.0 * z' },
  tanh: { value: 'tanh(z)', derivative: '1.0 / (cosh(z) * cosh(z))' },
  gelu: {
    value: 'z * normalDistribution(z)',
    derivative: 'normalDistribution(z) + z * 0.3989422804014327 * exp(-0.5 * z * z)',
  },
  identity: { value: 'z', derivative: '1.0' },
}

/** Device functions `activationValue` and `activationDerivative` of an activation's number and z. */
export const activationCode = `
__device__ inline double normalDistribution(double z) { return 0.5 * erfc(-z * 0.7071067811865476); }
${switchOver('activationValue', 'value')}
${switchOver('activationDerivative', 'derivative')}`

function switchOver(name: string, part: 'value' | 'derivative'): string {
  const cases = activations.map((kind, number) => `    case ${number}: return ${expressions[kind][part]};`)
  return `__device__ inline double ${name}(int activation, double z) {
  switch (activation) {
${cases.join('\n')}
  }
  return 0.0 / 0.0;
}`
}
