import { LabError } from '../../shared/errors.ts'
import type { RunSpec } from '../../shared/experiment.ts'
import type { InitialState, Measurements } from '../../shared/run.ts'
import type { Dataset } from '../../shared/tasks/dataset.ts'
import { createEvaluator } from './analysis/evaluation.ts'
import type { Backend, Matrix } from './backend/backend.ts'
import { isTensorFlow } from './backend/tensorflow.ts'
import { createEvolution } from './evolutions/createEvolution.ts'
import type { Evolution } from './evolutions/evolution.ts'
import { createGeometryRecord, type GeometryRecord } from './geometryRecord.ts'
import { createInterventions, type Interventions } from './interventions/interventions.ts'
import { prepareNetwork } from './prepareNetwork.ts'
import { prepareToy } from './toys/prepareToy.ts'

/** What a run moves, measures and saves. */
export interface RunSubject {
  /** Indices of the training pairs. */
  readonly train: Int32Array
  /** The parameters: E and W of a network; E alone, one row of weights, of a toy model. */
  readonly parameters: Record<string, Matrix>
  readonly evolution: Evolution
  readonly interventions: Pick<Interventions, 'steps' | 'apply' | 'scalars' | 'restore'>
  /** Present where the specification asks for it. */
  readonly geometry?: GeometryRecord
  /** Training accuracy of the best single answer to all pairs; NaN for a task without classes. */
  readonly guessAccuracy: number
  /** What is measured whatever the dynamics. */
  evaluate(): Measurements
}

/** The subject of a specification at its start, drawn from the seed or given. */
export function createSubject(
  spec: RunSpec,
  backend: Backend,
  { initial, dataset }: { initial?: InitialState | undefined; dataset?: Dataset | undefined },
): RunSubject {
  const { task, dynamics } = spec
  if (isTensorFlow(backend) && dynamics.kind !== 'training') {
    const message = `TensorFlow computes dynamics.kind "training" only; this is "${dynamics.kind}"`
    throw new LabError('BACKEND_UNAVAILABLE', message)
  }
  if (task.kind === 'toy') {
    if (dynamics.kind !== 'gradientFlow') {
      throw new LabError(
        'INVALID_SPECIFICATION',
        `dynamics.kind: "${dynamics.kind}" does not move a task of kind "toy"`,
      )
    }
    return prepareToy(backend, task, dynamics, spec.seed)
  }
  const { network, split } = prepareNetwork({ ...spec, task }, backend, initial, dataset)
  const interventions = createInterventions({ ...spec, task }, network)
  return {
    train: split.train,
    parameters: { E: network.E, W: network.W },
    guessAccuracy: largestShare(network.train.classes, network.W.columns),
    evaluate: createEvaluator(network, dynamics.kind === 'training' ? dynamics : {}),
    interventions,
    evolution: createEvolution(network, spec, interventions),
    ...(spec.record.geometry ? { geometry: createGeometryRecord(network, dynamics, spec.record.geometry) } : {}),
  }
}

function largestShare(classes: Int32Array | null, count: number): number {
  if (!classes) return NaN
  const counts = new Int32Array(count)
  for (const each of classes) counts[each]! += 1
  return Math.max(...counts) / classes.length
}
