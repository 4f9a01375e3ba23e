export type Deficiency = 'protan' | 'deutan' | 'tritan'

/** Linear sRGB as those see it who lack one kind of cone (Machado, Oliveira & Fernandes 2009, severity 1). */
const matrices: Record<Deficiency, readonly (readonly [number, number, number])[]> = {
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}

/** The smallest difference (CIELAB ΔE of 1976) between any two colors, for those with a deficiency; ∞ for one color. */
export function minDifference(colors: readonly string[], deficiency: Deficiency | null): number {
  const seen = colors.map((color) => toLab(deficiency ? apply(matrices[deficiency], toLinear(color)) : toLinear(color)))
  let min = Infinity
  seen.forEach((a, i) => {
    for (const b of seen.slice(i + 1)) min = Math.min(min, Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]))
  })
  return min
}

type Triple = [number, number, number]

function toLinear(color: string): Triple {
  const channel = (at: number) => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return [channel(1), channel(3), channel(5)]
}

function apply(matrix: readonly (readonly [number, number, number])[], [r, g, b]: Triple): Triple {
  const row = (k: number) => Math.max(0, Math.min(1, matrix[k]![0] * r + matrix[k]![1] * g + matrix[k]![2] * b))
  return [row(0), row(1), row(2)]
}

/** From linear sRGB, white D65. */
function toLab([r, g, b]: Triple): Triple {
  const f = (t: number) => (t > (6 / 29) ** 3 ? Math.cbrt(t) : t / (3 * (6 / 29) ** 2) + 4 / 29)
  const x = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047)
  const y = f(0.2126729 * r + 0.7151522 * g + 0.072175 * b)
  const z = f((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883)
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}
