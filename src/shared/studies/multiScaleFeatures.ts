import { z } from 'zod'
import { formatGiven, roundBound } from '../formatting/formatNumber.ts'
import { setTo, type Problem } from '../specification/problem.ts'
import { words } from '../specification/words.ts'
import type { StudyCurve, StudyDescription } from './study.ts'

const wholeNumber = (min: number, max: number) => z.int('expected a whole number').min(min).max(max)
const flowTime = () => z.number().min(1e-6).max(1e15)

export const multiScaleFeaturesSchema = z.strictObject({
  kind: z.literal('multiScaleFeatures'),
  dimension: wholeNumber(2, 400)
    .register(words, {
      label: 'dimension',
      symbol: 'd',
      help: 'Of inputs and teacher. The theory is its limit $d$ → ∞.',
    })
    .default(100),
  samples: wholeNumber(1, 2000)
    .register(words, { label: 'samples', symbol: 'n', help: 'Trained on. With $n$ = $d$ a weight decay is needed.' })
    .default(130),
  fastDirections: wholeNumber(1, 399)
    .register(words, {
      label: 'fast directions',
      symbol: 'p',
      help: 'Input directions that are learned at times near 1; the others at times near κ².',
    })
    .default(70),
  scaleRatio: z
    .number()
    .min(1)
    .max(1e6)
    .register(words, {
      label: 'scale ratio',
      symbol: 'κ',
      help: 'Of the fast directions’ singular value to that of the slow ones. At 1 there is one scale only.',
      filter: ['scaleRatio', 'kappa'],
    })
    .default(100),
  labelNoise: z
    .number()
    .min(0)
    .max(1e3)
    .register(words, {
      label: 'label noise',
      symbol: 'σ',
      help: 'Standard deviation of what is added to the training labels; the error is measured without.',
    })
    .default(0),
  weightDecay: z
    .number()
    .min(0)
    .max(1e6)
    .register(words, { label: 'weight decay', symbol: 'λ', help: 'Of the loss ½‖y − Xw‖² + ½λ‖w‖².' })
    .default(0),
  stepSize: z
    .number()
    .min(0)
    .max(1e3)
    .register(words, {
      label: 'step size',
      symbol: 'η',
      help: 'Of gradient descent, measured after the whole steps nearest to the flow times. 0 is its limit, gradient flow. It diverges from 2/(Λ_max + λ) on, Λ_max the largest eigenvalue of XᵀX.',
    })
    .default(0),
  firstTime: flowTime()
    .register(words, { label: 'first time', symbol: 'τ_1', help: 'Flow time of the first place.' })
    .default(1e-2),
  lastTime: flowTime()
    .register(words, {
      label: 'last time',
      symbol: 'τ_N',
      help: 'Flow time of the last place; the slow directions take κ².',
    })
    .default(1e6),
  places: wholeNumber(2, 10_000)
    .register(words, {
      label: 'places',
      symbol: 'N',
      help: 'How many flow times are computed, evenly spaced in log τ.',
    })
    .default(121),
})

export type MultiScaleFeaturesSpec = z.output<typeof multiScaleFeaturesSchema>

const overlap = { symbol: 'R', unit: 'overlap', scale: 'linear' } as const
const norm = { symbol: 'Q', unit: 'squared norm per dimension', scale: 'linear', isNonNegative: true } as const
const error = { symbol: 'L_G', unit: 'half mean square', scale: 'linear', isNonNegative: true } as const
const ofSeed = 'of the student trained on the data that the seed draws'
const ofTheory = 'in the limit of many dimensions under gradient flow, exact at all times'
const ofAverage = 'on the inputs that the seed draws, averaged over teachers and label noise'

