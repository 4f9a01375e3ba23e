import { parallel } from './job'
import { ARGUMENTS, UNIT } from './layout'

/* The entries of a step of Adam, which all threads work on in chunks. */
@unmanaged class Adam {
  length: i32
  theta: usize
  gradient: usize
  mean: usize
  square: usize
  beta1: f64
  beta2: f64
  epsilon: f64
  rate: f64
  correction: f64
  kept: f64
  l2: f64
  gradientScale: f64
}

const job = changetype<Adam>(ARGUMENTS)

const CHUNK = 4096

/** Θ, M and V after one step; computed in float64, each stored value rounded once. */
export function adamStep(
  length: i32, theta: usize, gradient: usize, mean: usize, square: usize,
  beta1: f64, beta2: f64, epsilon: f64, rate: f64, correction: f64, kept: f64, l2: f64, gradientScale: f64,
): void {
  job.length = length
  job.theta = theta
  job.gradient = gradient
  job.mean = mean
  job.square = square
  job.beta1 = beta1
  job.beta2 = beta2
  job.epsilon = epsilon
  job.rate = rate
  job.correction = correction
  job.kept = kept
  job.l2 = l2
  job.gradientScale = gradientScale
  parallel(adamChunk, (length + CHUNK - 1) / CHUNK)
}

function adamChunk(claim: i32): void {
  const end = min(job.length, (claim + 1) * CHUNK) * UNIT
  for (let at = claim * CHUNK * UNIT; at < end; at += UNIT) {
    const theta: f64 = load<real>(job.theta + at)
    let slope = job.gradientScale * <f64>load<real>(job.gradient + at)
    if (job.l2 != 0) slope += job.l2 * theta
    store<real>(job.mean + at, <real>(job.beta1 * <f64>load<real>(job.mean + at) + (1 - job.beta1) * slope))
    store<real>(job.square + at, <real>(job.beta2 * <f64>load<real>(job.square + at) + (1 - job.beta2) * slope * slope))
    const mean: f64 = load<real>(job.mean + at)
    const square: f64 = load<real>(job.square + at)
    const step = (job.rate * mean) / (sqrt(square / job.correction) + job.epsilon)
    store<real>(job.theta + at, <real>(job.kept * theta - step))
  }
}
