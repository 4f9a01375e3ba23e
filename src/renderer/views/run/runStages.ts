import type { RunEventName, RunSummary } from '../../../shared/run.ts'

export type StageName = 'memorize' | 'drift' | 'generalize'

export interface Stage {
  name: StageName
  from: number
  to: number
}

export interface StageMark {
  step: number
  label: string
}

export interface RunStages {
  stages: Stage[]
  marks: StageMark[]
}

/** The stretches between the detected events of a run, up to the step reached, and the events themselves. */
export function stagesOfRun(run: RunSummary, reached: number): RunStages {
  const at = (name: RunEventName) => stepOf(run, name)
  return stagesBetween(at('memorized'), at('halfRise'), at('generalized'), at('stalled'), reached)
}

/**
 * Those of a group: when all that have begun have memorized, are half way up, generalize, and when the first stalls. Runs that stopped
 * before they came to one are not waited for.
 */
export function stagesOfGroup(runs: readonly RunSummary[], reached: number): RunStages {
  const last = (name: RunEventName) => {
    const steps = runs.filter((run) => run.events[name] || !isOut(run)).map((run) => stepOf(run, name))
    return steps.length === 0 || steps.includes(null) ? null : Math.max(...(steps as number[]))
  }
  const first = (steps: (number | null)[]) => {
    const found = steps.filter((step) => step !== null)
    return found.length === 0 ? null : Math.min(...found)
  }
  return stagesBetween(
    last('memorized'),
    last('halfRise'),
    last('generalized'),
    first(runs.map((run) => stepOf(run, 'stalled'))),
    reached,
  )
}

/** It has not begun, or will not go on by itself. */
function isOut({ status, step }: RunSummary): boolean {
  return (step <= 0 && status !== 'running') || ['failed', 'cancelled', 'interrupted'].includes(status)
}

function stepOf(run: RunSummary, name: RunEventName): number | null {
  return run.events[name]?.step ?? null
}

function stagesBetween(
  memorized: number | null,
  halfRise: number | null,
  generalized: number | null,
  stalled: number | null,
  reached: number,
): RunStages {
  const drift = memorized ?? reached
  const generalize = halfRise ?? reached
  const all: Stage[] = [
    { name: 'memorize', from: 0, to: Math.min(drift, generalize) },
    { name: 'drift', from: drift, to: generalize },
    { name: 'generalize', from: generalize, to: reached },
  ]
  const marks = [
    { step: memorized, word: 'memorized at' },
    { step: halfRise, word: 'half rise' },
    { step: generalized, word: 'grokked' },
    { step: stalled, word: 'stalled' },
  ]
  return {
    stages: all.filter(({ from, to }) => to > from),
    marks: marks
      .flatMap(({ step, word }) => (step === null || step > reached ? [] : [{ step, label: word }]))
      .sort((a, b) => a.step - b.step),
  }
}
