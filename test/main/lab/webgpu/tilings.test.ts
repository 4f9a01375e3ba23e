import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { tuneTilings, withEntry } from '../../../../src/main/lab/benchmark/tuneTilings.ts'
import { tested } from '../../../../src/main/lab/testedDevice.ts'
import { tilingScalars, tilingsOf, tilingsOfScalars } from '../../../../src/main/lab/webgpu/tilings.ts'
import type { GivenRun } from '../../../../src/main/lab/webgpu/plannedTraining.ts'
import type { TilingEntry, Tilings } from '../../../../src/shared/tilingTable.ts'
import { temporaryFolder } from '../../../support/folders.ts'
import { collectRun, eventsOf, largestDifference, runSpec, snapshotAt } from '../../../support/runs.ts'
import { backendOnGpu, gpuWith, software } from '../../../support/softwareGpu.ts'

const folder = temporaryFolder()
afterEach(() => vi.unstubAllEnvs())

/** So many outputs that its steps are not fused. */
const spec = runSpec({
  task: { kind: 'modularAddition', modulus: 257, trainFraction: 0.003 },
  network: { hidden: 8 },
  dynamics: { kind: 'training', optimizer: 'adamw', learningRate: 5e-3, weightDecay: 0.1, steps: 8 },
  precision: 'float32',
  record: { measureEvery: 4, snapshots: [4] },
})
const shape = {
  samples: 99,
  inputs: 257,
  hidden: 8,
  outputs: 257,
  perRow: 2,
  activation: 'relu',
  hasBiases: false,
  loss: 'meanSquaredError',
} as const
const usual = tilingsOf(shape)
const tilings: Tilings = { ...usual, outputs: { micro: 4, parts: 2 }, secondLayer: { micro: 1, parts: 3 } }
const entry: TilingEntry = {
  ...{ card: 'a card', samples: 99, inputs: 257, hidden: 8, outputs: 257, isTokens: true },
  ...{ tilings, microseconds: 1, usualMicroseconds: 2 },
}

/** Has runs find this in the user's settings. */
function plant(content: unknown): string {
  const path = join(folder, `${Math.random()}.json`)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  vi.stubEnv('GROKSCOPE_TILINGS', path)
  return path
}

const plantEntry = (changes: Partial<TilingEntry> = {}) => plant({ version: 1, entries: [{ ...entry, ...changes }] })

describe('tilings as numbers of a snapshot', () => {
  it('are read as they were written, and are none where there are none', () => {
    expect(tilingsOfScalars({ optimizerSteps: 4, ...tilingScalars(tilings) })).toEqual(tilings)
    expect(tilingsOfScalars({ optimizerSteps: 4 })).toBeUndefined()
  })
})

describe('a table of tilings', () => {
  it('has one entry for the same products on a card', () => {
    const [other, larger] = [
      { ...entry, card: 'another' },
      { ...entry, samples: 100 },
    ]
    const faster = { ...entry, microseconds: 0.5 }
    expect(withEntry([entry, other, larger], faster)).toEqual([other, larger, faster])
    expect(withEntry([entry], null)).toEqual([entry])
  })
})

