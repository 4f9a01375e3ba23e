import { decodeText, longestText } from '../../shared/decodeText.ts'
import { LabError } from '../../shared/errors.ts'
import { placeIn } from '../../shared/placeIn.ts'
import { readJson } from '../../shared/readJson.ts'

/** Whether a file says by its name that it holds JSON. */
export function isJsonFile({ name }: Pick<File, 'name'>): boolean {
  return name.toLowerCase().endsWith('.json')
}

/** What a chosen file of JSON holds, under the names of this version. Throws INVALID_FILE with the line where it is none. */
export async function readJsonFile(file: File): Promise<unknown> {
  const bytes = await file.slice(0, longestText + 1).arrayBuffer()
  const text = decodeText(new Uint8Array(bytes), file.name)
  const { value, mistake } = readJson(text)
  if (!mistake) return value
  throw new LabError('INVALID_FILE', `${file.name}, ${placeIn(text, mistake.at)}: ${mistake.message}`)
}