export const multiScaleFeaturesMeasurements = {
  generalizationError: {
    ...error,
    label: 'generalization error',
    formula: 'L_G=\\tfrac1{2d}\\lVert W-u\\rVert^2',
    about: `The error on fresh inputs without noise, ${ofSeed}.`,
    summarized: true,
  },
  theoryGeneralizationError: {
    ...error,
    label: 'generalization error, theory',
    formula: 'L_G=\\tfrac12C(\\tau,\\tau)',
    about: `The error on fresh inputs without noise, ${ofTheory}.`,
  },
  averageGeneralizationError: {
    ...error,
    label: 'generalization error, average',
    formula: 'L_G=\\tfrac12(1+Q-2R)',
    about: `The error on fresh inputs without noise, ${ofAverage}.`,
  },
  fastGeneralizationError: {
    ...error,
    label: 'generalization error, fast directions only',
    formula: 'L_G\\big|_{s_2=0}',
    about: 'The error of a student whose slow directions are never learned: what they contribute stays noise to it.',
  },
  slowGeneralizationError: {
    ...error,
    label: 'generalization error, slow directions only',
    formula: 'L_G\\big|_{s_1=0}',
    about: 'The error of a student whose fast directions are never learned.',
  },
  teacherOverlap: {
    ...overlap,
    label: 'overlap with the teacher',
    formula: 'R=\\tfrac1dW\\cdot u',
    about: `How much of the teacher the student has found, ${ofSeed}; 1 is all.`,
  },
  theoryTeacherOverlap: {
    ...overlap,
    label: 'overlap with the teacher, theory',
    formula: 'R=1-\\mathcal L^{-1}[m](\\tau)',
    about: `How much of the teacher the student has found, ${ofTheory}.`,
  },
  averageTeacherOverlap: {
    ...overlap,
    label: 'overlap with the teacher, average',
    formula: 'R=\\tfrac1d\\operatorname{tr}A',
    about: `How much of the teacher the student has found, ${ofAverage}.`,
  },
  studentNormSquared: {
    ...norm,
    label: 'student’s squared norm',
    formula: 'Q=\\tfrac1d\\lVert u\\rVert^2',
    about: `How large the student is, ${ofSeed}; what it has beyond the overlap is overfitting.`,
  },
  theoryStudentNormSquared: {
    ...norm,
    label: 'student’s squared norm, theory',
    formula: 'Q=2L_G-1+2R',
    about: `How large the student is, ${ofTheory}.`,
  },
  averageStudentNormSquared: {
    ...norm,
    label: 'student’s squared norm, average',
    formula: 'Q=\\tfrac1d(\\operatorname{tr}A^\\top A+\\sigma^2\\operatorname{tr}B^\\top B)',
    about: `How large the student is, ${ofAverage}.`,
  },
} as const

type Measurement = keyof typeof multiScaleFeaturesMeasurements

function threeOf(simulation: Measurement, theory: Measurement, average: Measurement): StudyCurve<Measurement>[] {
  return [
    { measurement: simulation, name: 'simulation', isDrawnBySeed: true },
    { measurement: theory, name: 'theory', isDrawnBySeed: false },
    { measurement: average, name: 'average', isDrawnBySeed: false },
  ]
}

/** Of W, the teacher, and u, the student as it acts on isotropic inputs. */
const arrays = ({ dimension }: MultiScaleFeaturesSpec) => {
  const vector = { rows: 1, columns: dimension }
  return { W: vector, u: vector }
}

/**
 * A linear student of a linear teacher that sees its inputs through two scales, 1 and 1/κ, under gradient flow from zero
 * (Pezeshki et al. 2022, arXiv 2112.03215): the test error falls, rises and falls again. SCIENCE.md §9.
 */
