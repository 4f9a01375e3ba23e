import { LabError } from '../../../shared/errors.ts'
import { joinErrors } from '../../../shared/joinErrors.ts'

/** What `read` finds for each, one after the other. Throws INVALID_FILE, which names every file that is refused. */
export async function readEach<Item, Found>(
  items: readonly Item[],
  read: (item: Item) => Promise<Found>,
): Promise<Found[]> {
  const found: Found[] = []
  const refused: LabError[] = []
  for (const item of items) {
    try {
      found.push(await read(item))
    } catch (error) {
      if (!(error instanceof LabError) || error.code !== 'INVALID_FILE') throw error
      refused.push(error)
    }
  }
  const [first, ...others] = refused
  if (first) throw joinErrors([first, ...others])
  return found
}
