import type { FileData } from '../../shared/contract/archives.ts'

/** Hands a file to the person by the browser's own download, which the desktop shell turns into a save dialog. */
export function saveFile({ name, mediaType, bytes }: FileData): void {
  const address = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: mediaType }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
