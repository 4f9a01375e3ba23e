import type { Dice } from './dice.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type Parent = { holder: Json[] | { [key: string]: Json }; key: string }

/** Stands for a value that JSON has no short word for, until the text is made. */
const marker = '\u{f8ff}'

/** A JSON text with one thing changed, wherever in it: a value, a type, a key, its depth, or the text itself. */
export function mutateJson(given: string, dice: Dice): { what: string; text: string } {
  if (dice.chance(0.1)) return mutateText(given, dice)
  const root = { root: JSON.parse(given) as Json }
  const places = placesOf(root)
  const numbers = places.filter(({ holder, key }) => typeof (holder as Record<string, Json>)[key] === 'number')
  const isNumber = numbers.length > 0 && dice.chance(0.4)
  const { holder, key } = dice.pick(isNumber ? numbers : places)
  const fields = holder as Record<string, Json>
  const before = fields[key]!
  const raw = rawValues(dice)
  const ways: Record<string, () => string | void> = {
    'another number': () => void (fields[key] = otherNumber(before, dice)),
    'another type': () =>
      void (fields[key] = dice.pick<Json>([null, true, 0, -1, 'x', [], {}, [before], { a: before }])),
    'a hostile text': () => void (fields[key] = hostileText(dice)),
    'missing key': () => {
      if (Array.isArray(holder)) holder.splice(Number(key), 1)
      else delete fields[key]
    },
    'unknown key': () => {
      const name = dice.pick(['more', 'constructor', 'toString', '', 'length'])
      if (Array.isArray(holder)) holder.push(before)
      else fields[name] = before
    },
    'a raw value': () => {
      fields[key] = marker
      return dice.pick(raw)
    },
  }
  const [what, change] = isNumber
    ? (['another number', ways['another number']!] as const)
    : dice.pick(Object.entries(ways))
  const replacement = change()
  const text = JSON.stringify(root.root ?? null)
  return {
    what: `${what} at ${key}`,
    text: replacement === undefined ? text : text.replace(JSON.stringify(marker), () => replacement),
  }
}

/** Values as text, as `JSON.stringify` would not write them. */
function rawValues(dice: Dice): string[] {
  const depth = dice.pick([33, 100, 5_000, 20_000, 100_000])
  return [
    '['.repeat(depth) + ']'.repeat(depth),
    '{"a":'.repeat(depth) + '1' + '}'.repeat(depth),
    '1e999',
    '-1e999',
    '1e-999',
    '-0',
    '123456789012345678901234567890',
    '{"__proto__":{"polluted":true}}',
    '{"constructor":{"prototype":{"polluted":true}}}',
    '{"a":1,"a":2}',
    'NaN',
    'undefined',
    JSON.stringify('x'.repeat(dice.pick([201, 5_000, 300_000]))),
    `[${Array.from({ length: dice.pick([100, 5_000, 50_000]) }, (_, i) => i).join(',')}]`,
    `{${Array.from({ length: dice.pick([50, 2_000]) }, (_, i) => `"k${i}":${i}`).join(',')}}`,
  ]
}

export function hostileText(dice: Dice): string {
  return dice.pick([
    '',
    ' ',
    'x'.repeat(dice.pick([201, 4_097, 100_000])),
    '\u0000',
    '\u001b]0;title\u0007\u001b[31m',
    '\u202egnp.exe',
    '\ud800',
    '\ufeff',
    '👩‍🔬'.repeat(60),
    '=cmd|calc',
    '../../../../etc/passwd',
    '/dev/zero',
    '__proto__',
    'constructor',
    '%s%s%n',
    '${7*7}',
    "'; DROP TABLE runs; --",
    'NaN',
    '1e999',
  ])
}

function otherNumber(before: Json, dice: Dice): Json {
  const numbers = [0, 1, 2, 3, 7, -1, 0.5, 1e-320, 1e300, -1e300, 2 ** 31, 2 ** 53, 2 ** 63, 4294967296, 1e9 + 1]
  if (typeof before !== 'number' || dice.chance(0.4)) return dice.pick(numbers)
  return Number.isInteger(before) ? before + dice.integer(-2, 8) : before * (1 + 2 ** -dice.integer(0, 52))
}

function mutateText(text: string, dice: Dice): { what: string; text: string } {
  const at = dice.integer(0, text.length)
  return dice.pick([
    { what: 'text cut', text: text.slice(0, at) },
    { what: 'letter lost', text: text.slice(0, at) + text.slice(at + 1) },
    { what: 'letter added', text: text.slice(0, at) + String.fromCharCode(dice.integer(0, 300)) + text.slice(at) },
    { what: 'byte-order mark', text: `\ufeff${text}` },
    { what: 'text twice', text: text + text },
    { what: 'nothing', text: '' },
    { what: 'only spaces', text: ' '.repeat(dice.integer(1, 50)) },
    { what: 'another root', text: dice.pick(['null', '[]', '0', '""', '[[]]', 'true']) },
  ])
}

function placesOf(holder: Json[] | { [key: string]: Json }): Parent[] {
  return Object.entries(holder).flatMap(([key, value]) => [
    { holder, key },
    ...(typeof value === 'object' && value !== null ? placesOf(value) : []),
  ])
}
