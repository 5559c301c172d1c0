/** Renders the program's icon from assets/icons/lab.svg with Chromium, in every size that systems require. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { checkout } from './machine.mjs'

const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024]
const folder = join(checkout, 'assets', 'icons')
const picture = readFileSync(join(folder, 'lab.svg'), 'utf8')

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
})
const page = await browser.newPage()
for (const size of sizes) {
  await page.setViewportSize({ width: size, height: size })
  await page.setContent(
    `<style>body { margin: 0 } svg { display: block; width: ${size}px }</style>${picture}`,
  )
  writeFileSync(join(folder, `${size}x${size}.png`), await page.screenshot({ omitBackground: true }))
}
await browser.close()