export const multiScaleFeatures: StudyDescription<MultiScaleFeaturesSpec, Measurement> = {
  label: 'features at two scales',
  title: ({ dimension, samples, fastDirections, scaleRatio }) =>
    `features at two scales, $d$ = ${dimension}, $n$ = ${samples}, $p$ = ${fastDirections}, κ = ${formatGiven(scaleRatio)}`,
  clock: { label: 'flow time', symbol: 'τ', unit: 'step size × steps', scale: 'log' },
  lastPlace: ({ places }) => places - 1,
  clockAt: (spec, place) => (spec.stepSize > 0 ? spec.stepSize * stepsAt(spec, place) : flowTimeAt(spec, place)),
  panels: [
    {
      title: 'Generalization error',
      caption: 'theory in the limit of many dimensions; the average is one over teachers and noise, on the same inputs',
      curves: threeOf('generalizationError', 'theoryGeneralizationError', 'averageGeneralizationError'),
    },
    {
      title: 'Overlap with the teacher',
      caption: '$R$ = $W$·$u$/$d$, 1 when all is learned',
      curves: threeOf('teacherOverlap', 'theoryTeacherOverlap', 'averageTeacherOverlap'),
    },
    {
      title: 'Student’s squared norm',
      caption: '$Q$ = ‖u‖²/$d$; above the overlap it overfits',
      curves: threeOf('studentNormSquared', 'theoryStudentNormSquared', 'averageStudentNormSquared'),
    },
    {
      title: 'One scale alone',
      caption: 'the error where the other is never learned',
      curves: [
        { measurement: 'fastGeneralizationError', name: 'fast', isDrawnBySeed: false },
        { measurement: 'slowGeneralizationError', name: 'slow', isDrawnBySeed: false },
      ],
    },
  ],
  arrays,
  // About ten sweeps of rotations; then two quadratic forms and three double sums over a contour.
  work: ({ dimension: d, samples: n }) => ({
    start: 5 * d * d * (5 * n + 2 * d),
    place: 2 * d * d + 4e6,
    memoryBytes: 8 * d * (2 * n + 4 * d),
  }),
  problems(spec) {
    const { dimension, samples, fastDirections, weightDecay, stepSize, firstTime, lastTime, places } = spec
    const problems: Problem[] = []
    if (fastDirections >= dimension) {
      const message = `of ${dimension} directions some are slow; allowed: 1 to ${dimension - 1}`
      const repairs = [setTo('study.fastDirections', dimension - 1)]
      problems.push({ path: ['study', 'fastDirections'], value: fastDirections, message, repairs })
    }
    if (samples === dimension && weightDecay === 0) {
      const message =
        'with as many samples as dimensions the error diverges; allowed: another number, or a weight decay'
      const repairs = [setTo('study.samples', samples + 1), setTo('study.weightDecay', 0.01, 'Set λ = 0.01')]
      problems.push({ path: ['study', 'samples'], value: samples, message, repairs })
    }
    if (lastTime <= firstTime) {
      const message = `must come after study.firstTime (${firstTime})`
      const repairs = [setTo('study.lastTime', Math.min(1e15, 1e8 * firstTime))]
      problems.push({ path: ['study', 'lastTime'], value: lastTime, message, repairs })
    }
    if (stepSize > 0 && lastTime > firstTime) {
      const steps = nearestStep(spec, lastTime) - nearestStep(spec, firstTime) + 1
      const path = ['study', 'stepSize']
      if (steps < places) {
        const allowed = `allowed: at most ${roundBound((lastTime - firstTime) / places, 4, 'below')}, or fewer study.places`
        const message = `between study.firstTime and study.lastTime there are fewer steps than study.places (${places}); ${allowed}`
        problems.push({ path, value: stepSize, message, repairs: steps >= 2 ? [setTo('study.places', steps)] : [] })
      } else if (lastTime / stepSize > Number.MAX_SAFE_INTEGER) {
        const message = `takes more steps to study.lastTime (${lastTime}) than can be counted; allowed: 0, or at least ${roundBound(lastTime / Number.MAX_SAFE_INTEGER, 4, 'above')}`
        problems.push({ path, value: stepSize, message, repairs: [setTo('study.stepSize', 0)] })
      }
    }
    return problems
  },
}

type Clock = Pick<MultiScaleFeaturesSpec, 'stepSize' | 'firstTime' | 'lastTime' | 'places'>

/** Evenly spaced in log τ. */
function flowTimeAt({ firstTime, lastTime, places }: Clock, place: number): number {
  return firstTime * (lastTime / firstTime) ** (place / (places - 1))
}

function nearestStep({ stepSize }: Clock, flowTime: number): number {
  return Math.max(1, Math.round(flowTime / stepSize))
}

/** How many steps gradient descent has taken at a place: those nearest to the flow times, each once. Linear between two places. */
function stepsAt(spec: Clock, place: number): number {
  const first = nearestStep(spec, spec.firstTime)
  const at = (whole: number) => Math.max(first + whole, nearestStep(spec, flowTimeAt(spec, whole)))
  const before = Math.floor(place)
  const [from, to] = [at(before), at(Math.ceil(place))]
  return from + (place - before) * (to - from)
}
