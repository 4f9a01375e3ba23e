import { z } from 'zod'
import { stepsToDecayTime } from './decayTime.ts'
import { interventionProblems, weightDecayProblems } from './interventionProblems.ts'
import { canonicalNetwork } from './models/models.ts'
import { didYouMean } from './nearestNames.ts'
import { parseInput } from './parseInput.ts'
import { specificationProblems } from './specificationProblems.ts'
import { describeStudy } from './studies/studies.ts'
import { taskSchema, taskSizes, type TaskSpec } from './tasks/tasks.ts'
import { canonicalTraining } from './training.ts'
import type { Problem } from './specification/problem.ts'
import { circumstances, usualValues } from './usualValues.ts'
import {
  composedSchema,
  studiedSchema,
  toyNetwork,
  type ComposedInput,
  type ComposedSpec,
  type ExperimentSpec,
  type NetworkInput,
  type StudiedSpec,
} from './experiment.ts'
import { limits } from './specification/limits.ts'
import { nearestFields } from './specification/nearestFields.ts'

const composed = composedSchema.superRefine(
  addProblems((spec) => [...weightDecayProblems(spec), ...interventionProblems(spec), ...specificationProblems(spec)]),
)

const studied = studiedSchema.superRefine(addProblems(({ study }) => describeStudy(study).problems(study)))

/** Reports what fields that are right alone are wrong in beside each other. */
function addProblems<Spec>(problemsOf: (spec: Spec) => Problem[]) {
  return (spec: Spec, context: z.core.$RefinementCtx<Spec>) => {
    if (context.issues.length > 0) return
    for (const { path, value, message, repairs } of problemsOf(spec)) {
      context.addIssue({ code: 'custom', path, input: value, message, ...(repairs ? { params: { repairs } } : {}) })
    }
  }
}

/** A toy task names no network. */
const composedExperiment = z.preprocess(
  (given: ComposedInput) => withoutDefaultPrecision(withSteps(withGivenShare(withToyNetwork(given)))),
  composed.transform(canonical),
)

/** What says what holds without saying is the same, also by its content. */
function canonical(spec: z.output<typeof composedSchema>): z.output<typeof composedSchema> {
  const { dynamics, initialization, network } = spec
  const { scale: _, ...unscaled } = initialization
  return {
    ...spec,
    network: canonicalNetwork(network),
    ...(initialization.scale === 1 ? { initialization: unscaled } : {}),
    ...(dynamics.kind === 'training' ? { dynamics: canonicalTraining(dynamics) } : {}),
  }
}

function withToyNetwork(given: ComposedInput): NetworkInput {
  const isToy = given?.task?.kind === 'toy' && given.network === undefined
  return isToy ? { ...given, network: toyNetwork } : (given as NetworkInput)
}

/** A list of training samples says itself what share of the data they are. */
function withGivenShare(given: NetworkInput): NetworkInput {
  const task = given?.task as Partial<Extract<TaskSpec, { split: unknown }>> | undefined
  if (task?.split?.kind !== 'given' || task.trainFraction !== undefined || !Array.isArray(task.split.train))
    return given
  const whole = taskSchema.safeParse({ ...task, trainFraction: 1, split: undefined })
  if (!whole.success) return given
  // Of more than there are, the places say which.
  const trainFraction = Math.min(1, task.split.train.length / taskSizes(whole.data).total)
  return { ...given, task: { ...given.task, trainFraction } as NetworkInput['task'] }
}

const clocked = composedSchema.pick({ dynamics: true, interventions: true })

/** A decay time says itself how many steps it takes, whatever is wrong with it. */
function withSteps(given: NetworkInput): NetworkInput {
  if (typeof given?.dynamics?.decayTime !== 'number' || given.dynamics.steps !== undefined) return given
  const { dynamics, interventions } = given
  const { max } = limits.steps
  const { data } = clocked.safeParse({ dynamics: { ...dynamics, steps: max }, interventions })
  const steps = (data && stepsToDecayTime(data, dynamics.decayTime!)) ?? max
  return { ...given, dynamics: { ...dynamics, steps } }
}

/** Training that says what holds without saying is the same training, also by its content. */
function withoutDefaultPrecision(given: NetworkInput): NetworkInput {
  if (given?.dynamics?.kind !== 'training' || given.dynamics.lossPrecision !== 'float64') return given
  const { lossPrecision: _, ...dynamics } = given.dynamics
  return { ...given, dynamics }
}

/** Which of the two an input becomes, where its type says so. */
type SpecOf<Input> = Input extends { study: unknown }
  ? StudiedSpec
  : Input extends { task: unknown }
    ? ComposedSpec
    : ExperimentSpec

/** Checks a specification and fills in defaults; throws `INVALID_SPECIFICATION` naming every wrong field. */
export function parseExperiment<Input>(input: Input): SpecOf<Input>
export function parseExperiment(input: unknown): ExperimentSpec {
  const hint = (path: string) => usualHint(input, path)
  const hintOfUnknown = (path: string) => didYouMean(nearestFields(path, input))
  const door = { code: 'INVALID_SPECIFICATION', whole: 'specification', hint, hintOfUnknown } as const
  return parseInput(experimentSchema(input), input, door)
}

/** What an input is held to. */
export function experimentSchema(input: unknown): z.ZodType<ExperimentSpec> {
  return saysStudy(input) ? studied : composedExperiment
}

/** By this field alone a specification, right or wrong, is one of a study. */
export function saysStudy(input: unknown): boolean {
  return typeof input === 'object' && input !== null && 'study' in input
}

/** A rate that was left out is asked for with the value that is usual; none is assumed. */
function usualHint(input: unknown, path: string): string {
  const usual = new Map<string, number | string>(Object.entries(usualValues(input))).get(path)
  return usual === undefined ? '' : `; usual${circumstances(input)}: ${usual}`
}
