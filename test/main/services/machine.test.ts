import { expect, it } from 'vitest'
import { foresee } from '../../../src/main/services/experiments.ts'
import { createMachineService } from '../../../src/main/services/machine.ts'
import { parseExperiment } from '../../../src/shared/experiment.ts'

const backend = { kind: 'wasm', chosen: true, multiplyAddsPerSecond: 3e9 }

it('foresees no time before the speed of the machine is measured, and by that speed afterwards', async () => {
  const spec = parseExperiment({
    task: { kind: 'modularAddition', modulus: 11, trainFraction: 0.8 },
    network: { hidden: 64 },
    dynamics: { kind: 'isolated', steps: 1000 },
    seeds: [0, 1, 2],
  })
  const caller = { call: () => Promise.resolve([{ ...backend, kind: 'plain', chosen: false }, backend]) }
  const machine = createMachineService('none.grokscope', caller as never, 2, 'none')
  const foreseen = () => foresee(spec, 2, machine.multiplyAddsPerSecond())
  expect(machine.multiplyAddsPerSecond()).toBeNull()
  expect(foreseen()).toMatchObject({ wallSeconds: null, estimate: { seconds: null, steps: 1000 } })
  expect(await machine.describe()).toMatchObject({ multiplyAddsPerSecond: 3e9 })
  const { estimate, wallSeconds } = foreseen()
  expect(estimate.seconds).toBeGreaterThan((estimate.multiplyAddsPerStep * 1000) / 3e9)
  // Three runs on two slots take two rounds.
  expect(wallSeconds).toBeCloseTo(2 * estimate.seconds!, 12)
})
