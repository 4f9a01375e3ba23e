import {
  multiScaleFeatures as description,
  type MultiScaleFeaturesSpec,
} from '../../../shared/studies/multiScaleFeatures.ts'
import { randomStream } from '../network/randomStream.ts'
import { dot } from '../numerics/oneSidedJacobi.ts'
import { flowLimit, type Block, type MultiScaleLimit } from './multiScaleTheory.ts'
import type { Study } from './study.ts'
import { orderParameters, twoScaleStudent, type TwoScaleProblem } from './twoScaleStudent.ts'

/**
 * At each flow time τ: R, Q and L_G in the limit of many dimensions, on the data that the seed draws, and averaged over
 * teachers and label noise; and L_G in that limit where one of the two scales alone is learned.
 */
export const multiScaleFeatures: Study<MultiScaleFeaturesSpec> = function* (spec, seed, from) {
  const problem = drawProblem(spec, seed)
  const { studentAt, averageAt } = twoScaleStudent(problem)
  const limits = limitsOf(spec)
  for (let place = from; place < spec.places; place++) {
    const tau = description.clockAt(spec, place)
    const student = studentAt(tau)
    const [simulated, average] = [orderParameters(problem.teacher, student), averageAt(tau)]
    const theory = flowLimit(limits.both, tau)
    yield {
      values: {
        generalizationError: simulated.error,
        theoryGeneralizationError: theory.error,
        averageGeneralizationError: average.error,
        fastGeneralizationError: flowLimit(limits.fast, tau).error,
        slowGeneralizationError: flowLimit(limits.slow, tau).error,
        teacherOverlap: simulated.overlap,
        theoryTeacherOverlap: theory.overlap,
        averageTeacherOverlap: average.overlap,
        studentNormSquared: simulated.normSquared,
        theoryStudentNormSquared: theory.normSquared,
        averageStudentNormSquared: average.normSquared,
      },
      arrays: { W: problem.teacher, u: student },
    }
  }
}

/** Z of entries N(0, 1/d), W uniform on the sphere ‖W‖² = d, ε of entries N(0, σ²): each of a stream of its own. */
function drawProblem(
  { dimension: d, samples: n, fastDirections, scaleRatio, labelNoise, weightDecay, stepSize }: MultiScaleFeaturesSpec,
  seed: number,
): TwoScaleProblem {
  const normals = (purpose: 'inputs' | 'teacher' | 'labelNoise', length: number, deviation: number) => {
    const stream = randomStream(seed, purpose)
    return Float64Array.from({ length }, () => deviation * stream.normal())
  }
  const direction = normals('teacher', d, 1)
  const stretch = Math.sqrt(d / dot(direction, direction))
  return {
    Z: normals('inputs', n * d, 1 / Math.sqrt(d)),
    teacher: direction.map((value) => stretch * value),
    labelNoise: normals('labelNoise', n, labelNoise),
    singularValues: Float64Array.from({ length: d }, (_, i) => (i < fastDirections ? 1 : 1 / scaleRatio)),
    noiseDeviation: labelNoise,
    weightDecay,
    stepSize,
  }
}

/** The theory of a study, and of students that learn one of its scales alone. */
export function limitsOf(spec: MultiScaleFeaturesSpec): Record<'both' | 'fast' | 'slow', MultiScaleLimit> {
  const { dimension, samples, fastDirections, scaleRatio, labelNoise, weightDecay } = spec
  const fast: Block = { share: fastDirections / dimension, strength: 1 }
  const slow: Block = { share: 1 - fast.share, strength: scaleRatio ** -2 }
  const of = (blocks: readonly Block[]): MultiScaleLimit => ({
    samplesPerDimension: samples / dimension,
    blocks,
    noiseVariance: labelNoise ** 2,
    weightDecay,
  })
  return {
    both: of([fast, slow]),
    fast: of([fast, { ...slow, strength: 0 }]),
    slow: of([{ ...fast, strength: 0 }, slow]),
  }
}
