import type { RunEventName, RunMoment, RunSummary } from '../../../shared/run.ts'

/**
 * A run as `list --json`, `show --json` and an export write it: its records, and beside them one name for each of
 * what scripts ask for most, null where it is not there. Events are listed in their order.
 */
export function recordForScripts<Run extends RunSummary>(run: Run) {
  const { facets, latest, events } = run
  return {
    ...run,
    events: Object.entries(events)
      .map(([name, moment]): RunMoment & { name: RunEventName } => ({ name: name as RunEventName, ...moment }))
      .sort((a, b) => a.step - b.step || (a.name < b.name ? -1 : 1)),
    study: facets['study.kind'] ?? null,
    task: facets['task.kind'] ?? null,
    modulus: facets['task.modulus'] ?? null,
    trainFraction: facets['task.trainFraction'] ?? null,
    hidden: facets['network.hidden'] ?? null,
    activation: facets['network.activation'] ?? null,
    initialization: facets['initialization.kind'] ?? null,
    dynamics: facets['dynamics.kind'] ?? null,
    ridge: facets['dynamics.ridge'] ?? null,
    integrator: facets['dynamics.integrator.kind'] ?? null,
    stepSize: facets['dynamics.integrator.stepSize'] ?? null,
    tolerance: facets['dynamics.integrator.tolerance'] ?? null,
    optimizer: facets['dynamics.optimizer.kind'] ?? null,
    learningRate: facets['dynamics.learningRate'] ?? null,
    weightDecay: facets['dynamics.weightDecay'] ?? null,
    loss: facets['dynamics.loss'] ?? null,
    interventions: facets.interventions ?? null,
    precision: facets.precision ?? null,
    memorizedStep: events.memorized?.step ?? null,
    memorizedTau: events.memorized?.tau ?? null,
    halfRiseStep: events.halfRise?.step ?? null,
    halfRiseTau: events.halfRise?.tau ?? null,
    generalizedStep: events.generalized?.step ?? null,
    generalizedTau: events.generalized?.tau ?? null,
    localErrorExceededStep: events.localErrorExceeded?.step ?? null,
    chatteringStep: events.chattering?.step ?? null,
    stalledStep: events.stalled?.step ?? null,
    trainLoss: latest.trainLoss ?? null,
    testMse: latest.testMse ?? null,
    trainAccuracy: latest.trainAccuracy ?? null,
    testAccuracy: latest.testAccuracy ?? null,
    firstLayerNormSquared: latest.firstLayerNormSquared ?? null,
    secondLayerNormSquared: latest.secondLayerNormSquared ?? null,
    chatteringShare: latest.chatteringShare ?? null,
  }
}
