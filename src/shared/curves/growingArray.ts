/** Numbers that grow at their end, without being copied each time. */
export class GrowingArray {
  private data: Float64Array
  private length: number

  constructor(initial: Float64Array = new Float64Array(0)) {
    this.data = initial
    this.length = initial.length
  }

  push(more: ArrayLike<number>) {
    const needed = this.length + more.length
    if (needed > this.data.length) {
      const larger = new Float64Array(Math.max(needed, 2 * this.data.length, 256))
      larger.set(this.view())
      this.data = larger
    }
    this.data.set(more, this.length)
    this.length = needed
  }

  get count(): number {
    return this.length
  }

  /** The numbers at these places, in an array of its own. */
  picked(places: readonly number[]): GrowingArray {
    return new GrowingArray(Float64Array.from(places, (place) => this.data[place]!))
  }

  last(): number | undefined {
    return this.length === 0 ? undefined : this.data[this.length - 1]
  }

  /** What is there now; numbers that come later are not in it. */
  view(): Float64Array {
    return this.data.subarray(0, this.length)
  }
}
