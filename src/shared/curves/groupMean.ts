import type { MeasurementName } from '../measurements.ts'
import type { Curve } from '../run.ts'
import type { CurveBuffer } from './curveBuffer.ts'
import { GrowingArray } from './growingArray.ts'

/**
 * The mean of a measurement over several runs, at the steps that all of them have; `null` for fewer than two. While the
 * runs are live it is worked out for the new rows only.
 */
export function meanOfRuns(buffers: readonly CurveBuffer[], name: MeasurementName): Curve | null {
  if (buffers.length < 2) return null
  const means = known.get(buffers[0]!) ?? new Map<MeasurementName, GroupMean>()
  known.set(buffers[0]!, means)
  let mean = means.get(name)
  if (!mean?.isOf(buffers)) means.set(name, (mean = new GroupMean(buffers, name)))
  return mean.read()
}

/** By the first of the runs: views ask for the same means, each time there is more. */
const known = new WeakMap<CurveBuffer, Map<MeasurementName, GroupMean>>()

class GroupMean {
  private readonly buffers: readonly CurveBuffer[]
  private readonly name: MeasurementName
  private readonly revisions: readonly number[]
  private readonly columns = {
    step: new GrowingArray(),
    tau: new GrowingArray(),
    seconds: new GrowingArray(),
    value: new GrowingArray(),
  }
  /** Of each run, the first row that is not in the mean yet. */
  private readonly places: Int32Array
  private curves: readonly (Curve | undefined)[] = []
  private mean: Curve = this.view()

  constructor(buffers: readonly CurveBuffer[], name: MeasurementName) {
    this.buffers = [...buffers]
    this.name = name
    this.revisions = buffers.map(({ revision }) => revision)
    this.places = new Int32Array(buffers.length)
  }

  isOf(buffers: readonly CurveBuffer[]): boolean {
    if (buffers.length !== this.buffers.length) return false
    return buffers.every((buffer, at) => buffer === this.buffers[at] && buffer.revision === this.revisions[at])
  }

  read(): Curve {
    const curves = this.buffers.map((buffer) => buffer.curve(this.name))
    if (curves.some((curve, at) => curve !== this.curves[at])) {
      this.curves = curves
      if (curves.every((curve) => curve !== undefined)) this.extend(curves)
    }
    return this.mean
  }

  private extend(curves: readonly Curve[]): void {
    const { places } = this
    const rows = { step: [], tau: [], seconds: [], value: [] } as Record<keyof Curve, number[]>
    while (this.advance(curves)) {
      rows.step.push(curves[0]!.step[places[0]!]!)
      for (const of of ['tau', 'seconds', 'value'] as const) {
        let sum = 0
        for (let c = 0; c < curves.length; c++) sum += curves[c]![of][places[c]!]!
        rows[of].push(sum / curves.length)
      }
      for (let c = 0; c < curves.length; c++) places[c]!++
    }
    if (rows.step.length === 0) return
    for (const of of ['step', 'tau', 'seconds', 'value'] as const) this.columns[of].push(rows[of])
    this.mean = this.view()
  }

  /** Moves every place on to the next step that all curves have; false where there is none yet. */
  private advance(curves: readonly Curve[]): boolean {
    const { places } = this
    for (let aligned = 0, c = 0, step = -Infinity; aligned < curves.length; c = (c + 1) % curves.length) {
      const steps = curves[c]!.step
      while (places[c]! < steps.length && steps[places[c]!]! < step) places[c]!++
      if (places[c]! >= steps.length) return false
      aligned = steps[places[c]!] === step ? aligned + 1 : 1
      step = steps[places[c]!]!
    }
    return true
  }

  private view(): Curve {
    const { step, tau, seconds, value } = this.columns
    return { step: step.view(), tau: tau.view(), seconds: seconds.view(), value: value.view() }
  }
}
