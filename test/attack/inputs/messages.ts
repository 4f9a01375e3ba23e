import { encode } from '@msgpack/msgpack'
import { analysisKinds } from '../../../src/shared/analysis.ts'
import { requests } from '../../../src/shared/contract.ts'
import { encodeClientMessage, type ClientMessage } from '../../../src/shared/wire.ts'
import type { Dice } from '../dice.ts'
import { mutateJson } from '../mutateJson.ts'
import { validSpecifications } from './specifications.ts'

/** The bytes of a message to a host; `id` is its number where it still has one. */
export function message(id: number, runIds: readonly string[], dice: Dice): { what: string; bytes: Uint8Array } {
  const [what, make] = dice.pick(makers)
  return { what, bytes: make(id, runIds, dice) }
}

type Make = (id: number, runIds: readonly string[], dice: Dice) => Uint8Array

const makers: readonly (readonly [string, Make])[] = [
  ...Array<readonly [string, Make]>(6).fill(['a request with another input', changedRequest]),
  ...Array<readonly [string, Make]>(2).fill(['a request with bytes changed', changedBytes]),
  ['another message', otherMessage],
  ['a length that is a lie', (_, __, dice) => lie(dice)],
  ['an extension', (id, _, dice) => around(id, extension(dice))],
  ['a list of records', (id, _, dice) => around(id, recordList(dice))],
  ['depth', (id, _, dice) => around(id, deep(dice))],
  ['much', much],
  ['noise', (_, __, dice) => dice.bytes(dice.pick([0, 1, 2, 100, 5_000]))],
]

/** What each request is asked with where it is well meant; a benchmark would take the machine for a minute. */
function request(runIds: readonly string[], dice: Dice): { name: string; input: Record<string, unknown> } {
  const names = Object.keys(requests).filter((name) => name !== 'machine.benchmark')
  const name = dice.pick(names)
  const all = {
    spec: dice.pick(validSpecifications),
    runId: dice.pick(runIds),
    runIds: [dice.pick(runIds), dice.pick(runIds)],
    step: dice.pick([0, 40, 30, 1]),
    steps: 130,
    matrix: 'E',
    measurements: ['trainLoss', 'testAccuracy'],
    points: 100,
    fromStep: 0,
    toStep: 50,
    spacing: 'log',
    name: 'a name',
    notes: 'a note',
    tags: ['a'],
    changes: [{ runIds: [dice.pick(runIds)], add: ['b'], remove: ['c'] }],
    moves: [{ runIds: [dice.pick(runIds)], to: dice.pick(['setAside', 'bin', 'library']) }],
    format: dice.pick(['csv', 'json', 'npz']),
    kind: dice.pick(analysisKinds),
    options: {},
    figure: 'musat2025/fig1',
    integrator: 'heun',
    path: '/nowhere/archive.grokscope',
    archive: 'archive-1',
    computation: dice.pick(['one', 'another']),
  }
  const taken = Object.keys(requests[name as keyof typeof requests].shape).filter(
    (field) => field !== 'archive' || name.startsWith('archive.') || dice.chance(0.1),
  )
  return { name, input: Object.fromEntries(taken.map((field) => [field, all[field as keyof typeof all]])) }
}

function changedRequest(id: number, runIds: readonly string[], dice: Dice): Uint8Array {
  const { name, input } = request(runIds, dice)
  const text = dice.chance(0.3) ? JSON.stringify(input) : mutateJson(JSON.stringify(input), dice).text
  return encodeLoosely({ id, name, input: parsed(text) }) ?? around(id, deep(dice))
}

function changedBytes(id: number, runIds: readonly string[], dice: Dice): Uint8Array {
  const bytes = Buffer.from(encodeLoosely({ id, ...request(runIds, dice) })!)
  for (let left = dice.integer(1, 5); left > 0; left--) bytes[dice.integer(0, bytes.length - 1)] = dice.integer(0, 255)
  return dice.chance(0.2) ? bytes.subarray(0, dice.integer(0, bytes.length - 1)) : bytes
}

function otherMessage(id: number, _: readonly string[], dice: Dice): Uint8Array {
  const values: unknown[] = [
    null,
    [],
    {},
    'text',
    0,
    { resumeFrom: null },
    { resumeFrom: { host: 'x', sequence: 1e15 } },
    { resumeFrom: { host: 'x'.repeat(1e5), sequence: -1 } },
    { resumeFrom: { host: '', sequence: NaN } },
    { id, name: 'run.list' },
    { id: -1, name: 'run.list', input: {} },
    { id: 0.5, name: 'run.list', input: {} },
    { id: NaN, name: 'run.list', input: {} },
    { id: 2 ** 60, name: 'run.list', input: {} },
    { id, name: '__proto__', input: {} },
    { id, name: 'constructor', input: {} },
    { id, name: 'x'.repeat(1e5), input: {} },
    { id, name: 'run.list\u0000', input: {} },
    { id, name: 'run.list', input: {}, more: 1 },
    { id, result: { ok: true, data: null } },
    { sequence: 1, event: 'run.removed', data: { runIds: [] } },
    { id, name: 'run.show', input: { runId: Buffer.alloc(40) } },
    { id, name: 'run.show', input: new Date(NaN) },
  ]
  return encode(dice.pick(values))
}

