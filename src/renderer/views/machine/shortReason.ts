const path = /(?<=^|[\s('"‘“])(?:\/|[A-Za-z]:\\)(?:[^\s'")\\/]+[\\/])+(?=[^\s'")\\/])/g

/** What a reason says in words: without what a program printed after a colon where that names files, and as a sentence. */
export function shortReason(reason: string): string {
  const colon = reason.indexOf(': ')
  const hasPaths = colon > 0 && fileNames(reason.slice(colon)) !== reason.slice(colon)
  const words = fileNames(hasPaths ? reason.slice(0, colon) : reason)
  return `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}${/[.!?]$/.test(words) ? '' : '.'}`
}

/** The text with files named without their folders. */
export function fileNames(text: string): string {
  return text.replace(path, '')
}
