import { LabError } from '../../shared/errors.ts'
import type { ComposedRunSpec, RunSpec } from '../../shared/experiment.ts'
import { trainingDevices } from '../../shared/machine.ts'
import type { InitialState, Snapshot } from '../../shared/run.ts'
import type { Dataset } from '../../shared/tasks/dataset.ts'
import { createEvaluator } from './analysis/evaluation.ts'
import type { Backend } from './backend/backend.ts'
import { isTrainer } from './backend/devices.ts'
import { createChatteringRecord } from './chatteringRecord.ts'
import { createEventDetector } from './eventDetector.ts'
import { createEvolution } from './evolutions/createEvolution.ts'
import { createGeometryRecord } from './geometryRecord.ts'
import { createInterventions } from './interventions/interventions.ts'
import { preparingNetwork, withoutTraining, type StartInTraining } from './prepareNetwork.ts'
import { prepareStudy } from './prepareStudy.ts'
import { prepareToy } from './toys/prepareToy.ts'
import type { RunSubject } from './runSubject.ts'

/**
 * The subject of a specification at its start, drawn from the seed or given; of a run that goes on, before its state is restored. Says how far it
 * is while a start is trained.
 */
export function* createSubject(
  spec: RunSpec,
  backend: Backend,
  given: GivenData,
): Generator<StartInTraining, RunSubject> {
  return 'study' in spec ? prepareStudy(backend, spec) : yield* composedSubject(spec, backend, given)
}

/** What a run is given from outside: a start, the samples of a task that is data from a file, and a state to go on from. */
export interface GivenData {
  initial?: InitialState | undefined
  dataset?: Dataset | undefined
  resumeFrom?: Snapshot | undefined
}

function* composedSubject(
  spec: ComposedRunSpec,
  backend: Backend,
  given: GivenData,
): Generator<StartInTraining, RunSubject> {
  const { task, dynamics } = spec
  const { geometry, chattering } = spec.record
  const detector = createEventDetector(spec)
  if (isTrainer(backend) && dynamics.kind !== 'training') {
    const message = `${trainingDevices[backend.kind]} computes dynamics.kind "training" only; this is "${dynamics.kind}"`
    throw new LabError('BACKEND_UNAVAILABLE', message)
  }
  if (task.kind === 'toy') {
    if (dynamics.kind !== 'gradientFlow') {
      throw new LabError(
        'INVALID_SPECIFICATION',
        `dynamics.kind: "${dynamics.kind}" does not move a task of kind "toy"`,
      )
    }
    return { ...prepareToy(backend, task, dynamics, spec.seed), detector }
  }
  const begun = given.resumeFrom ? withoutTraining(spec) : spec
  const { network, split } = yield* preparingNetwork({ ...begun, task }, backend, given.initial, given.dataset)
  const interventions = createInterventions({ ...spec, task }, network)
  return {
    train: split.train,
    parameters: Object.fromEntries(network.parameters.map(({ name, matrix }) => [name, matrix])),
    guessAccuracy: largestShare(network.train.classes, network.train.Y.columns),
    evaluate: createEvaluator(network, dynamics.kind === 'training' ? dynamics : {}),
    interventions,
    detector,
    evolution: createEvolution(network, spec, interventions),
    ...(geometry ? { geometry: createGeometryRecord(network, dynamics, geometry) } : {}),
    ...(chattering ? { chattering: createChatteringRecord(network, spec, interventions, chattering) } : {}),
  }
}

/** Accuracy of the best single answer to samples of so many classes; NaN without classes. */
export function largestShare(classes: Int32Array | null, count: number): number {
  if (!classes) return NaN
  const counts = new Int32Array(count)
  for (const each of classes) counts[each]! += 1
  return Math.max(...counts) / classes.length
}
