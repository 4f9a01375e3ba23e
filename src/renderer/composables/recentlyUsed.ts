/** Keeps the values used last, up to a total weight; the one unused for longest goes first. */
export class RecentlyUsed<Value> {
  private readonly entries = new Map<string, { value: Value; weight: number }>()
  private readonly capacity: number
  private total = 0

  constructor(capacity: number) {
    this.capacity = capacity
  }

  get(key: string): Value | undefined {
    const entry = this.entries.get(key)
    if (!entry) return undefined
    this.entries.delete(key)
    this.entries.set(key, entry)
    return entry.value
  }

  has(key: string): boolean {
    return this.entries.has(key)
  }

  set(key: string, value: Value, weight = 1): void {
    this.delete(key)
    this.entries.set(key, { value, weight })
    this.total += weight
    for (const oldest of this.entries.keys()) {
      if (this.total <= this.capacity || oldest === key) break
      this.delete(oldest)
    }
  }

  delete(key: string): void {
    this.total -= this.entries.get(key)?.weight ?? 0
    this.entries.delete(key)
  }

  deleteWhere(isGone: (key: string) => boolean): void {
    for (const key of [...this.entries.keys()]) if (isGone(key)) this.delete(key)
  }

  get weight(): number {
    return this.total
  }
}

/** About how many bytes a value of arrays, records and scalars takes. */
export function byteSize(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength
  if (typeof value !== 'object' || value === null) return 8
  return Object.values(value).reduce<number>((total, part) => total + byteSize(part), 64)
}
