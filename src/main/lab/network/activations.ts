import type { Activation } from '../../../shared/experiment.ts'
import { activations } from '../../../shared/models/models.ts'
import { activationDerivative, activationValue } from './scalarActivations.ts'

interface ActivationFunction {
  /** σ(z). */
  value(z: number): number
  /** σ'(z); where σ has a corner (z = 0 of relu and leaky relu) the value from the left. */
  derivative(z: number): number
}

/** What the kernels call the activations. */
export const activationNumbers = ofEach((number) => number)

/**
 * The activations σ and their derivatives: relu max(z, 0); leaky relu with slope 1/10 below 0; quadratic z²; tanh;
 * gelu z·Φ(z) with Φ the standard normal distribution function (Hendrycks & Gimpel 2016, the exact form);
 * identity z. Entrywise, dimensionless. SCIENCE.md §2.
 */
export const activationFunctions = ofEach((number): ActivationFunction => ({
  value: (z) => activationValue(number, z),
  derivative: (z) => activationDerivative(number, z),
}))

function ofEach<Value>(make: (number: number) => Value): Record<Activation, Value> {
  return Object.fromEntries(activations.map((name, number) => [name, make(number)])) as Record<Activation, Value>
}
