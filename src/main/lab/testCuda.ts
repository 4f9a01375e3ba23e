import type { DynamicsSpec } from '../../shared/dynamics/dynamics.ts'
import type { Activation, ComposedInput } from '../../shared/experiment.ts'
import { toRunSpec } from '../../shared/experiment.ts'
import { formatNumber } from '../../shared/formatting/formatNumber.ts'
import { activations } from '../../shared/models/models.ts'
import { parseExperiment } from '../../shared/parseExperiment.ts'
import type { NetworkTask } from '../../shared/tasks/tasks.ts'
import type { Backend } from './backend/backend.ts'
import { withSteps, type CudaBackend } from './backend/cuda/cudaBackend.ts'
import { plainBackend } from './backend/plain.ts'
import { selfTest } from './backend/selfTest.ts'
import { isolatedField } from './dynamics/isolatedField.ts'
import { isolatedEvolution } from './evolutions/isolatedEvolution.ts'
import { matricesLike } from './network/matrixLists.ts'
import { prepareNetwork } from './prepareNetwork.ts'
import type { DeviceFindings } from './testSteps.ts'

type IsolatedSpec = Extract<DynamicsSpec, { kind: 'isolated' }>

interface FieldCase {
  readonly task: ComposedInput['task']
  readonly hidden: number
  readonly activation: Activation
  readonly ridge: number
}

const tokens: ComposedInput['task'] = { kind: 'modularAddition', modulus: 7, trainFraction: 0.7 }
const dense: ComposedInput['task'] = { kind: 'sparseParity', bits: 5, parityBits: 2, samples: 29, trainFraction: 0.7 }
/** 527 pairs: more than one of the blocks that are inverted. */
const large: ComposedInput['task'] = { kind: 'modularAddition', modulus: 37, trainFraction: 0.75 }
/** 137 pairs: five panels of the kernel of whole steps. */
const panels: ComposedInput['task'] = { kind: 'modularAddition', modulus: 17, trainFraction: 0.9 }

/** Every activation on tokens, in n × n form. */
const tokenCases: readonly FieldCase[] = [
  ...activations.map((activation) => ({ task: tokens, hidden: 61, activation, ridge: 0.1 })),
  { task: tokens, hidden: 67, activation: 'relu', ridge: 0 },
]
/** And the other form of the second layer, and the other kind of inputs. */
const cases: readonly FieldCase[] = [
  ...tokenCases,
  { task: tokens, hidden: 13, activation: 'gelu', ridge: 0.1 },
  { task: dense, hidden: 31, activation: 'tanh', ridge: 0.1 },
  { task: large, hidden: 531, activation: 'gelu', ridge: 0.1 },
]
/** What the kernel of whole steps is for. */
const fusedCases: readonly FieldCase[] = [...tokenCases, { task: panels, hidden: 139, activation: 'gelu', ridge: 0.1 }]

const allowed = 1e-9
const steps = 3

/**
 * Tests a card: matrix operations against plain ones, |Δ| ≤ 8·k·u for sums of k terms; the field of the isolated first layer
 * on odd sizes, |ΔĖ| ≤ 1e-9·max |Ė|; and three of Euler's steps twice, for their bits.
 */
export function testCuda(backend: Backend): DeviceFindings {
  const failure = selfTest(backend) ?? firstOf(cases, (each) => testField(backend, each))
  return failure === undefined ? testBits(backend) : { failure, repeats: false }
}

/** Tests the kernel of whole steps of a card that takes it, in the same way: the field, and three steps twice. */
export function testFusedSteps(backend: CudaBackend): DeviceFindings {
  const fused = withSteps(backend, { isFused: true, reason: '' })
  const failure = firstOf(fusedCases, (each) => testField(fused, each))
  return failure === undefined ? testBits(fused) : { failure, repeats: false }
}

function testBits(backend: Backend): DeviceFindings {
  const [once, again] = [stepsOf(backend), stepsOf(backend)]
  backend.clear()
  return { repeats: once.every((value, at) => Object.is(value, again[at])) }
}

function testField(backend: Backend, given: FieldCase): string | undefined {
  const [found, expected] = [fieldOf(backend, given), fieldOf(plainBackend('float64'), given)]
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const worst = found.reduce((most, value, at) => Math.max(most, Math.abs(value - expected[at]!)), 0) / largest
  // Not `worst > allowed`: what is no number is wrong.
  if (worst <= allowed) return undefined
  const { task, hidden, activation, ridge } = given
  const name = `the isolated field (${task.kind}, d_h = ${hidden}, ${activation}, ridge ${ridge})`
  return `${name} is off by ${formatNumber(worst, 2)} of its largest entry, allowed ${formatNumber(allowed, 2)}`
}

function fieldOf(backend: Backend, given: FieldCase): number[] {
  const field = isolatedField(networkOf(backend, given), given.ridge)
  const velocity = matricesLike(backend, field.state)
  // Where the kernel of whole steps has no factor the field goes on without it; here that is wrong.
  if (field.fused?.isUsed && !field.fused.evaluate(velocity[0]!)) return [NaN]
  field.evaluate(velocity)
  return velocity.flatMap((matrix) => [...backend.download(matrix)])
}

function stepsOf(backend: Backend): number[] {
  const given = { task: tokens, hidden: 67, activation: 'relu', ridge: 0 } as const
  const network = networkOf(backend, given)
  const evolution = isolatedEvolution(network, specOf(given).dynamics)
  void evolution.begin(0)
  for (let at = 0; at < steps;) at = evolution.advance(at, steps, steps) as number
  return network.parameters.flatMap(({ matrix }) => [...backend.download(matrix)])
}

function networkOf(backend: Backend, given: FieldCase) {
  return prepareNetwork(specOf(given), backend, undefined, undefined).network
}

function specOf({ task, hidden, activation, ridge }: FieldCase) {
  const dynamics = { kind: 'isolated', ridge, steps } as const
  const spec = toRunSpec(parseExperiment({ task, network: { hidden, activation }, dynamics }), 0)
  return { ...spec, task: spec.task as NetworkTask, dynamics: spec.dynamics as IsolatedSpec }
}

function firstOf<Item, Found>(items: readonly Item[], find: (item: Item) => Found | undefined): Found | undefined {
  for (const item of items) {
    const found = find(item)
    if (found !== undefined) return found
  }
  return undefined
}
