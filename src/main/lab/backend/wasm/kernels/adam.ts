import { parallel } from './job'
import { ARGUMENTS, UNIT } from './layout'
import { loadPair, storePair } from './pairs'

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
  const first = claim * CHUNK
  const length = min(CHUNK, job.length - first)
  const whole = first + (length & -2)
  for (let i = first; i < whole; i += 2) stepEntries(i * UNIT, true)
  if (whole < first + length) stepEntries(whole * UNIT, false)
}

/** Of a pair of entries, or of a single one. */
@inline
function stepEntries(at: usize, pair: bool): void {
  const theta = loadEntries(job.theta + at, pair)
  let slope = f64x2.mul(f64x2.splat(job.gradientScale), loadEntries(job.gradient + at, pair))
  if (job.l2 != 0) slope = f64x2.add(slope, f64x2.mul(f64x2.splat(job.l2), theta))
  const mean = f64x2.add(
    f64x2.mul(f64x2.splat(job.beta1), loadEntries(job.mean + at, pair)),
    f64x2.mul(f64x2.splat(1 - job.beta1), slope),
  )
  const square = f64x2.add(
    f64x2.mul(f64x2.splat(job.beta2), loadEntries(job.square + at, pair)),
    f64x2.mul(f64x2.mul(f64x2.splat(1 - job.beta2), slope), slope),
  )
  storeEntries(job.mean + at, mean, pair)
  storeEntries(job.square + at, square, pair)
  // As they are stored.
  const root = f64x2.sqrt(f64x2.div(loadEntries(job.square + at, pair), f64x2.splat(job.correction)))
  const step = f64x2.div(
    f64x2.mul(f64x2.splat(job.rate), loadEntries(job.mean + at, pair)),
    f64x2.add(root, f64x2.splat(job.epsilon)),
  )
  storeEntries(job.theta + at, f64x2.sub(f64x2.mul(f64x2.splat(job.kept), theta), step), pair)
}

@inline
function loadEntries(at: usize, pair: bool): v128 {
  return pair ? loadPair(at) : f64x2.splat(<f64>load<real>(at))
}

@inline
function storeEntries(at: usize, values: v128, pair: bool): void {
  if (pair) storePair(at, values)
  else store<real>(at, <real>f64x2.extract_lane(values, 0))
}
