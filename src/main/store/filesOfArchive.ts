/** The files that belong to the archive at `path`: itself, what SQLite keeps beside it, and its lock. */
export function filesOfArchive(path: string): string[] {
  return ['', '-wal', '-shm', '-journal', '.lock'].map((ending) => `${path}${ending}`)
}
