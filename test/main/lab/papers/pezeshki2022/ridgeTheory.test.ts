import { describe, expect, it } from 'vitest'
import { paperRidge, ridgeLimit } from '../../../../../src/main/lab/papers/pezeshki2022/ridgeTheory.ts'
import { limitsOf } from '../../../../../src/main/lab/studies/multiScaleFeatures.ts'
import { flowLimit, type OrderParameters } from '../../../../../src/main/lab/studies/multiScaleTheory.ts'
import { multiScaleFeaturesSchema } from '../../../../../src/shared/studies/multiScaleFeatures.ts'
import rows from '../../../../support/reference/multiScaleRidge.json' with { type: 'json' }

const settingOf = ({ n, d, p, kappa, noise }: (typeof rows)[number]) =>
  multiScaleFeaturesSchema.parse({
    kind: 'multiScaleFeatures',
    samples: n,
    dimension: d,
    fastDirections: p,
    scaleRatio: kappa,
    labelNoise: Math.sqrt(noise),
  })
const values = ({ overlap, normSquared, error }: OrderParameters) => [overlap, normSquared, error]

describe.each(rows.map((row) => [`n = ${row.n}, d = ${row.d}, p = ${row.p}, κ = ${row.kappa}`, row] as const))(
  'ridge regression at %s',
  (_, row) => {
    const setting = settingOf(row)
    const compare = (of: (s: number) => OrderParameters, expected: number[][]) =>
      row.ridges.forEach((s, k) =>
        values(of(s)).forEach((value, i) => expect(Math.abs(value - expected[k]![i]!)).toBeLessThan(1e-9)),
      )

    it('agrees with an independent program, exact and after the paper', () => {
      compare((s) => ridgeLimit(limitsOf(setting).both, s), row.exact)
      compare((s) => paperRidge(setting, s), row.paper)
      compare((s) => paperRidge(setting, s, 2), row.released)
    })

    it('is what the flow under that weight decay tends to', () => {
      for (const s of row.ridges) {
        const { both } = limitsOf({ ...setting, weightDecay: s })
        expect(flowLimit(both, 1e8).error).toBeCloseTo(ridgeLimit(limitsOf(setting).both, s).error, 9)
      }
    })
  },
)
