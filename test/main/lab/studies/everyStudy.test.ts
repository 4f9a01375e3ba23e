import { expect, describe, it } from 'vitest'
import { studyKinds, describeStudy, measurementsOf } from '../../../../src/shared/studies/studies.ts'
import { clockAt } from '../../../../src/shared/runClock.ts'
import { stepsOf, type StudiedRunSpec } from '../../../../src/shared/experiment.ts'
import { templates } from '../../../../src/shared/specification/templates.ts'
import { plainBackend } from '../../../../src/main/lab/backend/plain.ts'
import { runExperiment } from '../../../../src/main/lab/runExperiment.ts'
import { collectRun, eventsOf, runSpec, snapshotAt } from '../../../support/runs.ts'

/** Each as its template has it, in few places. */
const specs: Record<(typeof studyKinds)[number], StudiedRunSpec> = {
  multiScaleFeatures: runSpec(
    { study: { ...templates.multiScaleFeatures.study, dimension: 24, samples: 30, fastDirections: 12, places: 9 } },
    5,
  ),
}

describe.each(studyKinds)('the study %s', (kind) => {
  const spec = specs[kind]
  const description = describeStudy(spec.study)
  const last = stepsOf(spec)

  it('measures all that it says, and keeps all its arrays, at each place of its clock', async () => {
    const events = await collectRun(spec)
    expect(events.at(-1)).toMatchObject({ type: 'settled', status: 'finished', step: last, tau: clockAt(spec, last) })
    const measured = eventsOf(events, 'measured')
    expect(measured.map(({ step }) => step)).toEqual(Array.from({ length: last + 1 }, (_, place) => place))
    for (const { step, tau, values } of measured) {
      expect(tau).toBe(description.clockAt(spec.study, step))
      expect(Object.keys(values).sort()).toEqual([...measurementsOf(description)].sort())
      expect(Object.values(values).every(Number.isFinite)).toBe(true)
    }
    const shapes = Object.entries(description.arrays(spec.study))
    const snapshots = eventsOf(events, 'snapshot')
    expect(snapshots.map(({ snapshot }) => snapshot.step)).toEqual(measured.map(({ step }) => step))
    for (const { snapshot } of snapshots) {
      expect(Object.entries(snapshot.matrices).map(([name, { rows, columns }]) => [name, { rows, columns }])).toEqual(
        shapes,
      )
    }
  })

  it('has a clock that ascends, between its places too', () => {
    const times = Array.from({ length: 2 * last + 1 }, (_, half) => clockAt(spec, half / 2))
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(new Set(times).size).toBe(2 * last + 1)
  })

  it('goes on from any place, and after a cancel, with the same bits', async () => {
    const whole = await collectRun(spec)
    const after = (step: number) =>
      whole
        .filter((event) => (event.type === 'measured' && event.step > step) || event.type === 'snapshot')
        .filter((event) => event.type !== 'snapshot' || event.snapshot.step > step)
    for (const step of [0, 3, last - 1]) {
      const rest = await collectRun(spec, { resumeFrom: snapshotAt(whole, step) })
      const told = rest.filter(({ type }) => type === 'measured' || type === 'snapshot')
      expect(told.map(withoutClock)).toEqual(after(step).map(withoutClock))
    }
    const cancel = new AbortController()
    const seen = []
    for await (const event of runExperiment(spec, {
      runId: 'test',
      backend: plainBackend('float64'),
      signal: cancel.signal,
    })) {
      seen.push(event)
      if (event.type === 'measured' && event.step === 2) cancel.abort()
    }
    expect(seen.at(-1)).toMatchObject({ type: 'settled', status: 'cancelled', step: 2 })
    const rest = await collectRun(spec, { resumeFrom: snapshotAt(seen, 2) })
    expect(snapshotAt(rest, last)).toEqual(snapshotAt(whole, last))
  })

  it('keeps its arrays where its record says', async () => {
    const at = async (arrays: StudiedRunSpec['record']['arrays']) =>
      eventsOf(await collectRun({ ...spec, record: { arrays } }), 'snapshot').map(({ snapshot }) => snapshot.step)
    expect(await at('ends')).toEqual([0, last])
    expect(await at([2, 10 * last])).toEqual([0, 2, last])
  })
})

/** Without what depends on the machine, and the place in the stream. */
function withoutClock(event: object) {
  return { ...event, seconds: 0, sequence: 0 }
}
