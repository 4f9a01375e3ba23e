import type { Curve } from '../../../shared/run.ts'
import { pathNumber } from '../../../shared/charts/pathNumber.ts'

export const sparkSize = { width: 110, height: 18 }

/** A share (0 … 1) over a run's planned steps as an SVG path within `sparkSize`; gaps stay gaps. */
export function sparkPath(curve: Pick<Curve, 'step' | 'value'> | undefined, steps: number): string {
  if (!curve) return ''
  const { width, height } = sparkSize
  let path = ''
  let down = false
  for (let place = 0; place < curve.step.length; place++) {
    const value = curve.value[place]!
    if (!Number.isFinite(value)) {
      down = false
      continue
    }
    const x = (curve.step[place]! / Math.max(1, steps)) * width
    const y = height - 1.5 - Math.min(1, Math.max(0, value)) * (height - 3)
    path += `${down ? 'L' : 'M'}${pathNumber(x)} ${pathNumber(y)}`
    down = true
  }
  return path
}
