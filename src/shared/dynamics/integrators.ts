import { z } from 'zod'
import { labelsOf } from '../specification/labelsOf.ts'
import { words } from '../specification/words.ts'

/** What is said of an integrator without its tableau, which is its other half, in `lab/integrators`. */
interface IntegratorDescription {
  label: string
  /** Field evaluations of a step. */
  stages: number
  /** What it is usually given; where that is a number, the integrator is meant for adaptive steps. */
  usualTolerance: number | 'none'
}

export const integrators = {
  euler: { label: 'Euler', stages: 1, usualTolerance: 'none' },
  heun: { label: 'Heun', stages: 2, usualTolerance: 1e-3 },
  dormandPrince: { label: 'Dormand–Prince', stages: 6, usualTolerance: 1e-6 },
} satisfies Record<string, IntegratorDescription>

const stepSize = z
  .number()
  .positive()
  .max(1e6)
  .register(words, {
    label: 'step size',
    symbol: 'η',
    help: 'One step advances τ by η, under a gradient flow by 2λη.',
    unit: 'units of τ',
    filter: ['stepSize'],
  })
  .default(1e-3)
const tolerance = z.union([z.literal('none'), z.number().gte(1e-13).lte(0.1)]).register(words, {
  label: 'tolerance',
  help: 'Largest relative error of a step; each step is as long as that allows. With none, all steps have the step size.',
  example: 1e-3,
  choices: { none: 'none, fixed steps' },
  leftOut: 'none',
  filter: ['tolerance'],
})
const output = z
  .enum(['stepEnds', 'dense'])
  .register(words, {
    label: 'output',
    help: 'Dense output interpolates what is recorded within adaptive steps; else each is cut to end there.',
    choices: { stepEnds: 'ends of steps', dense: 'dense' },
    leftOut: 'stepEnds',
  })
  .optional()
const integratorSettings = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('euler'), stepSize, tolerance: tolerance.optional(), output }),
    z.strictObject({ kind: z.literal('heun'), stepSize, tolerance: tolerance.optional(), output }),
    z.strictObject({ kind: z.literal('dormandPrince'), stepSize, tolerance: tolerance.default(1e-6), output }),
  ])
  .register(words, {
    label: 'integrator',
    help: 'Euler is the paper’s, in fixed steps, and overshoots at its start; with a tolerance each keeps the total norm falling.',
    choices: labelsOf(integrators),
    filter: ['integrator'],
  })
/** One that says what holds without saying is the same integrator, also by its content. */
export const integrator = z.preprocess((given: z.input<typeof integratorSettings>) => {
  if (given?.output !== 'stepEnds' && given?.tolerance !== 'none') return given
  const { tolerance, output, ...others } = given
  return {
    ...others,
    ...(tolerance === undefined || (tolerance === 'none' && given.kind !== 'dormandPrince') ? {} : { tolerance }),
    ...(output === undefined || output === 'stepEnds' ? {} : { output }),
  }
}, integratorSettings)

export type IntegratorSpec = z.output<typeof integrator>
export const integratorKinds = Object.keys(integrators) as IntegratorSpec['kind'][]
