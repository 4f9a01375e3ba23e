import { sep } from 'node:path'

/**
 * Where the copy of the program lies that a folder belongs to. An AppImage is mounted at another place at every start, so
 * for what lies in one it is the path of its file.
 */
export function programPlace(
  folder: string,
  { APPDIR: mounted, APPIMAGE: file }: Readonly<Record<string, string | undefined>> = process.env,
): string {
  return mounted && file && folder.startsWith(mounted + sep) ? file : folder
}
