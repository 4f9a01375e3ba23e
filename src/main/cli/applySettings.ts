import { withOneLength } from '../../shared/decayTime.ts'
import { LabError } from '../../shared/errors.ts'
import type { ExperimentSpec } from '../../shared/experiment.ts'
import { parseExperiment } from '../../shared/parseExperiment.ts'
import { presentName, withPresentNames } from '../../shared/formerNames.ts'
import { findJsonMistake } from '../../shared/jsonMistake.ts'
import { printable } from '../../shared/printable.ts'
import { didYouMean } from '../../shared/nearestNames.ts'
import { findField } from '../../shared/specification/fields.ts'
import { containersOf } from '../../shared/specification/fittingChanges.ts'
import { isFilePath, nameFile } from '../../shared/specification/namedFile.ts'
import { nearestFields } from '../../shared/specification/nearestFields.ts'
import { changed, valueAt, type Change, type SpecDraft } from '../../shared/specification/paths.ts'
import { shorten } from '../../shared/shorten.ts'

type Fields = Record<string, unknown>

/**
 * A specification with `path=value` settings applied, each to a field that there is, also where the specification leaves it out; values are JSON,
 * or text. What it leaves out follows from what it then says.
 */
export function applySettings(input: unknown, settings: readonly string[]): ExperimentSpec {
  const filled = structuredClone(parseExperiment(input)) as unknown as Fields
  const written = withPresentNames(input) as SpecDraft
  const changes = wholesFirst(settings).map((setting) => apply(filled, setting))
  const begun = changed(written, containersOf(changes, written))
  const draft = changed(begun, withOneLength(changes, begun))
  return parseExperiment(changed(draft, shareOfList(changes, draft)))
}

/** What is set as a whole is set before its fields, in whatever order they are given. */
function wholesFirst(settings: readonly string[]): string[] {
  const depth = (setting: string) => setting.split('=', 1)[0]!.split('.').length
  return settings.toSorted((a, b) => depth(a) - depth(b))
}

/** A list of training samples that is set says itself what share of the data they are, unless that is set too. */
function shareOfList(changes: readonly Change[], draft: SpecDraft): Change[] {
  const isSet = (field: string) => changes.some(({ path }) => `${path}.`.startsWith(`${field}.`))
  const isOfList = isSet('task.split') && valueAt(draft, 'task.split.kind') === 'given'
  return isOfList && !isSet('task.trainFraction') ? [{ path: 'task.trainFraction', value: undefined }] : []
}

/**
 * A specification with the files that settings name in place of its own, before these are read: what it says of its own is left out, unless
 * a setting says it.
 */
export function withNamedFiles(input: unknown, settings: readonly string[]): unknown {
  if (!isObject(input) || Array.isArray(input)) return input
  const given = settings.map(settingOf)
  const isSaid = (path: string) => given.some((other) => `${other.path}.`.startsWith(`${path}.`))
  const changes = given.flatMap(({ path, value }) =>
    isFilePath(path) && valueAt(input, path) !== undefined ? nameFile(path, value) : [],
  )
  return changed(
    input,
    changes.filter(({ path, value }) => value !== undefined || !isSaid(path)),
  )
}

function settingOf(setting: string): Change {
  const at = setting.indexOf('=')
  if (at < 1) throw new LabError('USAGE', `${named(setting)}: expected path=value`)
  return { path: presentName(setting.slice(0, at)), value: parseValue(setting, setting.slice(at + 1)) }
}

/** Makes the change that a setting says, and answers with it: of an entry of a list, with the list. */
function apply(spec: Fields, setting: string): Change {
  const { path: words, value: given } = settingOf(setting)
  // Of what has a kind a word is that, beside which its fields may be set.
  const value = typeof given === 'string' && findField(`${words}.kind`) ? { kind: given } : given
  const path = words.split('.')
  let target: Fields = spec
  path.slice(0, -1).forEach((key, depth) => {
    const parent = path.slice(0, depth + 1)
    // A part of a specification that may be left out begins with the first of its fields.
    if (!Object.hasOwn(target, key) && findField(parent.join('.'))) target[key] = {}
    const next = Object.hasOwn(target, key) ? target[key] : undefined
    if (!isObject(next)) throw unknownPath(setting, parent, target, nearestFields(words, spec))
    target = next
  })
  const last = path.at(-1)!
  // An optional field may be absent; the specification itself refuses those it does not know.
  const isRefused = Array.isArray(target) ? !Object.keys(target).includes(last) : last === '__proto__'
  if (isRefused) throw unknownPath(setting, path, target, [])
  target[last] = value
  return Array.isArray(target)
    ? { path: path.slice(0, -1).join('.'), value: structuredClone(target) }
    : { path: path.join('.'), value }
}

function parseValue(setting: string, text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return text
  }
  const repeated = findJsonMistake(text)
  if (repeated) throw new LabError('USAGE', `${named(setting)}: ${repeated.message}`)
  return value
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}

function unknownPath(setting: string, path: readonly string[], parent: Fields, near: readonly string[]): LabError {
  const fields = shorten(Object.keys(parent).join(', '), 1000)
  const offer = near.length > 0 ? didYouMean(near) : `; there are: ${fields}`
  const field = printable(shorten(path.join('.'), 200))
  return new LabError('USAGE', `${named(setting)}: there is no field ${field}${offer}`)
}

function named(setting: string): string {
  return `--set ${printable(shorten(setting, 200))}`
}
