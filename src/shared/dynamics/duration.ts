import { z } from 'zod'
import { limits, wholeNumber } from '../specification/limits.ts'
import { words } from '../specification/words.ts'

const steps = wholeNumber(limits.steps).register(words, {
  label: 'steps',
  help: 'Can be extended later without starting again.',
  unless: 'there is a decay time',
  example: 4000,
  unit: 'steps',
  filter: ['steps'],
})
/** Instead of steps. Once a specification is read, it says both: the steps are those that the decay time takes. */
const decayTime = z
  .number()
  .positive()
  .register(words, {
    label: 'decay time',
    symbol: 'τ',
    help: 'Instead of steps: the run takes as many whole steps as its clock needs to get there.',
    example: 4,
    filter: ['decayTime'],
  })
  .optional()
/** How long a dynamics lasts. */
export const duration = { steps, decayTime }
