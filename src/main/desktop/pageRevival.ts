export interface PageRevival {
  /** The page is there whole. */
  loaded(): void
  /** Its process is gone: it is loaded again, or given up where that has been of no use. */
  died(): void
}

export interface PageRevivalOptions {
  reload(): void
  giveUp(): void
  /** Milliseconds of a clock. */
  now(): number
}

const maxReloads = 3
/** A page that was there for so long has not died of being loaded. */
const livedMilliseconds = 10_000

/** Loads a page again whose process died, three times at most; counted anew after one that was loaded and lived. */
export function createPageRevival({ reload, giveUp, now }: PageRevivalOptions): PageRevival {
  let reloads = 0
  let loadedAt: number | undefined
  return {
    loaded() {
      loadedAt = now()
    },
    died() {
      if (loadedAt !== undefined && now() - loadedAt >= livedMilliseconds) reloads = 0
      loadedAt = undefined
      if (reloads >= maxReloads) return giveUp()
      reloads += 1
      reload()
    },
  }
}
