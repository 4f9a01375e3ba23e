import type { TrainingSpec } from '../../../shared/experiment.ts'
import { isDecoupled, ratesOfParameter } from '../../../shared/training.ts'
import type { Backend, Matrix } from '../backend/backend.ts'
import type { NamedMatrix } from '../network/model.ts'
import { adamw } from './adamw.ts'
import { gradientDescent } from './gradientDescent.ts'
import { momentum } from './momentum.ts'
import type { Optimizer } from './optimizer.ts'

/** The optimizer that a specification names, on parameters and the gradient of each, at rest (zero moments). */
export function createOptimizer(
  backend: Backend,
  spec: Pick<TrainingSpec, 'optimizer' | 'weightDecayKind' | 'perParameter'>,
  parameters: readonly NamedMatrix[],
  gradient: readonly Matrix[],
): Optimizer {
  const { optimizer } = spec
  const trained = parameters.map(({ name, matrix }, i) => ({
    name,
    matrix,
    gradient: gradient[i]!,
    rates: ratesOfParameter(spec, name),
  }))
  switch (optimizer.kind) {
    case 'gradientDescent':
      return gradientDescent(backend, trained)
    case 'momentum':
      return momentum(backend, optimizer.momentum, isDecoupled(spec), trained)
    case 'adamw':
      return adamw(backend, optimizer, isDecoupled(spec), trained)
  }
}
