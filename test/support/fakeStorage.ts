/** What a browser keeps for pages of one address; `isFull` says what it has no room for. */
export function fakeStorage(isFull: (name: string) => boolean = () => false): Storage {
  const kept = new Map<string, string>()
  return {
    get length() {
      return kept.size
    },
    key: (place) => [...kept.keys()][place] ?? null,
    getItem: (name) => kept.get(name) ?? null,
    setItem(name, value) {
      if (isFull(name)) throw new DOMException('the quota has been exceeded', 'QuotaExceededError')
      kept.set(name, value)
    },
    removeItem: (name) => void kept.delete(name),
    clear: () => kept.clear(),
  }
}
