import { expect, it } from 'vitest'
import { evaluateFigure } from '../../../../src/main/lab/papers/evaluateFigure.ts'
import type { PaperFigure } from '../../../../src/main/lab/papers/figure.ts'
import { figure1 } from '../../../../src/main/lab/papers/musat2025/figure1.ts'
import { figures } from '../../../../src/main/lab/papers/papers.ts'
import { scales } from '../../../../src/main/lab/papers/pezeshki2022/scales.ts'
import { toRunSpec } from '../../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../../src/shared/parseExperiment.ts'
import { isAsDeclared } from '../../../../src/shared/papers/figure.ts'
import type { PaperId } from '../../../../src/shared/papers/papers.ts'
import { recordedRun } from '../../../support/recordedRun.ts'
import { collectRun } from '../../../support/runs.ts'

/** The figure of each paper that costs least. */
const cheapest: Record<PaperId, PaperFigure> = { musat2025: figure1, pezeshki2022: scales }

it.each(Object.entries(cheapest))('claims of %s are as declared on runs of their own', async (_, figure) => {
  const specs = figure
    .experiments({})
    .map((input) => parseExperiment(input))
    .flatMap((experiment) => experiment.seeds.map((seed) => toRunSpec(experiment, seed)))
  const runs = await Promise.all(specs.map(async (spec) => recordedRun(spec, await collectRun(spec))))
  const { claims } = evaluateFigure(figure, runs)
  expect(claims.length).toBeGreaterThan(0)
  expect(claims.filter((claim) => !isAsDeclared(claim)).map(({ id, measured }) => `${id}: ${measured}`)).toEqual([])
})

it('says which figures may be integrated otherwise', () => {
  for (const figure of figures) {
    const isOther =
      JSON.stringify(figure.experiments({ integrator: 'heun' })) !== JSON.stringify(figure.experiments({}))
    expect([figure.id, figure.takesIntegrator ?? false]).toEqual([figure.id, isOther])
  }
})
