/** Lists, objects and parentheses within one another, in whatever comes from outside. */
export const deepestNesting = 32
/** Values in all: numbers, texts, lists and objects alike. */
export const maxValues = 200_000

interface Place {
  value: object
  depth: number
  key: string | number
  parent: Place | null
}

/**
 * Where a value is nested deeper, or holds more, than anything that the laboratory takes, or has a field `__proto__`,
 * which a copy would lose in silence or take for the object's own nature; null where it is none of these. Every door
 * asks before it looks at a value in any other way, since what recurs or copies would not return.
 */
export function findUnacceptable(input: unknown): { path: (string | number)[]; message: string } | null {
  const waiting: Place[] = []
  let count = 1
  const wait = (value: unknown, depth: number, key: string | number, parent: Place | null) => {
    if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value))
      waiting.push({ value, depth, key, parent })
  }
  wait(input, 1, '', null)
  for (let place = waiting.pop(); place; place = waiting.pop()) {
    const { value, depth } = place
    if (depth > deepestNesting) {
      return { path: pathOf(place), message: `is nested deeper than ${deepestNesting} levels` }
    }
    const isList = Array.isArray(value)
    const keys = isList ? null : Object.keys(value)
    count += keys?.length ?? (value as unknown[]).length
    if (count > maxValues) {
      return { path: pathOf(place), message: `holds too much; at most ${maxValues} values are allowed in all` }
    }
    if (keys?.includes('__proto__')) {
      const at = pathOf({ value, depth, key: '__proto__', parent: place })
      return { path: at, message: 'is not allowed as the name of a field' }
    }
    if (isList) value.forEach((inner: unknown, at) => wait(inner, depth + 1, at, place))
    else keys!.forEach((key) => wait((value as Record<string, unknown>)[key], depth + 1, key, place))
  }
  return null
}

function pathOf(place: Place): (string | number)[] {
  const path: (string | number)[] = []
  for (let at: Place | null = place; at?.parent; at = at.parent) path.unshift(at.key)
  return path
}
