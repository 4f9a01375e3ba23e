import type { ComparedRun } from '../../../shared/curves/comparison.ts'
import type { Provenance, ShownRun } from '../../../shared/run.ts'

/** With a corner at 0, along which trajectories of the isolated layer slide. */
const kinked: readonly unknown[] = ['relu', 'leakyRelu']

/**
 * Why weights of some of the runs compared are not to be held against each other: isolated layers with a kinked activation, not all
 * computed by the same arithmetic, so that rounding may part them at a kink. Null where there is no reason.
 */
export function kinkCaution(
  runs: readonly ComparedRun[],
  details: ReadonlyMap<string, Pick<ShownRun, 'provenance'>>,
): string | null {
  const sliding = runs.flatMap(({ run, label }) => {
    const provenance = details.get(run.id)?.provenance
    const slides = run.facets['dynamics.kind'] === 'isolated' && kinked.includes(run.facets['network.activation'])
    return provenance && slides ? [{ label, arithmetic: arithmeticOf(provenance) }] : []
  })
  const arithmetics = new Set(sliding.map(({ arithmetic }) => arithmetic))
  if (arithmetics.size < 2) return null
  const labels = sliding.map(({ label }) => label).join(', ')
  return (
    `${labels} slide along the kinks of their activation and were computed by ` +
    `${arithmetics.size} kinds of arithmetic: compare their norms, accuracies and events, since rounding alone may make their weights drift apart.`
  )
}

/** What may round otherwise: WebAssembly gives the same bits for any number of threads, and so does plain code, which has one. */
function arithmeticOf({ backend, device, precision, threads, steps }: Provenance): string {
  const isSame = backend === 'wasm' || backend === 'plain'
  return [backend, precision, ...(isSame ? [] : [device, threads, steps])].join()
}
