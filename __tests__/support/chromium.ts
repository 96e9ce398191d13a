import { existsSync } from 'node:fs'
import type { Browser } from 'playwright-core'

const places = [
  process.env.WAYBILL_CHROMIUM ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]

/** The system's Chromium, if there is one. */
export const chromiumPath = places.find((place) => place !== '' && existsSync(place))

const isRequired = process.env.CI !== undefined || process.env.WAYBILL_REQUIRE_CHROMIUM !== undefined

/** Tests in a real browser. Skipped with one line where there is none, but on CI, where that is a failure. */
export function describeInChromium(name: string, tests: () => void): void {
  if (chromiumPath !== undefined || isRequired) {
    describe(name, tests)
    return
  }
  console.warn(`Skipped, since no Chromium is installed (apt-get install chromium): ${name}`)
  describe.skip(name, tests)
}

/** Starts Chromium with a fresh profile, cut off from every host but this machine. */
export async function launchChromium(): Promise<Browser> {
  if (chromiumPath === undefined)
    throw new Error('no Chromium is installed: apt-get install chromium, or set WAYBILL_CHROMIUM')
  const { chromium } = require('playwright-core') as typeof import('playwright-core')
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  })
}
