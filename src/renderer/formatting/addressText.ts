import type { LocationQueryValue } from 'vue-router'

/** What an address says under a name, the first where it stands there several times; undefined where it says nothing. */
export function addressText(value: LocationQueryValue | LocationQueryValue[] | undefined): string | undefined {
  const [first] = [value].flat()
  return first ? first : undefined
}
