import { rename, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { extractAll } from '@electron/asar'
import { FuseV1Options, FuseVersion, type FuseV1Config } from '@electron/fuses'
import type { AfterPackContext } from 'electron-builder'

/** What Electron's binary may be used for; electronjs.org/docs/latest/tutorial/fuses. */
export const fuses: FuseV1Config = {
  version: FuseVersion.V1,
  // Flipping breaks the signature that Electron comes with, and Apple's processors run nothing unsigned. A package that gets
  // a real signature gets it afterwards.
  resetAdHocDarwinSignature: true,
  // Nobody can run a script in the application's name, nor debug it from outside.
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  // Only code that was packed is run (macOS and Windows compare it with a hash in the binary).
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  // There is no snapshot of V8 but Electron's own.
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  // The page comes over a protocol of its own.
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
}

/**
 * Completes the command line, and sets the fuses.
 *
 * The command line is the same program once more, as plain files beside a plain Node: it opens no window and needs no display.
 * Electron's own Node would not do. Only a fuse that lets anyone run any script in the application's name makes it one
 * (`runAsNode`), and its V8 keeps from native code the memory that GPU libraries hand over.
 *
 * On Linux the launcher takes the program's name, by which menu entry, AppImage and /usr/bin call it, so that
 * `grokscope COMMAND` is the command line in each of them. That is why the fuses are set here and not by the configuration,
 * which would look for them in the launcher.
 */
export default async function afterPack(context: AfterPackContext): Promise<void> {
  const { appOutDir, electronPlatformName, packager } = context
  const resources = packager.getResourcesDir(appOutDir)
  extractAll(join(resources, 'app.asar'), join(resources, 'terminal'))
  // After all else: on macOS it signs what is there.
  await packager.addElectronFuses(context, fuses)
  if (electronPlatformName !== 'linux') return
  await rename(join(appOutDir, 'grokscope'), join(appOutDir, 'grokscope-window'))
  await symlink('resources/terminal/bin/grokscope', join(appOutDir, 'grokscope'))
}
