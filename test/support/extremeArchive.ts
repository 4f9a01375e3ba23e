import { openArchive } from '../../src/main/store/archive.ts'
import { toRunSpec, type ComposedInput, type ComposedRunSpec } from '../../src/shared/experiment.ts'
import { parseExperiment } from '../../src/shared/parseExperiment.ts'
import type { Measurements, RunEvent } from '../../src/shared/run.ts'
import { smallExperiment } from './browserArchive.ts'
import { collectRun, eventsOf } from './runs.ts'

/** A run of hundreds of steps retold as one of millions, its numbers far from 1. */
export interface Extreme {
  name: string
  /** How many steps stand for one. */
  stretch: number
  /** What sizes are multiplied by; shares and cosines stay. */
  size: number
}

const extremes: readonly Extreme[] = [
  { name: 'tiny', stretch: 4817, size: 1.2345e-13 },
  { name: 'huge', stretch: 24_683, size: 9.8765e14 },
  { name: 'negligible', stretch: 2_411_357, size: 3.21e-150 },
]
const shares = /Accuracy|Cosine|Fraction/

/** Experiments with steps of seven to nine digits and numbers of every size; the ids of their runs, by experiment. */
export async function recordExtremes(
  path: string,
  needed: readonly Extreme[] = extremes,
): Promise<Record<string, string[]>> {
  const archive = openArchive(path)
  try {
    const recorded: Record<string, string[]> = {}
    for (const extreme of needed) {
      const small = smallExperiment({ seeds: [0, 1, 2, 3, 4], network: { hidden: 128 } })
      const steps = small.dynamics.steps * extreme.stretch
      const dynamics = { ...small.dynamics, steps } as ComposedInput['dynamics']
      const spec = parseExperiment({ ...small, name: extreme.name, dynamics })
      const { runIds } = archive.runs.createExperiment({ spec })
      for (const [place, seed] of spec.seeds.entries()) {
        const events = await collectRun(toRunSpec(parseExperiment(small), seed) as ComposedRunSpec, {
          runId: runIds[place]!,
        })
        archive.applyEvents(
          withEvents(
            events.map((event) => retold(event, extreme, steps)),
            place,
          ),
        )
      }
      recorded[extreme.name] = runIds
    }
    return recorded
  } finally {
    archive.close()
  }
}

/** With events that small runs do not come to: one seed grokks much later than the others, the last not at all. */
function withEvents(events: readonly RunEvent[], place: number): RunEvent[] {
  const measured = eventsOf(events, 'measured')
  const { step, tau } = measured[5 + 2 * place ** 2]!
  const at = events.indexOf(measured[5 + 2 * place ** 2]!)
  const names = place === 4 ? (['halfRise'] as const) : (['halfRise', 'generalized'] as const)
  const told = names.map((name) => ({ ...events[at]!, type: 'event', name, step, tau, value: 1 }) as RunEvent)
  return [...events.slice(0, at), ...told, ...events.slice(at)].map((event, sequence) => ({ ...event, sequence }))
}

function retold(event: RunEvent, { stretch, size }: Extreme, steps: number): RunEvent {
  const at = <Clock extends { step: number; tau: number }>(clock: Clock): Clock => {
    return { ...clock, step: Math.min(steps, clock.step * stretch), tau: clock.tau * stretch }
  }
  switch (event.type) {
    case 'measured':
      return { ...at(event), seconds: event.seconds * stretch, values: resized(event.values, size) }
    case 'snapshot': {
      const scale = Math.sqrt(size)
      const matrices = Object.fromEntries(
        Object.entries(event.snapshot.matrices).map(([name, matrix]) => [
          name,
          { ...matrix, data: matrix.data.map((value) => value * scale) },
        ]),
      )
      return { ...event, snapshot: { ...at(event.snapshot), matrices } }
    }
    case 'event':
      return at(event)
    case 'settled':
      return { ...at(event), seconds: event.seconds * stretch }
    default:
      return event
  }
}

function resized(values: Measurements, size: number): Measurements {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, shares.test(name) ? value : value * size]),
  )
}