describe.skipIf(!software.gpu)(`tuned tilings: ${software.name}`, () => {
  const gpu = software.gpu!

  async function run(given: Omit<GivenRun, 'spec'> = {}) {
    const backend = await tested(backendOnGpu(gpu), { spec, ...given })
    const events = await collectRun(spec, { backend, ...(given.resumeFrom && { resumeFrom: given.resumeFrom }) })
    return { events, said: eventsOf(events, 'started')[0]!.provenance.tilings }
  }

  it('compute a run on their card, which says so, in other bits and to the same numbers', async () => {
    const before = await run()
    expect(before.said).toBeUndefined()
    plantEntry()
    const after = await run()
    expect(after.said).toBe(
      `tuned tiles: hidden ${16 * usual.hidden.micro}, outputs 64 in 2 parts, back ${16 * usual.back.micro}, secondLayer 16 in 3 parts, firstLayer ${16 * usual.firstLayer.micro}${usual.firstLayer.parts > 1 ? ` in ${usual.firstLayer.parts} parts` : ''}`,
    )
    const [some, others] = [before, after].map(({ events }) => snapshotAt(events, 8).matrices['W']!.data)
    expect(largestDifference(some!, others!)).toSatisfy((worst: number) => worst > 0 && worst < 2e-5)
  })

  it('go on with a run that began with them, whatever the table says by then', async () => {
    plantEntry()
    const whole = await run()
    vi.unstubAllEnvs()
    const resumed = await run({ resumeFrom: snapshotAt(whole.events, 4) })
    expect(resumed.said).toBe(whole.said)
    expect(snapshotAt(resumed.events, 8)).toEqual(snapshotAt(whole.events, 8))
  })

  it('leave a run that began without them as it was', async () => {
    const whole = await run()
    plantEntry()
    const resumed = await run({ resumeFrom: snapshotAt(whole.events, 4) })
    expect(resumed.said).toBeUndefined()
    expect(snapshotAt(resumed.events, 8)).toEqual(snapshotAt(whole.events, 8))
  })

  it.each<Partial<TilingEntry>>([{ card: 'another' }, { samples: 98 }, { isTokens: false }])(
    'are for nothing else: %j',
    async (changes) => {
      plantEntry(changes)
      expect((await tested(backendOnGpu(gpu), { spec })).preparation).toBeDefined()
      expect((await run()).said).toBeUndefined()
    },
  )

  it('are tested before they compute', async () => {
    const createShaderModule = ({ code, ...descriptor }: GPUShaderModuleDescriptor) =>
      gpu.createShaderModule({
        ...descriptor,
        code: code.replace('fma(left7, right7, sum7_7)', 'fma(-left7, right7, sum7_7)'),
      })
    const wrong = () => backendOnGpu(gpuWith(gpu, { createShaderModule }))
    await expect(tested(wrong(), { spec })).resolves.toBeDefined()
    plantEntry({ tilings: { ...tilings, outputs: { micro: 8, parts: 1 } } })
    await expect(tested(wrong(), { spec })).rejects.toThrow(/in tiles of 128 is off/)
  })

  it.each([
    [
      { version: 1, entries: [{ ...entry, tilings: { ...tilings, back: { micro: 4, parts: 2 } } }] },
      /tilings\.back\.parts: 2/,
    ],
    [
      { version: 1, entries: [{ ...entry, tilings: { ...tilings, outputs: { micro: 3, parts: 2 } } }] },
      /tilings\.outputs\.micro: 3/,
    ],
    ['{', /cannot be read: .*; correct it or remove it/],
  ])('are refused where their file is wrong, by its field: %j', async (content, message) => {
    const path = plant(content)
    await expect(tested(backendOnGpu(gpu), { spec })).rejects.toMatchObject({
      code: 'INVALID_FILE',
      message: expect.stringMatching(message) as string,
    })
    await expect(tested(backendOnGpu(gpu), { spec })).rejects.toThrow(path)
  })

  it('are found by timing, for the products of a specification', async () => {
    const found = await tuneTilings({ gpu, card: 'a card' }, spec, { micros: [1, 4], parts: [1, 2], stepsAtOnce: 1 })
    expect(found).toMatchObject({ card: 'a card', samples: 99, inputs: 257, hidden: 8, outputs: 257, isTokens: true })
    expect(found!.microseconds).toBeGreaterThan(0)
    expect(found!.microseconds).toBeLessThanOrEqual(found!.usualMicroseconds)
  })

  it('are not sought where a step is fused, and refused where there are no kernels', async () => {
    const fused = { ...spec, task: { ...spec.task, modulus: 7, trainFraction: 0.7 } } as typeof spec
    expect(await tuneTilings({ gpu, card: 'a card' }, fused)).toBeNull()
    const isolated = { ...spec, dynamics: { ...spec.dynamics, kind: 'isolated' } } as never
    await expect(tuneTilings({ gpu, card: 'a card' }, isolated)).rejects.toThrow(/no kernels/)
  })
})
