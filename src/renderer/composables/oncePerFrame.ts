/** Calls at most once per frame, however often it is asked to; late enough that the eye misses nothing. */
export function oncePerFrame(call: () => void): () => void {
  let asked = false
  return () => {
    if (asked) return
    asked = true
    const run = () => {
      asked = false
      call()
    }
    // A hidden page draws no frames, but must not fall behind for ever.
    if (document.hidden) setTimeout(run, 500)
    else requestAnimationFrame(run)
  }
}