/** Headers of lists, maps, texts, bytes and extensions that claim four billion of what does not follow. */
function lie(dice: Dice): Uint8Array {
  const header = dice.pick([0xdd, 0xdf, 0xdb, 0xc6, 0xc9])
  return Buffer.concat([Buffer.from([header, 0xff, 0xff, 0xff, dice.pick([0xff, 0])]), dice.bytes(dice.integer(0, 20))])
}

/** A request with these bytes for its input. */
function around(id: number, input: Uint8Array): Uint8Array {
  const [list, text] = [encode({ id, name: 'run.list' }), encode('input')]
  // A map of two entries becomes one of three.
  return Buffer.concat([Buffer.from([0x83]), list.subarray(1), text, input])
}

function extension(dice: Dice, type = dice.integer(-128, 127), content: Uint8Array = dice.bytes(dice.integer(0, 40))) {
  const header = Buffer.alloc(6)
  header[0] = 0xc9
  header.writeUInt32BE(content.length, 1)
  header.writeInt8(type, 5)
  return Buffer.concat([header, content])
}

const recordListType = 4

/** Lists of records whose rows have not what their fields promise. */
function recordList(dice: Dice): Uint8Array {
  const many = (count: number, value: (i: number) => unknown) => Array.from({ length: count }, (_, i) => value(i))
  const size = dice.pick([10, 1_000, 10_000, 20_000])
  const empty = () => [many(size, (i) => `f${i}`), many(size, () => [])]
  const contents = [
    ...[empty, empty, empty],
    () => [many(3, (i) => `f${i}`), many(size, () => [1])],
    () => [many(3, () => 'same'), many(10, () => [1, 2, 3])],
    () => [['__proto__', 'a'], [[{ polluted: true }, 1]]],
    () => [['a'], 'text'],
    () => ['text', [[1]]],
    () => [null, null],
    () => [[1, null, {}], [[1, 2, 3]]],
    () => [[], many(size, () => [])],
    () => 7,
  ]
  const content = encode(dice.pick(contents)())
  const depth = dice.pick([1, 1, 1, 50, 3_000])
  let bytes = extension(dice, recordListType, content)
  for (let left = depth; left > 1; left--) {
    bytes = extension(dice, recordListType, Buffer.concat([Buffer.from([0x92, 0x90]), bytes]))
  }
  return bytes
}

function deep(dice: Dice): Uint8Array {
  const depth = dice.pick([40, 101, 5_000, 100_000, 1_000_000])
  const unit = dice.pick([Buffer.from([0x91]), Buffer.from([0x81, 0xa1, 0x61])])
  return Buffer.concat([Buffer.concat(Array<Buffer>(depth).fill(unit)), Buffer.from([0xc0])])
}

/** Requests that fit the contract, and ask for as much as it allows. */
function much(id: number, runIds: readonly string[], dice: Dice): Uint8Array {
  const all = (count: number) => Array.from({ length: count }, (_, i) => runIds[i % runIds.length]!)
  const measurements = Array<string>(50).fill('trainLoss')
  const requested = dice.pick<{ name: string; input: unknown }>([
    { name: 'run.curves', input: { runIds: all(20_000), measurements: ['trainLoss'] } },
    { name: 'run.curves', input: { runIds: all(20_000), measurements, points: 1_000_000 } },
    { name: 'run.tag', input: { changes: Array(1_000).fill({ runIds: all(20), add: all(50), remove: [] }) } },
    { name: 'run.tag', input: { changes: [{ runIds: all(1), add: ['\u001b[2J'], remove: [] }] } },
    { name: 'run.annotate', input: { runId: runIds[0], notes: 'x'.repeat(100_000), before: '' } },
    { name: 'run.annotate', input: { runId: runIds[0], notes: 'x'.repeat(10_000_000), before: '' } },
    { name: 'run.move', input: { moves: [{ runIds: all(20_000), to: 'setAside' }] } },
    { name: 'run.show', input: { runId: 'x'.repeat(1_000_000) } },
    { name: 'archive.open', input: { path: 'x'.repeat(4096) } },
    { name: 'archive.open', input: { path: '/dev/zero' } },
    { name: 'archive.open', input: { path: '/proc/self/mem' } },
    { name: 'archive.open', input: { path: 'a\u0000b' } },
    { name: 'archive.export', input: { runIds: all(20_000) } },
    { name: 'analysis.compute', input: { runId: runIds[0], step: 0, kind: 'fourier', options: { a: all(20_000) } } },
  ])
  return encodeLoosely({ id, ...requested })!
}

/** Also what no client of ours would send; `undefined` where even that cannot be encoded. */
function encodeLoosely(sent: { id: number; name: string; input: unknown }): Uint8Array | undefined {
  try {
    return encodeClientMessage(sent as ClientMessage)
  } catch {
    return undefined
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
