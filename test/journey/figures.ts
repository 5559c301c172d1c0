/** Reads figures back from the page: the numbers of their tables, and the pixels of the verdict strip. */
import type { Locator, Page } from 'playwright-core'

const figure = (page: Page, name: string): Locator => page.locator(`[data-figure="${name}"]`)

export async function chooseInMenu(page: Page, menu: Locator, item: string): Promise<void> {
  await menu.locator('button[aria-haspopup="menu"]').click()
  await page.getByRole('menuitem', { name: item, exact: true }).click()
}

/** All rows of the table view as unrounded cells; empty cells are null. Shows the picture again afterwards. */
export async function numbersOf(page: Page, name: string): Promise<(string | null)[][]> {
  await chooseInMenu(page, figure(page, name), 'Show the numbers')
  const rows = await figure(page, name)
    .locator('tbody tr')
    .evaluateAll((lines) =>
      lines.map((line) => Array.from(line.querySelectorAll('td'), (cell) => cell.getAttribute('data-value'))),
    )
  await chooseInMenu(page, figure(page, name), 'Show the picture')
  return rows
}

export interface Strip {
  readonly rounds: readonly number[]
  /** Number of cells left of the gap in a row. */
  readonly onSource: number
  /** For each round, the screen colour in the centre of each cell. */
  readonly cells: readonly (readonly string[])[]
}

/**
 * Takes a screenshot of the strip and reads its colours.
 * @param columns verdicts a round
 */
export async function stripOf(page: Page, strip: 'now' | 'history', columns: number): Promise<Strip> {
  const canvas = page.locator(`[data-strip="${strip}"]`)
  const facts = await canvas.evaluate(({ dataset }) => Object.fromEntries(Object.entries(dataset)))
  const number = (name: string) => Number(facts[name])
  const [first, last] = [number('firstRound'), number('lastRound')]
  const rounds = Array.from({ length: last - first + 1 }, (_, line) => first + line)
  const [cell, row, gap, onSource] = [number('cell'), number('row'), number('gap'), number('onSource')]
  const places = rounds.map((_, line) =>
    Array.from({ length: columns }, (_, column) => ({
      x: column * cell + (column < onSource ? 0 : gap) + Math.floor(cell / 2),
      y: line * row + Math.floor(row / 2),
    })),
  )
  const photograph = (await canvas.screenshot()).toString('base64')
  const cells = await page.evaluate(coloursAt, { photograph, places })
  return { rounds, onSource, cells }
}

interface Photograph {
  photograph: string
  places: { x: number; y: number }[][]
}

/** Runs in the page. */
async function coloursAt({ photograph, places }: Photograph): Promise<string[][]> {
  const image = new Image()
  image.src = `data:image/png;base64,${photograph}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = image.width
  canvas.height = image.height
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('no canvas')
  context.drawImage(image, 0, 0)
  const { data, width } = context.getImageData(0, 0, canvas.width, canvas.height)
  return places.map((row) =>
    row.map(({ x, y }) => {
      const rgb = Array.from(data.subarray((y * width + x) * 4, (y * width + x) * 4 + 3))
      return `#${rgb.map((part) => part.toString(16).padStart(2, '0')).join('')}`
    }),
  )
}

/** The colours of the domains in the current theme. */
export function domainColours(page: Page): Promise<{ source: string; target: string }> {
  return page.evaluate(() => {
    const style = getComputedStyle(document.documentElement)
    return {
      source: style.getPropertyValue('--source').trim(),
      target: style.getPropertyValue('--target').trim(),
    }
  })
}
