import type { Archive } from '../../src/main/store/archive.ts'
import type { RunEventBody } from '../../src/shared/run.ts'
import { eventsOf, measured, settled, smallSpec, started } from './archive.ts'

/** Texts in which letters change their length or their alphabet in lower case, and that mean something to SQL or to filters. */
export const oddTexts = [
  'plain',
  'PLAIN',
  'run 10',
  'run 9',
  '100%',
  'under_score',
  "it's; DROP TABLE runs; --",
  'a "quoted" word',
  'back\\slash',
  'ÄRGER straße',
  'ärger STRASSE',
  'İstanbul',
  'KELVIN \u212a',
  'Σίσυφος ΣΑΣ',
  '日本語',
  '😀 grok',
  'zero\u0000inside',
  '*star*',
  '[a-z]',
]

/** Runs of ten kinds of experiment, in every status and on every shelf, with and without what a run can have. */
export function storeOddRuns(archive: Archive): string[] {
  const specs = [
    smallSpec(),
    smallSpec({ network: { hidden: 20, activation: 'quadratic' } }),
    smallSpec({ dynamics: { kind: 'isolated', steps: 50, ridge: 0.05, integrator: { kind: 'heun', stepSize: 0.5 } } }),
    smallSpec({ dynamics: { kind: 'zeroLossFlow', steps: 70 } }),
    smallSpec({ dynamics: { kind: 'training', steps: 90, learningRate: 1, weightDecay: 1e-3 } }),
    smallSpec({ dynamics: { kind: 'training', optimizer: 'adamw', steps: 90, learningRate: 0.25, weightDecay: 0.5 } }),
    smallSpec({ precision: 'float32', dynamics: { kind: 'training', steps: 9, learningRate: 0.5, weightDecay: 0 } }),
    smallSpec({ initialization: { kind: 'normal', standardDeviation: 0.2 } }),
    smallSpec({ initialization: { kind: 'normal', standardDeviation: 'p^-1/4' } }),
    smallSpec({
      task: { kind: 'toy', model: 'parabola', start: [1, 0.2] },
      network: undefined,
      dynamics: { kind: 'gradientFlow', steps: 40, ridge: 0.02 },
    }),
  ]
  const all: string[] = []
  for (const [kind, spec] of specs.entries()) {
    const { runIds } = archive.runs.createExperiment({
      spec: { ...spec, name: oddTexts[kind]!, seeds: [3, 1, 2, 0] },
      ...(kind === 4 && { figure: 'musat2025/fig6' }),
    })
    for (const [i, runId] of runIds.entries()) {
      const text = oddTexts[(kind * 4 + i) % oddTexts.length]!
      if (i > 0) archive.library.rename(runId, text)
      if (i % 2 === 1) archive.library.tag([runId], { add: [text, `batch ${kind % 3}`] })
      archive.applyEvents(eventsOf(runId, bodiesOf(kind, i)))
      if ((kind + i) % 5 === 4) archive.library.move([runId], 'setAside')
      if ((kind + i) % 7 === 6 && archive.runs.status(runId) !== 'running') {
        const isActive = ['queued', 'running', 'paused'].includes(archive.runs.status(runId))
        if (!isActive) archive.library.move([runId], 'bin')
      }
    }
    all.push(...runIds)
  }
  return all
}

function bodiesOf(kind: number, i: number): RunEventBody[] {
  const step = ((kind * 37 + i * 11) % 9) * 10
  const values = {
    ...(i !== 1 && { testAccuracy: (kind % 5) / 4 }),
    ...(i === 2 && { firstLayerNormSquared: 10 ** (kind - 5), trainLoss: NaN }),
  }
  const end = [
    settled(),
    settled({ status: 'failed', code: 'DIVERGED', message: oddTexts[kind]!, step }),
    settled({ status: 'cancelled', report: { accepted: 1, rejected: 0, fieldEvaluations: 1, largestLocalError: 0.5 } }),
  ][(kind + i) % 4]
  return [
    ...(i === 3 && kind % 2 === 1 ? [] : [started, measured(step, values)]),
    ...(i < 2 ? [{ type: 'event', name: 'memorized', step: kind, tau: kind / 10, value: 1 } as const] : []),
    ...(i === 0 ? [{ type: 'event', name: 'generalized', step: 2 * kind, tau: kind / 5, value: 1 } as const] : []),
    ...(i === 2 && kind === 3 ? [{ type: 'event', name: 'stalled', step: 5, tau: 1, value: 1 } as const] : []),
    ...(end && (i !== 3 || kind % 2 === 0) ? [end] : []),
  ]
}
