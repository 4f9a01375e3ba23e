import { join, sep } from 'node:path'
import { version } from '../../shared/version.ts'

export interface AboutFacts {
  versions: Partial<Record<'electron' | 'chrome' | 'node', string>>
  archivePath: string
  logFile: string | undefined
  /** How the command line is called. */
  commandLine: string
}

/** What a person who installed the program cannot see in its window. */
export function aboutText({ versions, archivePath, logFile, commandLine }: AboutFacts): {
  message: string
  detail: string
} {
  const { electron, chrome, node } = versions
  return {
    message: `Grokscope ${version}`,
    detail: [
      `Electron ${electron}, Chromium ${chrome}, Node ${node}`,
      `Archive: ${archivePath}`,
      `Log: ${logFile ?? 'none, as its folder cannot be written'}`,
      `Command line: ${commandLine}`,
      'It does not update itself. To get a newer version, and with it a newer Chromium, download it where you got this one and install it over this one. Your archives are kept, even if you remove Grokscope.',
    ].join('\n\n'),
  }
}

/** How the command line is called that lies in a package's `resources`; an AppImage is itself the command. */
export function commandLineIn(
  resources: string,
  platform: NodeJS.Platform = process.platform,
  { APPDIR: mounted, APPIMAGE: file }: Readonly<Record<string, string | undefined>> = process.env,
): string {
  if (mounted && file && resources.startsWith(mounted + sep)) return file
  return join(resources, 'terminal/bin', platform === 'win32' ? 'grokscope.cmd' : 'grokscope')
}
