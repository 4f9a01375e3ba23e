import { readdirSync, readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'

const usualFolders = ['/usr/local/lib', '/usr/lib64', '/lib64', '/usr/lib', '/lib']

/** Where Linux's dynamic linker looks: LD_LIBRARY_PATH, what its configuration adds, the usual folders, each once. */
export function linkerFolders(libraryPath = ''): string[] {
  return [...new Set([...libraryPath.split(':').filter(isAbsolute), ...configuredFolders(), ...usualFolders])]
}

/** The folders that the system's linker configuration adds, Debian's /usr/lib/x86_64-linux-gnu among them. */
function configuredFolders(): string[] {
  const folder = '/etc/ld.so.conf.d'
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith('.conf'))
      .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'))
      .map((line) => line.trim())
      .filter(isAbsolute)
  } catch {
    return []
  }
}
