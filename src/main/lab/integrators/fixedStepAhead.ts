import type { Matrix } from '../backend/backend.ts'
import type { CudaBackend } from '../backend/cuda/cudaBackend.ts'
import { mostFusedSteps, type FusedSteps } from '../backend/cuda/fusedSteps.ts'
import { axpbyAll, matricesLike } from '../network/matrixLists.ts'
import type { VectorField } from '../network/vectorField.ts'
import type { ButcherTableau } from './butcherTableau.ts'
import { fixedStep, localErrorOf } from './fixedStep.ts'
import type { Integrator } from './integrator.ts'

/** What a step is recorded by. */
interface StepNumbers {
  readonly distance: number
  readonly before: number
  readonly after: number
}

interface TakenStep extends StepNumbers {
  readonly isFailed: boolean
}

const mostSteps = mostFusedSteps

/**
 * `fixedStep` on a card, which is given many steps at once and waited for after the last: so many as take about 25 to 100 ms.
 * They are handed out one by one, with the same bits, local errors and failures: where a factorization failed or a number is
 * not finite, the card takes the steps before it once more, and then that one alone, which fails by its name. The field may
 * ask for nothing but whether a factorization failed (`VectorField.runsAhead`). Where a kernel takes whole steps of Euler's, they
 * are given to it in one launch.
 */
export function fixedStepAhead(
  backend: CudaBackend,
  field: VectorField,
  stepSize: number,
  tableau: ButcherTableau,
  fused?: FusedSteps,
): Integrator {
  const direct = fixedStep(backend, field, stepSize, tableau)
  const { stages } = direct
  const { queue } = backend
  const { state } = field
  /** Where the steps given last began. */
  const start = matricesLike(backend, state)
  let known: StepNumbers[] = []
  let handed = 0
  /** Whether the step after the known ones is to be taken alone. */
  let isNextAlone = false
  /** Steps to be given next: no bit depends on it. */
  let atOnce = 1

  function takeAhead(count: number): void {
    axpbyAll(backend, 1, state, 0, start)
    const startedAt = performance.now()
    const steps = takeAny(count)
    const milliseconds = performance.now() - startedAt
    const failed = steps.findIndex(({ isFailed }) => isFailed)
    known = failed === -1 ? steps : steps.slice(0, failed)
    handed = 0
    isNextAlone = failed !== -1
    if (milliseconds > 100) atOnce = Math.ceil(count / 2)
    else if (milliseconds < 25 && count === atOnce) atOnce = Math.min(2 * atOnce, mostSteps)
  }

  function takeAny(count: number): TakenStep[] {
    return fused?.isUsed ? takeFused(fused, count) : take(count)
  }

  function takeFused({ take: launch }: FusedSteps, count: number): TakenStep[] {
    if (count === 0) return []
    const { squares: norms, changes, failed } = launch(count, stages.first()[0]!, stepSize)
    return Array.from({ length: count }, (_, at) =>
      taken(
        { distance: Math.sqrt(changes[at]!), before: Math.sqrt(norms[at]!), after: Math.sqrt(norms[at + 1]!) },
        failed === at + 1,
      ),
    )
  }

  function taken(numbers: StepNumbers, hasNoFactor: boolean): TakenStep {
    const error = localErrorOf(stepSize, numbers.distance, numbers.before, numbers.after)
    return { ...numbers, isFailed: hasNoFactor || !Number.isFinite(error) }
  }

  /** Gives steps to the card and waits for their numbers. */
  function take(count: number): TakenStep[] {
    const steps = Array.from({ length: count }, () => {
      let before: number[] = []
      let distance: number[] = []
      const failure = queue.ahead(() => {
        before = squares(state)
        stages.move()
        distance = squares(stages.change())
      })
      return { before, distance, failure }
    })
    const end = squares(state)
    const numbers = queue.take()
    const norm = (places: readonly number[]) => Math.sqrt(places.reduce((sum, place) => sum + numbers[place]!, 0))
    return steps.map(({ before, distance, failure }, at) => {
      const found = { distance: norm(distance), before: norm(before), after: norm(steps[at + 1]?.before ?? end) }
      return taken(found, numbers[failure] !== 0)
    })
  }

  function squares(list: readonly Matrix[]): number[] {
    return list.map((matrix) => backend.dotLater(matrix, matrix))
  }

  /** Brings the state to where it is handed out. */
  function collect(): void {
    if (handed === known.length && !isNextAlone) return
    axpbyAll(backend, 1, start, 0, state)
    if (fused?.isUsed) stages.begin()
    else queue.ahead(stages.begin)
    takeAny(handed)
    axpbyAll(backend, 1, state, 0, start)
    known = []
    handed = 0
  }

  return {
    ...direct,
    begin() {
      known = []
      handed = 0
      isNextAlone = false
      direct.begin()
    },
    step(remaining) {
      if (handed === known.length && !isNextAlone) {
        takeAhead(Math.max(1, Math.min(atOnce, Math.round(remaining / stepSize))))
      }
      const step = known[handed]
      if (step) {
        handed += 1
        direct.record(step.distance, step.before, step.after)
        return stepSize
      }
      collect()
      isNextAlone = false
      return direct.step(stepSize)
    },
    collect,
  }
}
