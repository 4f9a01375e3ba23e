import { LabError } from '../../shared/errors.ts'
import type { StudiedRunSpec } from '../../shared/experiment.ts'
import { trainingDevices } from '../../shared/machine.ts'
import { describeStudy } from '../../shared/studies/studies.ts'
import type { Backend } from './backend/backend.ts'
import { isTrainer } from './backend/devices.ts'
import type { RunSubject } from './runSubject.ts'
import { studyOf } from './studies/studies.ts'
import type { StudyPlace } from './studies/study.ts'

/** A study before its first place, as what a run moves: a step is a place of its clock, its arrays are the parameters. */
export function prepareStudy(backend: Backend, { study, seed }: StudiedRunSpec): RunSubject {
  if (isTrainer(backend)) {
    throw new LabError('BACKEND_UNAVAILABLE', `${trainingDevices[backend.kind]} computes no study`)
  }
  const { arrays, lastPlace } = describeStudy(study)
  const parameters = Object.fromEntries(
    Object.entries(arrays(study)).map(([name, { rows, columns }]) => [name, backend.matrix(rows, columns)]),
  )
  let places: Iterator<StudyPlace, void>
  let here: StudyPlace

  function goOn(): void {
    const { value } = places.next()
    if (!value) throw new Error(`study ${study.kind} ended before place ${lastPlace(study)}`)
    here = value
    for (const [name, matrix] of Object.entries(parameters)) backend.upload(matrix, here.arrays[name]!)
  }

  return {
    train: new Int32Array(0),
    parameters,
    evaluate: () => here.values,
    guessAccuracy: NaN,
    evolution: {
      begin(position) {
        places = studyOf(study)(study, seed, position)
        goOn()
      },
      advance(position) {
        goOn()
        return position + 1
      },
      measure: () => ({}),
      pull: () => NaN,
      inspect: () => ({}),
      localError: () => NaN,
      extraMatrices: () => ({}),
      scalars: () => ({}),
      restore: () => {},
      report: () => undefined,
    },
    interventions: { steps: [], apply: () => {}, scalars: () => ({}), restore: () => {} },
    detector: { fromMeasurements: () => [], fromLocalError: () => [], scalars: () => ({}), restore: () => {} },
  }
}
