import { app, session, shell, type Session, type WebContents } from 'electron'

/** Pages that the program links to; a link to any other host does nothing. */
const linkedHosts = new Set(['arxiv.org', 'doi.org', 'github.com', 'openreview.net'])
/** All that a page may ask the system for: writing text to the clipboard. */
const grantedPermission = 'clipboard-sanitized-write'

/** Holds every page to the origin of `address`: no other place, window, frame, permission or network. */
export function guardContents(address: string): void {
  app.on('web-contents-created', (_, contents) => guardNavigation(contents, address))
  guardSession(session.defaultSession, address)
}

function guardNavigation(contents: WebContents, address: string): void {
  const stay = (details: { url: string; preventDefault(): void }) => {
    if (!isWithin(details.url, address)) details.preventDefault()
  }
  contents.on('will-navigate', stay)
  contents.on('will-frame-navigate', stay)
  contents.on('will-redirect', stay)
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    // Where the system has nothing to open it with, there is nothing to do.
    if (isLinked(url)) shell.openExternal(url).catch(() => undefined)
    return { action: 'deny' }
  })
}

function guardSession(guarded: Session, address: string): void {
  guarded.setPermissionRequestHandler((contents, permission, decide) =>
    decide(permission === grantedPermission && isWithin(contents.getURL(), address)),
  )
  guarded.setPermissionCheckHandler(
    (_, permission, requestingOrigin) => permission === grantedPermission && isWithin(requestingOrigin, address),
  )
  guarded.setDevicePermissionHandler(() => false)
  // A development server is reached over http and its socket.
  const network = { urls: ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*'] }
  guarded.webRequest.onBeforeRequest(network, ({ url }, decide) =>
    decide({ cancel: !isWithin(url.replace(/^ws/, 'http'), address) }),
  )
}

/** Compared by its parts: `URL.origin` is "null" for a scheme that is not of the web. */
function isWithin(url: string, address: string): boolean {
  const given = URL.parse(url)
  const own = new URL(address)
  return given !== null && given.protocol === own.protocol && given.host === own.host
}

function isLinked(url: string): boolean {
  const given = URL.parse(url)
  return given?.protocol === 'https:' && given.port === '' && !given.username && linkedHosts.has(given.hostname)
}
