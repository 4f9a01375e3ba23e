/**
 * Calls at most once per frame, however often it is asked to; late enough that the eye misses nothing. What takes long
 * to draw asks for a longer time between two calls, in milliseconds, which leaves the frames between to the person.
 */
export function oncePerFrame(call: () => void, apart = 0): () => void {
  let requested = false
  let last = -Infinity
  const run = () => {
    requested = false
    last = performance.now()
    call()
  }
  return () => {
    if (requested) return
    requested = true
    const wait = last + apart - performance.now()
    // A hidden page draws no frames, but must not fall behind for ever.
    if (document.hidden) setTimeout(run, 500)
    else if (wait > 0) setTimeout(run, wait)
    else requestAnimationFrame(run)
  }
}
