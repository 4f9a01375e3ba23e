import { JOB, MAX_THREADS, PROGRESS, SCRATCH, SCRATCH_SIZE } from './layout'

/*
 * One job at a time: `tiles` pieces of work, claimed one by one by whichever thread is free. The claim word
 * holds the job's number and how many tiles are left, so that a thread which comes late can never claim from a job that
 * is over, nor from the next one before it is posted.
 */
@unmanaged class Job {
  left: i32
  number: i32
  done: i32
  sleepers: i32
  closed: i32
  waiting: i32
  tiles: i32
  work: i32
  counters: i32
  stalled: i32
}

const job = changetype<Job>(JOB)
const CLAIM_WORD = JOB + offsetof<Job>('left')
const NUMBER = JOB + offsetof<Job>('number')
const DONE = JOB + offsetof<Job>('done')
const SLEEPERS = JOB + offsetof<Job>('sleepers')
const CLOSED = JOB + offsetof<Job>('closed')
const WAITING = JOB + offsetof<Job>('waiting')
const STALLED = JOB + offsetof<Job>('stalled')

/** Polls before a thread sleeps: some tens of microseconds, longer than the pause between two jobs of a step. */
const POLLS = 20_000

/** Added to a counter: beyond any count. */
const STOPPED: i32 = 1 << 30

let threads: i32 = 1
let thread: i32 = 0

/** The number of threads that `parallel` may use, this one included. */
export function setThreads(count: i32): void {
  threads = count
}

/** This thread's own scratch. */
export function scratch(): usize {
  return SCRATCH + <usize>thread * SCRATCH_SIZE
}

/**
 * Runs work(0) … work(tiles − 1) on all threads and returns when all are done. A tile may depend on tiles before it only,
 * and says so by `awaitProgress`.
 */
export function parallel(work: (tile: i32) => void, tiles: i32): void {
  if (threads == 1 || tiles == 1) {
    for (let tile = 0; tile < tiles; tile++) work(tile)
    return
  }
  job.tiles = tiles
  job.work = work.index
  atomic.store<i32>(DONE, 0)
  const number = job.number + 1
  atomic.store<u64>(CLAIM_WORD, ((<u64>number) << 32) | tiles)
  if (atomic.load<i32>(SLEEPERS) > 0) atomic.notify(NUMBER, MAX_THREADS)
  claimTiles(number)
  for (let poll = 0; atomic.load<i32>(DONE) < tiles; poll++) {
    if (poll < POLLS) continue
    atomic.store<i32>(WAITING, 1)
    const done = atomic.load<i32>(DONE)
    if (done < tiles) atomic.wait<i32>(DONE, done, -1)
    atomic.store<i32>(WAITING, 0)
  }
}

/*
 * Tiles that depend on others count in `counters` words what is done. All wait for tiles before them only, and tiles are
 * claimed in their order: the first that is not done is never one that waits, and so they all end.
 */

/** Sets the counters to 0; before `parallel`. */
export function resetProgress(counters: i32): void {
  job.counters = counters
  for (let i = 0; i < counters; i++) atomic.store<i32>(PROGRESS + i * 4, 0)
}

/** Returns when counter `index` has come to `count`, or after `stopProgress`. */
export function awaitProgress(index: i32, count: i32): void {
  const at = PROGRESS + index * 4
  for (let poll = 0; poll < POLLS; poll++) if (atomic.load<i32>(at) >= count) return
  atomic.add<i32>(STALLED, 1)
  for (let reached = atomic.load<i32>(at); reached < count; reached = atomic.load<i32>(at)) {
    atomic.wait<i32>(at, reached, -1)
  }
  atomic.sub<i32>(STALLED, 1)
}

/** One more of what counter `index` counts is done. */
export function advance(index: i32): void {
  addProgress(index, 1)
}

/** Lets all waiting tiles go on: what they wait for will not come. */
export function stopProgress(): void {
  for (let index = 0; index < job.counters; index++) addProgress(index, STOPPED)
}

function addProgress(index: i32, count: i32): void {
  const at = PROGRESS + index * 4
  atomic.add<i32>(at, count)
  if (atomic.load<i32>(STALLED) > 0) atomic.notify(at, MAX_THREADS)
}

/** The life of a helping thread: returns after `close`. */
export function serve(index: i32): void {
  thread = index
  let seen = 0
  while (true) {
    seen = awaitJob(seen)
    if (atomic.load<i32>(CLOSED)) return
    claimTiles(seen)
  }
}

/** Sends the helping threads home. */
export function close(): void {
  atomic.store<i32>(CLOSED, 1)
  atomic.add<i32>(NUMBER, 1)
  atomic.notify(NUMBER, MAX_THREADS)
}

function awaitJob(seen: i32): i32 {
  for (let poll = 0; poll < POLLS; poll++) {
    const number = atomic.load<i32>(NUMBER)
    if (number != seen) return number
  }
  atomic.add<i32>(SLEEPERS, 1)
  while (atomic.load<i32>(NUMBER) == seen) atomic.wait<i32>(NUMBER, seen, -1)
  atomic.sub<i32>(SLEEPERS, 1)
  return atomic.load<i32>(NUMBER)
}

function claimTiles(number: i32): void {
  while (true) {
    const claim = atomic.load<u64>(CLAIM_WORD)
    const left = <i32>claim
    if (<i32>(claim >> 32) != number || left == 0) return
    // What is read here belongs to this job if the claim succeeds: the job is not over before its last tile is.
    const tiles = job.tiles
    const work = job.work
    if (atomic.cmpxchg<u64>(CLAIM_WORD, claim, claim - 1) != claim) continue
    call_indirect<void>(work, tiles - left)
    if (atomic.add<i32>(DONE, 1) + 1 == tiles && atomic.load<i32>(WAITING)) atomic.notify(DONE, 1)
  }
}
