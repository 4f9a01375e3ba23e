import { activateEntries, multiplyEntriesByDerivative } from './activations'
import { parallel } from './job'
import { ARGUMENTS, LANES, PARTIALS, PARTIAL_SUMS, UNIT } from './layout'
import { loadPair, storePair } from './pairs'

/* The entries that all threads work on, in chunks. */
@unmanaged class Entries {
  length: i32
  chunk: i32
  x: usize
  y: usize
  alpha: f64
  beta: f64
  activation: i32
}

const job = changetype<Entries>(ARGUMENTS)

const CHUNK = 8192

/* Of its distance from 1, by which a β may be off as a float32 number. */
const PRECISE: f64 = 1e-6

/**
 * Y ← α·X + β·Y. With β = 0, Y is not read. A β = 1 − η·wd would be off by up to 3e-8 as a float32 number, a part of the decay of
 * 3e-8 / (η·wd): where that is more than a millionth it is taken in float64, with one rounding of the sum. All others go by float32 lanes.
 */
export function axpby(length: i32, alpha: f64, x: usize, beta: f64, y: usize): void {
  job.alpha = alpha
  job.beta = beta
  const off = abs(<f64>(<real>beta) - beta)
  inChunks(length, CHUNK, x, y, off <= PRECISE * abs(1 - beta) ? axpbyChunk : axpbyPairsChunk)
}

/** Σ X·Y in float64: partial sums over chunks that depend on the length alone, added in their order. */
export function dot(length: i32, x: usize, y: usize): f64 {
  // Whole vectors, and few enough chunks for the partial sums.
  const chunk = max(CHUNK, ((length + PARTIAL_SUMS - 1) / PARTIAL_SUMS + 3) & ~3)
  inChunks(length, chunk, x, y, dotChunk)
  let sum: f64 = 0
  const chunks = chunksOf(length, chunk)
  for (let i = 0; i < chunks; i++) sum += load<f64>(PARTIALS + i * 8)
  return sum
}

/** Y ← σ(X). */
export function activate(activation: i32, length: i32, x: usize, y: usize): void {
  job.activation = activation
  inChunks(length, CHUNK, x, y, activateChunk)
}

/** Y ← Y ⊙ σ'(X). */
export function multiplyByDerivative(activation: i32, length: i32, x: usize, y: usize): void {
  job.activation = activation
  inChunks(length, CHUNK, x, y, multiplyByDerivativeChunk)
}

function inChunks(length: i32, chunk: i32, x: usize, y: usize, work: (claim: i32) => void): void {
  job.length = length
  job.chunk = chunk
  job.x = x
  job.y = y
  parallel(work, chunksOf(length, chunk))
}

@inline
function chunksOf(length: i32, chunk: i32): i32 {
  return (length + chunk - 1) / chunk
}

@inline
function chunkLength(claim: i32): i32 {
  return min(job.chunk, job.length - claim * job.chunk)
}

function activateChunk(claim: i32): void {
  const at = claim * job.chunk * UNIT
  activateEntries(job.activation, chunkLength(claim), job.x + at, job.y + at)
}

function multiplyByDerivativeChunk(claim: i32): void {
  const at = claim * job.chunk * UNIT
  multiplyEntriesByDerivative(job.activation, chunkLength(claim), job.x + at, job.y + at)
}

function axpbyChunk(claim: i32): void {
  const length = chunkLength(claim)
  const alpha = <real>job.alpha
  const beta = <real>job.beta
  let x = job.x + claim * job.chunk * UNIT
  let y = job.y + claim * job.chunk * UNIT
  const whole = y + (length & -LANES) * UNIT
  const end = y + length * UNIT
  for (; y < whole; y += 16) {
    let sum = v128.mul<real>(v128.splat<real>(alpha), v128.load(x))
    if (beta != 0) sum = v128.add<real>(sum, v128.mul<real>(v128.splat<real>(beta), v128.load(y)))
    v128.store(y, sum)
    x += 16
  }
  for (; y < end; y += UNIT) {
    const term = alpha * load<real>(x)
    store<real>(y, beta == 0 ? term : term + beta * load<real>(y))
    x += UNIT
  }
}

function axpbyPairsChunk(claim: i32): void {
  const length = chunkLength(claim)
  const alpha = f64x2.splat(job.alpha)
  const beta = f64x2.splat(job.beta)
  let x = job.x + claim * job.chunk * UNIT
  let y = job.y + claim * job.chunk * UNIT
  const whole = y + (length & -2) * UNIT
  for (; y < whole; y += 2 * UNIT) {
    storePair(y, f64x2.add(f64x2.mul(alpha, loadPair(x)), f64x2.mul(beta, loadPair(y))))
    x += 2 * UNIT
  }
  if (length & 1) store<real>(y, <real>(job.alpha * <f64>load<real>(x) + job.beta * <f64>load<real>(y)))
}

function dotChunk(claim: i32): void {
  const length = chunkLength(claim)
  let x = job.x + claim * job.chunk * UNIT
  let y = job.y + claim * job.chunk * UNIT
  const whole = x + (length & -4) * UNIT
  const end = x + length * UNIT
  let s0 = f64x2.splat(0), s1 = f64x2.splat(0)
  for (; x < whole; x += 4 * UNIT) {
    s0 = f64x2.add(s0, f64x2.mul(loadPair(x), loadPair(y)))
    s1 = f64x2.add(s1, f64x2.mul(loadPair(x + 2 * UNIT), loadPair(y + 2 * UNIT)))
    y += 4 * UNIT
  }
  s0 = f64x2.add(s0, s1)
  let sum = f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1)
  for (; x < end; x += UNIT) {
    sum += <f64>load<real>(x) * <f64>load<real>(y)
    y += UNIT
  }
  store<f64>(PARTIALS + claim * 8, sum)
}
