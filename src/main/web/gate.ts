import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { hostname } from 'node:os'

/** Who may come in: a browser on this machine that was given the printed address. */
export interface Gate {
  /** The address to open; it sets the cookie. */
  readonly address: string
  /** What whoever may come in sends. */
  readonly cookie: string
  /** How a browser is given it. */
  readonly setCookie: string
  /** Asked for by one of the host's own names: a foreign name that resolves here is turned away (DNS rebinding). */
  knowsHost(request: IncomingMessage): boolean
  /** Sent by a page of this host, and not by any other that the browser shows. */
  knowsOrigin(request: IncomingMessage): boolean
  knowsToken(token: string): boolean
  hasCookie(request: IncomingMessage): boolean
}

/**
 * This machine by name, on any port: through a tunnel (`ssh -L 9000:localhost:4747`) the browser asks by the port at its
 * own end. What keeps others out is the name, the origin and the token.
 */
const ownHost = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i

/** A gate with a fresh random token for the host on this port. */
export function createGate(port: number): Gate {
  const token = randomBytes(32).toString('base64url')
  const cookieName = cookieNameOf(port)
  const cookie = `${cookieName}=${token}`
  const knowsToken = (given: string) => timingSafeEqual(digest(given), digest(token))

  return {
    address: `http://127.0.0.1:${port}/?token=${token}`,
    cookie,
    setCookie: `${cookie}; HttpOnly; SameSite=Strict; Path=/`,
    knowsHost: ({ headers }) => headers.host !== undefined && ownHost.test(headers.host),
    knowsOrigin: ({ headers }) => headers.origin === `http://${headers.host}`,
    knowsToken,
    hasCookie: ({ headers }) => knowsToken(readCookie(headers.cookie, cookieName)),
  }
}

/**
 * A browser shares cookies among all ports of a machine, and takes the far ends of its tunnels (`ssh -L 9000:localhost:4747`) for the machine that it
 * is on: the name keeps the hosts on two ports apart, and those of two machines on one.
 */
function cookieNameOf(port: number): string {
  return `grokscope-${digest(hostname()).toString('hex', 0, 4)}-${port}`
}

function readCookie(header: string | undefined, name: string): string {
  const pair = header?.split('; ').find((entry) => entry.startsWith(`${name}=`))
  return pair?.slice(name.length + 1) ?? ''
}

/** Texts of any length as bytes of the same length, as a comparison in constant time needs. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
